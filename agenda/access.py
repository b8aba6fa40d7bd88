"""Who may read an event: of an open one everybody, of a closed one its guests, people and screens.

Knows cookies and no pages. What a signature proves is looked at first: it asks no database.
"""

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import TypeVar

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from agenda import attendees
from agenda.models import Event, User

Cookies = Mapping[str, str]
# (event_id, cookies) -> whose right it is, such as "screen:5"; "" if it is nobody's.
Proof = Callable[[int, Cookies], str]
View = TypeVar("View", bound=Callable[..., object])

_further: list[Proof] = []


def recognise_with(proof: Proof) -> None:
    """Another app knows cookies that are a right as well, e.g. those of its screens."""
    if proof not in _further:
        _further.append(proof)


def guards_itself(view: View) -> View:
    """Mark a view that strangers may reach in a closed event, too.

    Either it asks for a right of its own or it says nothing of the event: law, joining, the desk.
    """
    view.guards_itself = True  # type: ignore[attr-defined]
    return view


def may_read(event: Event, cookies: Cookies) -> bool:
    """Whether whoever brings `cookies` may see what stands in `event`. An open one costs nothing.

    The code is not asked for again: replacing it throws nobody out.
    """
    return not event.closed or is_guest(event.pk, cookies) or bool(right_of(event.pk, cookies))


def readable(events: Iterable[Event], cookies: Cookies) -> list[Event]:
    """Those of `events` that may be read, the person behind a session being asked for once."""
    found = list(events)
    if not any(event.closed for event in found):
        return found
    user = user_of(cookies)
    own = set(Event.objects.for_user(user).values_list("pk", flat=True)) if user else set()
    return [
        event
        for event in found
        if not event.closed
        or event.pk in own
        or is_guest(event.pk, cookies)
        or any(proof(event.pk, cookies) for proof in _further)
    ]


def is_closed(event_id: int) -> bool:
    """One query."""
    return Event.objects.filter(pk=event_id, closed=True).exists()


def is_guest(event_id: int, cookies: Cookies) -> bool:
    """Whether the code of this very event was typed here, as the signature tells. No query."""
    name = attendees.cookie_name(event_id, settings.ATTENDEE_COOKIE_NAME)
    return attendees.key_from(cookies.get(name, ""), event_id) is not None


def right_of(event_id: int, cookies: Cookies) -> str:
    """By whose right a closed event may be read beside its guests: "user:3", "" by nobody's.

    Asks the database only about cookies that are there.
    """
    for proof in _further:
        if subject := proof(event_id, cookies):
            return subject
    user = user_of(cookies)
    if user is None or not Event.objects.for_user(user).filter(pk=event_id).exists():
        return ""
    return f"user:{user.pk}"


def user_of(cookies: Cookies) -> User | None:
    """The signed-in person behind a session cookie, with Django's own checks of its hash."""
    session_key = cookies.get(settings.SESSION_COOKIE_NAME)
    if not session_key:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = get_user(request)
    return user if isinstance(user, User) and user.is_active else None
