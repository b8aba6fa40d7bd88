"""What an event still needs before guests come, in words with the place where it is mended."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agenda.models import Event


@dataclass(frozen=True, slots=True)
class Point:
    """One line. `where`: the page on which it is changed, "" if this person has none."""

    name: str
    is_done: bool
    words: str
    where: str = ""


def checklist(
    event: Event, *, screens: int, helpers: int, today: date, in_admin: bool
) -> list[Point]:
    """Every point, done or open, in the order in which one thinks of them. No query."""
    form = f"/admin/agenda/event/{event.pk}/change/" if in_admin else ""
    add_screen = "/admin/wall/screen/" if in_admin else ""
    own = f"/{event.slug}/"
    due = date_format(event.purge_on, "DATE_FORMAT")
    return [
        _text(_("Imprint"), event.imprint, f"{own}impressum", form),
        _text(_("Privacy notice"), event.privacy, f"{own}datenschutz", form),
        _text(_("Contact on site"), event.contact, "", form),
        _text(_("Hashtag"), event.hashtag, "", form),
        Point(
            _("Screen"),
            screens > 0,
            _("is set up") if screens else _("none yet: it has an address of its own"),
            add_screen,
        ),
        Point(
            _("Helpers"),
            helpers > 0,
            _("somebody is there") if helpers else _("nobody yet: they scan a code on this page"),
            "#helpers",
        ),
        Point(
            _("Date of deletion"),
            event.purge_on >= today,
            (
                _("everything goes on %(date)s")
                if event.purge_on >= today
                else _("was due on %(date)s")
            )
            % {"date": due},
            form,
        ),
    ]


def _text(name: str, value: str, page: str, form: str) -> Point:
    done = bool(value.strip())
    if not done:
        return Point(name, False, _("is missing"), form)
    return Point(name, True, _("is there"), page or form)
