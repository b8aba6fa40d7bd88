"""Pictures that screens show between other slides: keep, name, order, remove. Knows no requests.

The file that was sent is never kept: the limited child of `wall/photo_check.py` draws it anew. The
address of one that was removed says that it is gone.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from django.db import transaction
from django.utils.translation import gettext as _

from agenda.models import Event
from eventhub.live.log import Log, changing
from wall import photos, text
from wall.models import Picture, Placard
from wall.photo_check import MAX_UPLOAD_BYTES, CheckedPhoto, PhotoRefused, Shape, check, refused

MOST = 40  # of one event
MAX_TITLE = 80
SHAPE = Shape(longest_px=1600, shortest_px=48, clear=True)

__all__ = [
    "MAX_UPLOAD_BYTES",
    "MOST",
    "PhotoRefused",
    "PlacardChanged",
    "PlacardsFull",
    "add",
    "of",
    "refused",
]


class PlacardsFull(Exception):
    """No further picture: the event has as many as it may have."""

    @property
    def message(self) -> str:
        words = _("There are %(most)d pictures already. Please remove one first.")
        return words % {"most": MOST}


class PlacardChanged(Exception):
    """Somebody else has named it since it was looked at; `title` is what it is called now."""

    def __init__(self, title: str) -> None:
        words = _("Meanwhile somebody has changed this picture; it is called “%(title)s” now.")
        self.message = words % {"title": title}
        super().__init__(self.message)


def of(event: Event) -> list[Placard]:
    """In the order in which they are shown."""
    return list(Placard.objects.filter(event=event).order_by("position", "pk"))


def add(event: Event, upload: bytes, *, title: str, sponsor: bool = True) -> Placard:
    """The picture at the end of the row. PhotoRefused or PlacardsFull, and nothing is kept."""
    if Placard.objects.filter(event=event).count() >= MOST:
        raise PlacardsFull
    return _keep(event, check(upload, shape=SHAPE), title, sponsor)


def _keep(event: Event, checked: CheckedPhoto, title: str, sponsor: bool) -> Placard:
    stored = photos.store(checked)
    try:
        with changing(event) as log:
            known = of(event)
            if len(known) >= MOST:
                raise PlacardsFull
            return log.add(
                Placard(
                    event=event,
                    title=named(title),
                    sponsor=sponsor,
                    file=stored.key,
                    width=stored.width,
                    height=stored.height,
                    position=known[-1].position + 1 if known else 0,
                )
            )
    except BaseException:
        photos.remove_file(stored.key)
        raise


def named(title: str) -> str:
    return text.cut(text.normalise_name(title), MAX_TITLE)[:MAX_TITLE]


def change(
    placard: Placard, *, title: str, sponsor: bool, seen: tuple[str, bool] | None = None
) -> bool:
    """False, and nothing is told, if it was so already. `seen`: how it stood on the page;
    PlacardChanged if a colleague has changed it since to something else.
    """
    with changing(placard.event_id) as log:
        placard = log.fresh(placard)
        now = (placard.title, placard.sponsor)
        if now == (named(title), sponsor):
            return False
        if seen is not None and now != seen:
            raise PlacardChanged(placard.title)
        placard.title, placard.sponsor = named(title), sponsor
        log.touch(placard)
    return True


def shift(placard: Placard, by: int) -> bool:
    """Further to the front (-1) or to the back (1). False at the end of the row."""
    with changing(placard.event_id) as log:
        row = [log.fresh(each) for each in of(placard.event)]
        at = next((n for n, each in enumerate(row) if each.pk == placard.pk), None)
        if at is None or not 0 <= at + by < len(row):
            return False
        row.insert(at + by, row.pop(at))
        for position, each in enumerate(row):
            if each.position != position:
                each.position = position
                log.touch(each)
    return True


def remove(placard: Placard) -> None:
    """For good, with its file; what is left says that something was there."""
    with changing(placard.event_id) as log:
        placard = log.fresh(placard)
        key = placard.file
        log.remove(placard)
        Picture.objects.create(event_id=log.event_id, key=key, state=Picture.State.DROPPED)
        transaction.on_commit(lambda: photos.remove_file(key), robust=True)


@contextmanager
def copies(old: Event) -> Iterator[Callable[[Log, Event], None]]:
    """The files of `old` once more, before the log of the next of its series is opened.

    It begins with the same pictures. Those whose file is missing, or which find no room on the
    disk, stay behind: the event is worth more. What no picture has got in the end is gone again.
    """
    ready: dict[str, str] = {}

    def follow(log: Log, new: Event) -> None:
        known = [placard for placard in of(old) if placard.file in ready]
        for position, placard in enumerate(known):
            log.add(
                Placard(
                    event=new,
                    title=placard.title,
                    sponsor=placard.sponsor,
                    file=ready[placard.file],
                    width=placard.width,
                    height=placard.height,
                    position=position,
                )
            )

    try:
        for placard in of(old):
            with suppress(OSError, PhotoRefused):
                data = photos.path_of(placard.file).read_bytes()
                checked = CheckedPhoto(data, placard.width, placard.height)
                ready[placard.file] = photos.store(checked).key
        yield follow
    finally:
        taken = Placard.objects.filter(file__in=ready.values()).values_list("file", flat=True)
        for key in {*ready.values()} - {*taken}:
            photos.remove_file(key)
