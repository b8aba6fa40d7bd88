"""Signs of life of screens: what each says of itself, told to the staff when that has changed.

Believes what a screen says within limits, and does nothing about it; knows no requests.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from eventhub.live.log import Log, changing
from wall.models import Screen, Sign

KIND = "sign"  # of the change that says: draw this screen anew for the staff
LEASE = timedelta(seconds=settings.SCREEN_LEASE_SECONDS)  # after the last sign a screen is gone
MAX_PIXELS = 100_000
MAX_OFFSET_MS = 2_000_000_000  # 23 days, and what both databases hold
OFFSET_STEP_MS = 500  # a clock that is off by less than this more is nothing new
OLDEST = timedelta(days=30)  # that a slide may have stood
AWAKE: dict[str, bool | None] = {"1": True, "0": False, "": None}
WORDS = {"scene": 20, "slide": 20, "transport": 10, "build": 40}  # with their longest
LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


class Garbage(ValueError):
    """A sign in which something is not what it should be; its name is the message."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a screen says of itself. `awake` None: its browser cannot be kept awake."""

    scene: str = ""
    slide: str = ""
    since: datetime | None = None
    width: int = 0
    height: int = 0
    offset_ms: int = 0
    transport: str = ""
    awake: bool | None = None
    covered: bool = False
    build: str = ""


def read(said: Mapping[str, str], at: datetime) -> Said:
    """The form of a sign; what is missing is empty. Garbage for what nobody of ours would send."""
    awake = said.get("awake", "")
    if awake not in AWAKE or (covered := said.get("covered", "")) not in {"", "0", "1"}:
        raise Garbage("awake, covered")
    since = _number(said, "since", int(at.timestamp() * 1000) * 2)
    return Said(
        **{name: _word(said, name, longest) for name, longest in WORDS.items()},
        since=_moment(since, at) if since else None,
        width=_number(said, "width", MAX_PIXELS),
        height=_number(said, "height", MAX_PIXELS),
        offset_ms=_number(said, "offset_ms", MAX_OFFSET_MS, least=-MAX_OFFSET_MS),
        awake=AWAKE[awake],
        covered=covered == "1",
    )


def here(screen: Screen, said: Said) -> bool:
    """`screen` is there. One UPDATE as long as nothing else is new; True if staff was told."""
    at = timezone.now()
    own = Sign.objects.filter(screen=screen)
    lately = own.filter(alive=True, offset_ms__range=_near(said.offset_ms), **_seen(said))
    if lately.update(seen_at=at):
        return False
    with changing(screen.event_id) as log:
        if not Screen.objects.filter(pk=screen.pk, revoked_at=None).exists():
            return False
        row = own.first() or Sign(screen=screen)
        stays = row.pk is not None and (row.scene, row.slide) == (said.scene, said.slide)
        since = row.since if stays and row.since else said.since
        for name, value in (asdict(said) | {"since": since}).items():
            setattr(row, name, value)
        row.seen_at, row.alive = at, True
        row.save()
        tell(log, screen)
    return True


def end_due(event_id: int, at: datetime) -> int:
    """Screens of this event without a sign for a lease are gone, which is told once. How many."""
    with changing(event_id) as log:
        found = silent(at).filter(screen__event=event_id).select_related("screen")
        gone = list(found.order_by("pk"))
        Sign.objects.filter(pk__in=[sign.pk for sign in gone]).update(alive=False)
        for sign in gone:
            tell(log, sign.screen)
    return len(gone)


def silent(at: datetime) -> QuerySet[Sign]:
    """Of which nobody has been told yet that they are gone."""
    return Sign.objects.filter(alive=True, seen_at__lt=at - LEASE)


def _seen(said: Said) -> dict[str, object]:
    """What is compared to know whether anything is new; since when follows from the slide."""
    return {k: v for k, v in asdict(said).items() if k not in {"since", "offset_ms"}}


def _near(offset_ms: int) -> tuple[int, int]:
    return offset_ms - OFFSET_STEP_MS, offset_ms + OFFSET_STEP_MS


def tell(log: Log, screen: Screen) -> None:
    """The staff is to see `screen` anew."""
    log.tell(KIND, topics=("screens",), object_id=screen.pk, key=screen.key)


def _word(said: Mapping[str, str], name: str, longest: int) -> str:
    word = said.get(name, "")
    if len(word) > longest or not LETTERS.issuperset(word):
        raise Garbage(name)
    return word


def _number(said: Mapping[str, str], name: str, most: int, *, least: int = 0) -> int:
    raw = said.get(name, "") or "0"
    digits = raw.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 16):
        raise Garbage(name)
    if not least <= int(raw) <= most:
        raise Garbage(name)
    return int(raw)


def _moment(since_ms: int, at: datetime) -> datetime:
    """A screen whose clock is wrong has not begun in the future, nor long before the event."""
    ago = timedelta(milliseconds=int(at.timestamp() * 1000) - since_ms)
    return at - min(max(ago, timedelta(0)), OLDEST)
