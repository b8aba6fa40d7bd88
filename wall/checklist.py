"""What an event still needs before guests come, in words with the place where it is mended."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agenda import helpers
from agenda.models import Barcamp, Event
from wall.models import Screen, Source

DONE, OPEN, UNNEEDED = "done", "open", "unneeded"
# What an organizer may say of a point by hand; the imprint is never unneeded.
SETTLED = {
    "screen": (UNNEEDED,),
    "tag": (UNNEEDED,),
    "helpers": (UNNEEDED,),
    "wifi": (UNNEEDED,),
    "poster": (DONE, UNNEEDED),
}


@dataclass(frozen=True, slots=True)
class Point:
    """One line. `where`: the page on which it is changed, "" if this person has none."""

    key: str
    name: str
    state: str
    words: str
    where: str = ""
    offers: tuple[str, ...] = ()  # what may be said of it by hand now

    @property
    def is_done(self) -> bool:
        return self.state != OPEN


@dataclass(frozen=True, slots=True)
class Facts:
    """What the points look at beside the event itself."""

    screens: int = 0
    seen_at: datetime | None = None  # when a screen was last opened
    helpers: int = 0
    slots: int = 0
    rows: int | None = None  # time rows of the barcamp, None if the event has none
    tags_read: tuple[str, ...] = ()  # names of sources that have answered
    trouble: str = ""  # what a source complained about last


def facts(event: Event) -> Facts:
    """Six queries."""
    screens = list(Screen.objects.filter(event=event, revoked_at=None))
    sources = [one for one in Source.objects.filter(event=event) if not one.paused]
    read = [one.name for one in sources if one.state == Source.State.GOOD]
    return Facts(
        screens=len(screens),
        seen_at=max((one.seen_at for one in screens if one.seen_at), default=None),
        helpers=helpers.helpers_of(event).count(),
        slots=event.slots.count(),
        rows=event.periods.count() if Barcamp.objects.filter(event=event).exists() else None,
        tags_read=tuple(read),
        trouble=next((one.error for one in sources if one.error), ""),
    )


def checklist(event: Event, known: Facts, *, today: date, in_admin: bool) -> list[Point]:
    """Every point, done or open, in the order in which one thinks of them. No query."""
    form = f"/admin/agenda/event/{event.pk}/change/" if in_admin else ""
    own = f"/{event.slug}/"
    due = date_format(event.purge_on, "DATE_FORMAT")
    kept = event.purge_on >= today
    when = _("everything goes on %(date)s") if kept else _("was due on %(date)s")
    points = [
        _point(
            "programme",
            _("Programme"),
            known.slots > 0,
            _("nothing in it yet"),
            f"{own}home/programme/",
        ),
        *_barcamp(event, known),
        _text("imprint", _("Imprint"), event.imprint, f"{own}impressum", form),
        _text("privacy", _("Privacy notice"), event.privacy, f"{own}datenschutz", form),
        _text("contact", _("Contact on site"), event.contact, f"{own}info/", form),
        _text("wifi", _("WLAN"), event.wifi_name, f"{own}info/", form),
        _tag(event, known, f"{own}home/sources/"),
        _screen(known, "/admin/wall/screen/" if in_admin else ""),
        _point(
            "helpers",
            _("Helpers"),
            known.helpers > 0,
            _("nobody yet: they scan a code on this page"),
            "#helpers",
            _("somebody is there"),
        ),
        _point("poster", _("Poster"), False, _("to be printed and hung up"), f"{own}home/poster"),
        Point("purge", _("Date of deletion"), DONE if kept else OPEN, when % {"date": due}, form),
    ]
    return [_settled(point, event.settled) for point in points]


def settle(event: Event, key: str, state: str) -> bool:
    """Say of a point by hand that it is done or not needed, or with "" neither. False if odd."""
    if key not in SETTLED or state not in ("", *SETTLED[key]):
        return False
    said = {name: value for name, value in event.settled.items() if name != key}
    event.settled = said | ({key: state} if state else {})
    event.save(update_fields=["settled"])
    return True


def _settled(point: Point, said: dict[str, str]) -> Point:
    """With what somebody has said by hand; what is done anyway needs no saying."""
    if point.key not in SETTLED or (point.is_done and point.key not in said):
        return point
    words = {DONE: _("is hung up"), UNNEEDED: _("not needed")}
    state = said.get(point.key, "")
    if point.is_done or state not in words:
        return Point(
            point.key, point.name, point.state, point.words, point.where, SETTLED[point.key]
        )
    return Point(point.key, point.name, state, words[state], point.where, ("",))


def _barcamp(event: Event, known: Facts) -> list[Point]:
    """Only for an event that has one: cards need time rows."""
    if known.rows is None:
        return []
    where = f"/{event.slug}/home/barcamp/setup"
    lacks = _("has no time rows yet")
    return [_point("barcamp", _("Barcamp"), known.rows > 0, lacks, where, _("is set up"))]


def _tag(event: Event, known: Facts, where: str) -> Point:
    """A tag is tested when a source has been read: then its posts can reach the wall."""
    name = _("Hashtag")
    if not event.hashtag:
        return Point("tag", name, OPEN, _("is missing"), where)
    if known.tags_read:
        return Point(
            "tag", name, DONE, _("is read: %(name)s") % {"name": known.tags_read[0]}, where
        )
    return Point("tag", name, OPEN, known.trouble or _("has not been read yet"), where)


def _screen(known: Facts, where: str) -> Point:
    name = _("Screen")
    if known.seen_at is not None:
        return Point("screen", name, DONE, _("has been seen"), where)
    words = (
        _("has not been opened yet")
        if known.screens
        else _("none yet: it has an address of its own")
    )
    return Point("screen", name, OPEN, words, where)


def _point(key: str, name: str, done: bool, lacks: str, where: str, words: str = "") -> Point:
    return (
        Point(key, name, DONE, words or _("is there"), where)
        if done
        else Point(key, name, OPEN, lacks, where)
    )


def _text(key: str, name: str, value: str, page: str, form: str) -> Point:
    done = bool(value.strip())
    return (
        Point(key, name, DONE, _("is there"), page or form)
        if done
        else Point(key, name, OPEN, _("is missing"), form)
    )
