"""Every address and topic x every role: what is not written in these tables fails the build."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import Enum, auto
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, path

from agenda import offline
from agenda.models import Slot
from eventhub.live.topics import Registry, Topic, registry
from tests import guests, two_events
from tests.conftest import SWEEP
from tests.law import Reader
from tests.two_events import (
    DESK,
    HELPERS,
    ORGANIZERS,
    PITCHES,
    ROLES,
    SIGNED_OUT,
    STAFF,
    STAGE,
    Hall,
)
from wall.models import Evidence, Listed, Source

pytestmark = pytest.mark.django_db


class May(Enum):
    """Who may come in with ids of event B."""

    EVERYBODY = auto()
    GUESTS = auto()  # of this event
    SCREEN = auto()  # of this event; everybody else sees a page that asks for a key
    DESK = auto()
    WAITING = auto()  # what waits: the desk and its author, to all others it is not there
    HELPERS = auto()  # of this event; its staff goes to a page of its own
    PITCHES = auto()  # the staff of the barcamp: organizers, moderators, helpers for pitches
    STAGE = auto()  # who directs the screens: organizers, moderators, helpers for the stage
    HOME = auto()  # the organizers of this event, on pages of ours
    STAFF = auto()  # any organizer: pages that name no row
    FOUNDERS = auto()  # the same people, on a page of ours
    ORGANIZERS = auto()  # of the row's event
    SUPERUSER = auto()
    TOKEN = auto()  # whoever knows the word in the address; with any other it is not there
    NAMED = auto()  # one person of this event, who is none of the roles below
    NOBODY = auto()  # not even the superuser: notes are guests' own, the audit log is for ever


ROUTES = {
    "": May.EVERYBODY,
    "^(?P<code>[A-Za-z2-9]{4,8})$": May.EVERYBODY,
    "join": May.EVERYBODY,
    "impressum": May.EVERYBODY,
    "datenschutz": May.EVERYBODY,
    "reach": May.EVERYBODY,
    "api/v1/": May.EVERYBODY,
    "api/v1/openapi.json": May.EVERYBODY,
    "api/v1/<path:path>": May.EVERYBODY,  # of open events only: tests/api
    "language": May.EVERYBODY,
    "login/": May.EVERYBODY,
    "logout/": May.EVERYBODY,
    "<slug:slug>/": May.EVERYBODY,
    "<slug:slug>/join": May.EVERYBODY,
    "<slug:slug>/impressum": May.EVERYBODY,
    "<slug:slug>/datenschutz": May.EVERYBODY,
    "<slug:slug>/beitrag": May.EVERYBODY,
    "<slug:slug>/wall/": May.EVERYBODY,
    "<slug:slug>/afar/": May.EVERYBODY,
    "<slug:slug>/programme/": May.EVERYBODY,
    "<slug:slug>/session/<int:number>/": May.EVERYBODY,
    "<slug:slug>/info/": May.EVERYBODY,
    "<slug:slug>/me": May.EVERYBODY,
    "<slug:slug>/qr.svg": May.EVERYBODY,
    "poll/<slug:slug>": May.EVERYBODY,  # each topic for itself, see TOPICS
    "<slug:slug>/notes": May.GUESTS,
    "<slug:slug>/notes/<slug:key>/withdraw": May.GUESTS,
    "<slug:slug>/schedule.xml": May.EVERYBODY,
    "<slug:slug>/schedule.json": May.EVERYBODY,
    "<slug:slug>/schedule.ics": May.EVERYBODY,
    "<slug:slug>/schedule.csv": May.EVERYBODY,
    "<slug:slug>/schedule.xlsx": May.EVERYBODY,
    "<slug:slug>/giggity.json": May.EVERYBODY,
    "<slug:slug>/giggity": May.EVERYBODY,
    "<slug:slug>/feedback": May.GUESTS,
    "sw.js": May.EVERYBODY,
    "<slug:slug>/offline": May.EVERYBODY,
    "<slug:slug>/manifest.webmanifest": May.EVERYBODY,
    "<slug:slug>/my/": May.EVERYBODY,  # strangers read how to set a star
    "<slug:slug>/my/slots": May.EVERYBODY,  # of the programme, nobody's own
    "<slug:slug>/my/<slug:token>.ics": May.TOKEN,
    "<slug:slug>/stars": May.EVERYBODY,  # strangers read that they have none
    "<slug:slug>/board/": May.EVERYBODY,
    "<slug:slug>/board/own": May.EVERYBODY,  # strangers read that nothing is theirs
    "<slug:slug>/board/votes": May.GUESTS,
    "<slug:slug>/board/tags": May.GUESTS,
    "<slug:slug>/board/code": May.EVERYBODY,  # the code in the form is what counts
    "<slug:slug>/board/code/<slug:code>": May.EVERYBODY,
    "<slug:slug>/board/proposals": May.GUESTS,
    "<slug:slug>/board/proposals/<slug:key>/": May.EVERYBODY,  # what is held its hosts alone
    "<slug:slug>/board/proposals/<slug:key>/correct": May.GUESTS,  # and of these its hosts alone
    "<slug:slug>/board/proposals/<slug:key>/withdraw": May.GUESTS,
    "<slug:slug>/board/proposals/<slug:key>/place": May.GUESTS,
    "<slug:slug>/carry": May.GUESTS,
    "<slug:slug>/carry/in": May.EVERYBODY,  # the key in the form is what counts
    "<slug:slug>/you/": May.EVERYBODY,  # strangers read that nothing is stored about them
    "<slug:slug>/you/data.json": May.GUESTS,
    "<slug:slug>/you/erase": May.GUESTS,
    "events/new": May.FOUNDERS,
    "screen": May.SCREEN,
    "screen/enter": May.SCREEN,
    "screen/here": May.SCREEN,
    "screen/wait": May.EVERYBODY,  # the cookie of a browser that waits is what counts
    "pair": May.FOUNDERS,
    "media/<slug:key>": May.WAITING,
    "<slug:slug>/help": May.EVERYBODY,
    "<slug:slug>/helper/": May.HELPERS,
    "<slug:slug>/home/": May.HOME,
    "<slug:slug>/home/numbers": May.HOME,
    "<slug:slug>/home/points": May.HOME,
    "<slug:slug>/home/poster": May.HOME,
    "<slug:slug>/home/card": May.HOME,
    "<slug:slug>/home/card.<slug:kind>": May.HOME,
    "<slug:slug>/home/report.md": May.HOME,
    "<slug:slug>/home/report.csv": May.HOME,
    "<slug:slug>/home/programme/": May.HOME,
    "<slug:slug>/home/programme/place": May.HOME,
    "<slug:slug>/home/programme/slots/<slug:key>/move": May.HOME,
    "<slug:slug>/home/programme/slots/<slug:key>/swap": May.HOME,
    "<slug:slug>/home/programme/slots/<slug:key>/cancel": May.HOME,
    "<slug:slug>/home/programme/slots/<slug:key>/restore": May.HOME,
    "<slug:slug>/home/programme/slots/<slug:key>/remove": May.HOME,
    "<slug:slug>/home/barcamp/": May.PITCHES,
    "<slug:slug>/home/barcamp/cards/<slug:key>/place": May.PITCHES,
    "<slug:slug>/home/barcamp/cards/<slug:key>/exchange": May.PITCHES,
    "<slug:slug>/home/barcamp/cards/<slug:key>/back": May.PITCHES,
    "<slug:slug>/home/barcamp/cards/<slug:key>/decline": May.PITCHES,
    "<slug:slug>/home/barcamp/cards/<slug:key>/merge": May.PITCHES,
    "<slug:slug>/home/barcamp/cards/<slug:key>/part": May.PITCHES,
    "<slug:slug>/home/barcamp/slots/<slug:key>/move": May.PITCHES,
    "<slug:slug>/home/barcamp/slots/<slug:key>/swap": May.PITCHES,
    "<slug:slug>/home/barcamp/slots/<slug:key>/cancel": May.PITCHES,
    "<slug:slug>/home/barcamp/slots/<slug:key>/restore": May.PITCHES,
    "<slug:slug>/home/barcamp/slots/<slug:key>/remove": May.PITCHES,
    "<slug:slug>/home/barcamp/phase": May.PITCHES,
    "<slug:slug>/home/barcamp/setup": May.HOME,
    "<slug:slug>/home/barcamp/setup/rooms": May.HOME,
    "<slug:slug>/home/barcamp/setup/rows": May.HOME,
    "<slug:slug>/home/barcamp/setup/row": May.HOME,
    "<slug:slug>/home/barcamp/setup/rows/<slug:key>/change": May.HOME,
    "<slug:slug>/home/barcamp/setup/rows/<slug:key>/remove": May.HOME,
    "<slug:slug>/home/barcamp/setup/switches": May.HOME,
    "<slug:slug>/home/barcamp/paper/rooms": May.PITCHES,
    "<slug:slug>/home/barcamp/paper/cards": May.PITCHES,
    "<slug:slug>/home/barcamp/paper/blank": May.PITCHES,
    "<slug:slug>/home/barcamp/suggestion/": May.PITCHES,
    "<slug:slug>/home/barcamp/suggestion/<slug:key>/": May.PITCHES,
    "<slug:slug>/home/barcamp/suggestion/<slug:key>/progress": May.PITCHES,
    "<slug:slug>/home/barcamp/suggestion/<slug:key>/accept": May.PITCHES,
    "<slug:slug>/home/barcamp/suggestion/<slug:key>/discard": May.PITCHES,
    "<slug:slug>/pitch/": May.PITCHES,
    "<slug:slug>/pitch/call": May.PITCHES,
    "<slug:slug>/pitch/new": May.PITCHES,
    "<slug:slug>/pitch/part": May.PITCHES,
    "<slug:slug>/pitch/cards/<slug:key>/qr.svg": May.PITCHES,
    "<slug:slug>/pitch/cards/<slug:key>/write": May.PITCHES,
    "<slug:slug>/pitch/cards/<slug:key>/count": May.PITCHES,
    "<slug:slug>/pitch/cards/<slug:key>/place": May.PITCHES,
    "<slug:slug>/pitch/cards/<slug:key>/<slug:name>": May.PITCHES,
    "<slug:slug>/home/import/": May.HOME,
    "<slug:slug>/home/import/template.csv": May.HOME,
    "<slug:slug>/home/import/template.xlsx": May.HOME,
    "<slug:slug>/home/import/<slug:key>/": May.HOME,
    "<slug:slug>/home/import/<slug:key>/progress": May.HOME,
    "<slug:slug>/home/import/<slug:key>/confirm": May.HOME,
    "<slug:slug>/home/import/<slug:key>/discard": May.HOME,
    "<slug:slug>/home/doors": May.HOME,
    "<slug:slug>/home/doors/<slug:task>": May.HOME,
    "<slug:slug>/home/doors/<slug:task>/qr.svg": May.HOME,
    "<slug:slug>/home/doors/<slug:task>/shut": May.HOME,
    "<slug:slug>/home/helpers/<int:number>/revoke": May.HOME,
    "<slug:slug>/home/sources/": May.HOME,
    "<slug:slug>/home/sources/health": May.HOME,
    "<slug:slug>/home/sources/new/<slug:kind>": May.HOME,
    "<slug:slug>/home/sources/<slug:key>/": May.HOME,
    "<slug:slug>/home/sources/also": May.HOME,
    "<slug:slug>/home/sources/<slug:key>/test": May.HOME,
    "<slug:slug>/home/sources/<slug:key>/pause": May.HOME,
    "<slug:slug>/home/sources/<slug:key>/go-on": May.HOME,
    "<slug:slug>/home/sources/<slug:key>/remove": May.HOME,
    "<slug:slug>/home/sources/<slug:key>/secret": May.HOME,
    "<slug:slug>/home/direction/": May.HOME,
    "<slug:slug>/home/rehearsal/": May.HOME,
    "<slug:slug>/home/rehearsal/begin": May.HOME,
    "<slug:slug>/home/rehearsal/end": May.HOME,
    "<slug:slug>/home/rules/": May.HOME,
    "<slug:slug>/home/rules/words": May.HOME,
    "<slug:slug>/home/rules/servers": May.HOME,
    "<slug:slug>/home/rules/listed/<int:number>/strike": May.HOME,
    "<slug:slug>/home/placards/": May.HOME,
    "<slug:slug>/home/placards/<slug:key>": May.HOME,
    "<slug:slug>/home/screens/": May.DESK,
    "<slug:slug>/home/screens/<slug:key>": May.DESK,
    "<slug:slug>/home/screens/add": May.HOME,
    "<slug:slug>/home/screens/<slug:key>/": May.HOME,
    "<slug:slug>/home/screens/<slug:key>/test": May.STAGE,
    "<slug:slug>/home/screens/<slug:key>/reload": May.STAGE,
    "<slug:slug>/home/screens/<slug:key>/revoke": May.HOME,
    "<slug:slug>/stage/": May.STAGE,
    "<slug:slug>/stage/cues": May.STAGE,
    "<slug:slug>/stage/notice": May.STAGE,
    "<slug:slug>/stage/late": May.STAGE,
    "<slug:slug>/stage/steps/<slug:what>": May.STAGE,
    "<slug:slug>/stage/screens/<slug:verb>": May.STAGE,
    "<slug:slug>/stage/posts/<slug:key>/spotlight": May.STAGE,
    "<slug:slug>/stage/undo/<int:number>": May.STAGE,
    "<slug:slug>/desk/": May.DESK,
    "<slug:slug>/desk/mode": May.DESK,
    "<slug:slug>/desk/log": May.DESK,
    "<slug:slug>/desk/log/<int:number>/undo": May.DESK,
    "<slug:slug>/objection/": May.EVERYBODY,
    "<slug:slug>/objection/<slug:key>/": May.EVERYBODY,  # of what was on the wall only
    "<slug:slug>/desk/objections/": May.DESK,
    "<slug:slug>/desk/objections/take-down": May.DESK,
    "<slug:slug>/desk/objections/<slug:key>": May.DESK,
    "<slug:slug>/desk/house/": May.DESK,
    "<slug:slug>/desk/house/post": May.DESK,
    "<slug:slug>/desk/house/ask": May.DESK,
    "<slug:slug>/desk/house/prompts/<slug:key>": May.DESK,
    "<slug:slug>/desk/house/prepare": May.DESK,
    "<slug:slug>/desk/house/prepared/<int:number>": May.DESK,
    "<slug:slug>/desk/take-up/": May.DESK,
    "<slug:slug>/desk/steps/<slug:what>": May.DESK,
    "<slug:slug>/desk/posts/<slug:key>/spotlight": May.DESK,
    "<slug:slug>/desk/posts/<slug:key>/show": May.DESK,
    "<slug:slug>/desk/posts/<slug:key>/hide": May.DESK,
    "<slug:slug>/desk/posts/<slug:key>/children": May.DESK,
    "<slug:slug>/desk/queue": May.DESK,
    "<slug:slug>/desk/here": May.DESK,
    "<slug:slug>/desk/next": May.DESK,
    "<slug:slug>/desk/leave": May.DESK,
    "<slug:slug>/desk/search": May.DESK,
    "<slug:slug>/desk/decline": May.DESK,
    "<slug:slug>/desk/declined": May.DESK,
    "<slug:slug>/desk/posts/<slug:key>/": May.DESK,
    "<slug:slug>/desk/posts/<slug:key>/hold": May.DESK,
    "<slug:slug>/desk/posts/<slug:key>/link": May.DESK,
    "<slug:slug>/desk/posts/<slug:key>/trust": May.DESK,
    "<slug:slug>/desk/posts/<slug:key>/block": May.DESK,
    "<slug:slug>/desk/posts/<slug:key>/clear": May.DESK,
    "<slug:slug>/desk/posts/<slug:key>/undo": May.DESK,
    "<slug:slug>/desk/posts/<slug:key>/evidence": May.DESK,
    "<slug:slug>/desk/evidence/": May.DESK,
    "<slug:slug>/desk/evidence/<slug:key>/": May.NAMED,
    "<slug:slug>/desk/evidence/<slug:key>/file": May.NAMED,
    "<slug:slug>/desk/evidence/<slug:key>/picture/<int:place>": May.NAMED,
    "<slug:slug>/desk/evidence/<slug:key>/delete": May.NAMED,
    "admin/login/": May.EVERYBODY,
    "admin/logout/": May.EVERYBODY,
    "admin/": May.STAFF,
    "admin/password_change/": May.STAFF,
    "admin/password_change/done/": May.STAFF,
    "admin/autocomplete/": May.STAFF,
    "admin/jsi18n/": May.STAFF,
    "admin/r/<path:content_type_id>/<path:object_id>/": May.STAFF,
    "admin/^(?P<app_label>agenda|auth|wall)/$": May.STAFF,
    "admin/(?P<url>.*)$": May.STAFF,
    "admin/agenda/user/<id>/password/": May.SUPERUSER,
}
ADMIN_MODELS = {
    "auth/group": May.SUPERUSER,
    "agenda/user": May.SUPERUSER,
    "agenda/event": May.ORGANIZERS,
    "agenda/membership": May.ORGANIZERS,
    "agenda/room": May.ORGANIZERS,
    "agenda/session": May.ORGANIZERS,
    "agenda/track": May.ORGANIZERS,
    "agenda/speaker": May.ORGANIZERS,
    "agenda/slot": May.ORGANIZERS,
    "agenda/barcamp": May.ORGANIZERS,
    "agenda/period": May.ORGANIZERS,
    "agenda/proposal": May.ORGANIZERS,
    "wall/source": May.ORGANIZERS,
    "wall/post": May.ORGANIZERS,
    "wall/rule": May.ORGANIZERS,
    "wall/screen": May.ORGANIZERS,
    "wall/decision": May.ORGANIZERS,
    "wall/action": May.ORGANIZERS,
}
CLOSED = {
    "admin/agenda/proposal/add/",
    "admin/wall/post/add/",
    "admin/wall/decision/add/",
    "admin/wall/decision/<path:object_id>/delete/",
    "admin/wall/action/add/",
    "admin/wall/action/<path:object_id>/delete/",
}
LIST_PAGES = ("", "add/")
ROW_PAGES = tuple(f"<path:object_id>/{page}" for page in ("", "change/", "delete/", "history/"))
TOPICS = {
    "programme": May.EVERYBODY,
    "board": May.EVERYBODY,
    "moves": May.EVERYBODY,
    "event": May.EVERYBODY,
    "stage": May.EVERYBODY,
    "phases": May.PITCHES,
    "plan": May.PITCHES,
    "warnings": May.PITCHES,
    "pitch": May.PITCHES,
    "wall": May.EVERYBODY,
    "prompt": May.EVERYBODY,
    "coming": May.EVERYBODY,
    "mine": May.GUESTS,
    "screen": May.SCREEN,
    "screens": May.STAGE,
    "desk": May.DESK,
    "cues": May.STAGE,
    "placards": May.HOME,
    "home": May.HOME,
    "doors": May.HOME,
    "grid": May.HOME,
    "tray": May.HOME,
}
SIGN_IN = {May.DESK, May.PITCHES, May.STAGE, May.HOME, May.FOUNDERS, May.NAMED}
STRANGERS = {role for role in ROLES if not role.endswith("_of_b")} - {"superuser"}
# The admin asks first whether an account is staff, and knows no other cookies: whoever is none is
# turned away from it as "anonymous" and "moderator_of_b" are. `make sweep` asks all of them.
NO_STAFF = {"guest_of_a", "guest_of_b", "screen_of_b", "revoked_helper_of_b"}
NO_STAFF |= {"idle_helper_of_b", "stage_helper_of_b", "helper_of_b"}
COOKIE_ONLY = {"guest_of_a", "screen_of_a", "guest_of_b", "screen_of_b"}
CHANGES_COOKIES = {"^(?P<code>[A-Za-z2-9]{4,8})$", "logout/", "admin/logout/"}


def doors() -> dict[str, May]:
    """The written table, the admin's regular pages spelled out."""
    table = dict(ROUTES)
    for model, door in ADMIN_MODELS.items():
        of_lists = May.STAFF if door is May.ORGANIZERS else door
        table |= {f"admin/{model}/{page}": of_lists for page in LIST_PAGES}
        table |= {f"admin/{model}/{page}": door for page in ROW_PAGES}
    return table | dict.fromkeys(CLOSED, May.NOBODY)


def routes(patterns: Sequence[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


def unlisted(patterns: Sequence[URLPattern | URLResolver]) -> set[str]:
    return set(routes(patterns)) - set(doors())


def insiders(door: May) -> set[str]:
    return {
        May.EVERYBODY: set(ROLES),
        May.GUESTS: {"guest_of_b"},
        May.SCREEN: {"screen_of_b"},
        May.DESK: DESK,
        May.WAITING: DESK,
        May.HELPERS: HELPERS,
        May.PITCHES: PITCHES,
        May.STAGE: STAGE,
        May.HOME: ORGANIZERS,
        May.STAFF: STAFF,
        May.FOUNDERS: STAFF,
        May.ORGANIZERS: ORGANIZERS,
        May.SUPERUSER: {"superuser"},
        May.TOKEN: set(),
        May.NAMED: set(),
        May.NOBODY: set(),
    }[door]


def address(route: str, b: Hall) -> str:
    """`route` with event B's ids in it."""
    model = "/".join(route.split("/")[1:3])
    row = b.rows.get(model, b.rows["wall/post"])
    if not b.places:  # a walk asks hundreds of times
        b.places |= places(b)
    for placeholder, value in b.places.items():
        route = route.replace(placeholder, value)
    route = route.replace("<path:object_id>", str(row.pk)).replace("<id>", str(row.pk))
    return f"/{route}"


def places(b: Hall) -> dict[str, str]:
    """What stands in an address for an id -> that of event B."""
    return {
        "^(?P<code>[A-Za-z2-9]{4,8})$": b.event.code,
        "^(?P<app_label>agenda|auth|wall)/$": "wall/",
        "(?P<url>.*)$": "nothing/",
        "<slug:slug>": b.event.slug,
        "media/<slug:key>": f"media/{b.pending.photo.key}",
        "slots/<slug:key>": f"slots/{slot_key(b)}",
        "import/<slug:key>": f"import/{b.upload.key}",
        "proposals/<slug:key>": f"proposals/{b.proposal.key}",
        "<slug:code>": "FALSCH",
        "screens/<slug:key>": f"screens/{b.screen.key}",
        "sources/<slug:key>": f"sources/{source_key(b)}",
        "evidence/<slug:key>": f"evidence/{Evidence.objects.get(event=b.event).key}",
        "<int:place>": "1",
        "card.<slug:kind>": "card.png",
        "<slug:kind>": "feed",
        "<slug:key>": b.pending.key,
        "<slug:task>": "desk",
        "<slug:what>": "logo",
        "<slug:verb>": "next",
        "<slug:token>": "1-forged",
        "<slug:name>": "park",
        "log/<int:number>": f"log/{b.rows['wall/action'].pk}",
        "undo/<int:number>": f"undo/{b.rows['wall/action'].pk}",
        "listed/<int:number>": f"listed/{Listed.objects.get(event=b.event).pk}",
        "session/<int:number>": f"session/{b.rows['agenda/session'].pk}",
        "<int:number>": str(b.rows["agenda/helper"].pk),
        "<path:content_type_id>": "1",
        "<path:path>": f"events/{b.event.slug}/slots",
        "autocomplete/": "autocomplete/?app_label=wall&model_name=decision"
        "&field_name=post&term=canary",
    }


def source_key(b: Hall) -> str:
    source = b.rows["wall/source"]
    assert isinstance(source, Source)
    return source.key


def slot_key(b: Hall) -> str:
    slot = b.rows["agenda/slot"]
    assert isinstance(slot, Slot)
    return slot.key


def forged(b: Hall) -> dict[str, Any]:
    """One form with something for every view, all of it of event B."""
    ids = {name.partition("/")[2]: row.pk for name, row in b.rows.items()}
    words = {"name": "forged", "title": "forged", "text": "forged", "tag": "forged"}
    times = {"starts_at_0": "2026-10-07", "starts_at_1": "10:00:00"}
    times |= {"ends_at_0": "2026-10-07", "ends_at_1": "11:00:00"}
    choices = {"kind": "talk", "role": "organizer", "adapter": "demo", "mode": "free"}
    return (
        ids
        | words
        | times
        | choices
        | {"position": 0, "tasks": "[]", "version": b.pending.version, "decision": ids["decision"]}
        | {"idempotency": "f" * 22, "nickname": "forged", "key": "forged", "language": "en"}
        | {"on": 1}
        | {"at": "2026-10-07T15:00:00Z", "minutes": 25, "with": slot_key(b)}
        | {"task": "stage", "until": "23:59", "visit": "f" * 22, "show": "board"}
        | {"post": "yes", "action": "delete_selected", "_selected_action": [ids["post"]]}
    )


def passes_by(role: str) -> bool:
    """Whether others stand for this role at the doors of the admin."""
    return role in NO_STAFF and not SWEEP


def refusal(door: May, role: str, where: str, answer: Any) -> str:
    """What is wrong with how a stranger was sent away, "" if nothing is."""
    target = answer.headers.get("Location", "")
    match door:
        case May.SCREEN:
            fits = answer.status_code in {200, 404, 405}
        case May.GUESTS:
            fits = answer.status_code in {403, 405}
        case May.WAITING | May.TOKEN:
            fits = answer.status_code in {404, 405}
        case May.HELPERS if role in DESK:
            fits = answer.status_code in {302, 405} and target.endswith(("/desk/", "/home/", ""))
        case May.HELPERS:
            fits = answer.status_code in {403, 405}
        case _ if door in SIGN_IN and role in SIGNED_OUT:
            fits = answer.status_code == 302 and target.startswith("/login/?next=")
        case _ if door in SIGN_IN:
            fits = answer.status_code in {404, 405}
        case _ if role not in STAFF:
            fits = answer.status_code == 302 and target.startswith("/admin/login/?next=")
        case May.SUPERUSER | May.NOBODY:
            fits = answer.status_code == 403 or target in {"/admin/", f"{where}change/"}
        case _:  # an organizer, but not of this event: as if there were no such row
            fits = answer.status_code in {302, 403} and target in {"", "/admin/", f"{where}change/"}
    return "" if fits else f"{answer.status_code} {target}"


def leaks(answer: Any, role: str, b: Hall) -> list[str]:
    said = guests.everything_said(answer)
    return [word for word in b.hidden_from(role) if word in said]


@contextmanager
def watching() -> Iterator[list[str]]:
    """The statements that write anything: asking for all of event B each time would take long."""
    written: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            written.append(sql)
        return execute(sql, *arguments)

    with connection.execute_wrapper(note):
        yield written


# --- the tables are complete


def test_every_route_is_listed() -> None:
    assert unlisted(get_resolver().url_patterns) == set()
    assert set(doors()) - set(routes(get_resolver().url_patterns)) == set()


def test_a_route_that_is_not_listed_is_reported() -> None:
    added = path("<slug:slug>/export", lambda request, slug: HttpResponse())

    assert unlisted([*get_resolver().url_patterns, added]) == {"<slug:slug>/export"}


def test_every_topic_is_listed() -> None:
    assert registry.names() == sorted(TOPICS)


def test_a_topic_that_is_not_listed_is_reported() -> None:
    extended = Registry()
    for name in [*TOPICS, "votes"]:
        extended.add(Topic(name, lambda *_: None, lambda *_: {}, lambda *_: []))

    assert set(extended.names()) - set(TOPICS) == {"votes"}


# --- every route x every role


# Who is turned away is asked once, on SQLite; whoever gets in draws every page on both databases.
ON_BOTH = {"guest_of_b", "organizer_of_b"}
# These are sent away as others are: at every topic now, at every address by `make sweep`. Of those
# who are at home in event A only, its guest and its organizer, who may do there what its helpers
# and moderators may, stand for the rest.
IN_SWEEP = {"idle_helper_of_a", "expired_helper_of_b", "screen_of_a", "helper_of_a"}
IN_SWEEP |= {"moderator_of_a", "deactivated_organizer_of_b"}
EACH_ROLE = [
    pytest.param(
        role,
        marks=[pytest.mark.sqlite] * (role not in ON_BOTH)
        + [pytest.mark.sweep] * (role in IN_SWEEP),
    )
    for role in ROLES
]


@pytest.mark.each_case
@pytest.mark.parametrize("role", EACH_ROLE)
def test_role_comes_through_its_own_doors_only(role: str) -> None:
    """A walk past all doors; on it, each page is read for the law and for whether it is kept."""
    guests.refill_buckets()
    a, b = two_events.furnish_two()
    client, reader, kept = ROLES[role](a, b), Reader(role), set()
    before = b.state()
    wrong = []

    for route, door in doors().items():
        if route.startswith("admin/") and door is not May.EVERYBODY and passes_by(role):
            continue
        where, inside = address(route, b), role in insiders(door)
        # What insiders change is other tests' subject, and signing out concerns one's own event.
        posts = not inside or (door is May.EVERYBODY and role in STRANGERS)
        if role in COOKIE_ONLY and route.startswith("admin/"):
            posts = False  # the admin knows them as little as "anonymous", who posts everywhere
        with watching() as writes:
            answers = {"GET": client.get(where)}
            if posts:
                answers["POST"] = client.post(where, forged(b))
        reader.read(route, answers["GET"])
        kept |= {route} if answers["GET"].headers.get(offline.HEADER) == "yes" else set()
        for method, answer in answers.items():
            problem = refusal(door, role, where, answer) if not inside else ""
            if inside and method == "GET" and answer.status_code == 403:
                problem = "refused"
            if problem or answer.status_code >= 500:
                wrong.append((method, route, problem or answer.status_code))
            wrong += [(method, route, word) for word in leaks(answer, role, b)]
        if posts and writes and b.state() != before:
            wrong.append(("POST", route, "changed event B"))
            before = b.state()
        if route in CHANGES_COOKIES:
            client = ROLES[role](a, b)
            before = b.state()
    for route in ("login/", "<x>"):
        reader.read(f"POST {route}", client.post(address(route, b)))

    assert wrong == []
    assert reader.wrong() == []
    assert kept <= offline.KEPT


# --- every topic x every role


def test_roles_poll_their_own_topics_only() -> None:
    a, b = two_events.furnish_two()
    wrong = []

    for role, enter in ROLES.items():
        client = enter(a, b)
        for name, door in TOPICS.items():
            answer = client.get(f"/poll/{b.event.slug}?topics={name}")
            if answer.status_code != (200 if role in insiders(door) else 403):
                wrong.append((role, name, str(answer.status_code)))
            wrong += [(role, name, word) for word in leaks(answer, role, b)]

    assert wrong == []


def test_notes_of_another_guest_are_not_polled_by_naming_their_key() -> None:
    a, b = two_events.furnish_two()
    assert b.pending.attendee is not None
    asked = f"/poll/{b.event.slug}?topics=mine:{b.pending.attendee.key}"

    answers = {r: ROLES[r](a, b).get(asked) for r in ("guest_of_b", "guest_of_a", "anonymous")}

    assert {role: answer.status_code for role, answer in answers.items()} == {
        "guest_of_b": 200,
        "guest_of_a": 403,
        "anonymous": 403,
    }
    assert [leaks(answer, role, b) for role, answer in answers.items()] == [[]] * 3
