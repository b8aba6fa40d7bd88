"""Which name a guest may write under: readable, short, and nobody's in the programme.

Names are free and prove nothing. That somebody speaks here is shown by roles only, so a name that
stands in the programme is refused to everybody, kindly: not even its owner could prove it here.
"""

import re
import unicodedata
from collections.abc import Iterator

from django.utils.translation import gettext as _

from agenda import characters, look_alikes
from agenda.models import Event, Membership, Session, Speaker

MAX_READ_CHARS = 20_000  # what is longer is too long however it is counted
_BETWEEN_HOSTS = re.compile(r"[,;/&+|()]|\s(?:und|and|mit|with)\s")
_TITLES = re.compile(r"^(?:[^\W\d_]+\.[-\s]*)+(?=\S)")  # "Prof. Dr. "


class NameRefused(Exception):
    """A name that cannot be taken; `message` says in one sentence what to do."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)


def nickname(event: Event, written: str) -> str:
    """The name as it will stand on the wall. Empty is allowed: then it says Guest."""
    return _checked(event, written, characters.MAX_NAME_GRAPHEMES)


def organisation(event: Event, written: str) -> str:
    """The second line, which follows the name. Empty is the rule."""
    return _checked(event, written, characters.MAX_ORGANISATION_GRAPHEMES)


def _checked(event: Event, written: str, limit: int) -> str:
    name = characters.clean_name(written[:MAX_READ_CHARS])
    if not name:
        if not written.strip(" \t\r\n"):
            return ""
        raise NameRefused(
            "invisible_name",
            _("Nothing of this name can be seen. Use letters, or leave the field empty."),
        )
    if (count := characters.length(name)) > limit:
        words = _("That is %(count)d characters; %(limit)d fit. Please shorten it.")
        raise NameRefused("long_name", words % {"count": count, "limit": limit})
    if bare(name) in hosts(event):
        raise NameRefused(
            "speakers_name",
            _(
                "Somebody in the programme has this name. "
                "Please take another, so that nobody is mixed up."
            ),
        )
    return name


def hosts(event: Event) -> set[str]:
    """The names of all speakers and hosts in the programme, bared to their letters. One query."""
    return {bare(name) for name in _in_programme(event)} - {""}


def skeletons(event: Event) -> set[str]:
    """What the names look like that nobody else may seem to have: of speakers and hosts, of those
    who organise and moderate, of the event itself. Two queries.

    Compared with `skeleton`. A first name alone is everybody's.
    """
    staff = Membership.objects.filter(event=event).exclude(role=Membership.Role.HELPER)
    people = staff.values_list("user__first_name", "user__last_name")
    full = [f"{first} {last}" for first, last in people if first and last]
    return {skeleton(name) for name in (*_in_programme(event), *full, event.name)} - {""}


def skeleton(name: str) -> str:
    return look_alikes.skeleton(_TITLES.sub("", name))


def _in_programme(event: Event) -> Iterator[str]:
    """A field may hold several ("Ece Beispiel, Jonas B. und Mira"): all of it counts as a name,
    and each part of two words or more. A first name alone is everybody's.
    """
    # On a card of the barcamp anybody writes any name, and its host shall write under their own.
    sessions = Session.objects.filter(event=event, proposal=None).exclude(host="")
    typed = sessions.values_list("host", flat=True)
    speakers = Speaker.objects.filter(event=event).order_by().values_list("name", flat=True)
    for field in typed.union(speakers):
        yield field
        parts = [part.strip() for part in _BETWEEN_HOSTS.split(field)]
        yield from (part for part in parts if " " in part)


def bare(name: str) -> str:
    """Only letters and digits, in one spelling: a full stop or a wide letter changes no name."""
    folded = unicodedata.normalize("NFKC", _TITLES.sub("", name)).casefold()
    return "".join(char for char in unicodedata.normalize("NFKC", folded) if char.isalnum())
