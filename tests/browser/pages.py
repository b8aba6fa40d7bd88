"""Every page of the product and who opens it: what tests of all pages walk through."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver

from tests.test_permissions import ADMIN_MODELS, CLOSED, LIST_PAGES, ROW_PAGES, routes


@dataclass(frozen=True, slots=True)
class Visit:
    """One role on one page; `hall` names the event, `more` follows the address."""

    role: str
    hall: str = "du"
    more: str = ""
    status: int = 200


CODE = "^(?P<code>[A-Za-z2-9]{4,8})$"
PAGES: dict[str, tuple[Visit, ...]] = {
    "": (Visit("stranger"),),
    CODE: (Visit("guest"),),  # goes on to what is on now
    "join": (Visit("stranger", more="?code=FALSCH", status=404),),
    "impressum": (Visit("stranger"),),
    "datenschutz": (Visit("stranger"),),
    "api/v1/": (Visit("stranger"),),
    "login/": (Visit("stranger"),),
    "events/new": (Visit("organizer"),),
    "screen": (Visit("stranger"), Visit("screen"), Visit("screen", more="?overlay=1")),
    "<slug:slug>/": (
        Visit("stranger"),
        Visit("guest", "over"),
        Visit("stranger", "closed", status=403),
        Visit("guest", "closed"),
    ),
    "<slug:slug>/join": (Visit("stranger", more="?code=FALSCH", status=404),),
    "<slug:slug>/impressum": (Visit("stranger"),),
    "<slug:slug>/datenschutz": (Visit("stranger"),),
    "<slug:slug>/beitrag": (Visit("stranger"),),
    "<slug:slug>/wall/": (Visit("stranger"), Visit("guest"), Visit("guest", "over")),
    "<slug:slug>/afar/": (
        Visit("stranger"),
        Visit("guest"),
        Visit("stranger", "closed", status=403),
    ),
    "<slug:slug>/programme/": (
        Visit("stranger"),
        Visit("guest", "over"),
        Visit("stranger", more="?by=room"),
        Visit("stranger", more="?by=track"),
        Visit("stranger", more="?q=barcamp"),
    ),
    "<slug:slug>/session/<int:number>/": (Visit("stranger"), Visit("guest")),
    "<slug:slug>/info/": (Visit("stranger"),),
    "<slug:slug>/board/": (Visit("stranger"), Visit("guest"), Visit("guest", "over")),
    "<slug:slug>/board/code": (Visit("guest"),),
    "<slug:slug>/board/code/<slug:code>": (Visit("stranger"),),
    "<slug:slug>/board/proposals/<slug:key>/": (Visit("stranger"), Visit("guest")),
    "<slug:slug>/carry": (Visit("guest"), Visit("stranger", status=403)),
    "<slug:slug>/carry/in": (Visit("stranger"),),
    "<slug:slug>/you/": (Visit("guest"), Visit("stranger")),
    "<slug:slug>/offline": (Visit("guest"),),
    "<slug:slug>/my/": (Visit("guest"), Visit("stranger")),
    "<slug:slug>/help": (Visit("stranger"),),
    "<slug:slug>/helper/": (Visit("helper"),),
    "<slug:slug>/home/": (Visit("organizer"),),
    "<slug:slug>/home/poster": (Visit("organizer"),),
    "<slug:slug>/home/card": (Visit("organizer"),),
    "<slug:slug>/home/barcamp/paper/rooms": (Visit("organizer"),),
    "<slug:slug>/home/barcamp/paper/cards": (Visit("moderator"),),
    "<slug:slug>/home/barcamp/paper/blank": (Visit("organizer"),),
    "<slug:slug>/home/barcamp/suggestion/": (Visit("organizer"),),
    "<slug:slug>/home/barcamp/suggestion/<slug:key>/": (Visit("organizer"),),
    "<slug:slug>/home/barcamp/setup": (Visit("organizer"), Visit("organizer", "closed")),
    "<slug:slug>/home/import/": (Visit("organizer"),),
    "<slug:slug>/home/import/<slug:key>/": (Visit("organizer"),),
    "<slug:slug>/home/doors/<slug:task>": (Visit("organizer"),),
    "<slug:slug>/home/programme/": (Visit("organizer"),),
    "<slug:slug>/home/barcamp/": (Visit("organizer"),),
    "<slug:slug>/stage/": (Visit("moderator"), Visit("organizer")),
    "<slug:slug>/stage/cues": (Visit("moderator"),),
    "<slug:slug>/home/placards/": (Visit("organizer"),),
    "<slug:slug>/home/screens/": (Visit("moderator"), Visit("organizer")),
    "<slug:slug>/home/screens/add": (Visit("organizer"),),
    "<slug:slug>/home/screens/<slug:key>/": (Visit("organizer"),),
    "pair": (Visit("organizer"),),
    "<slug:slug>/home/sources/": (Visit("organizer"),),
    "<slug:slug>/home/sources/new/<slug:kind>": (Visit("organizer"),),
    "<slug:slug>/home/sources/<slug:key>/": (Visit("organizer"),),
    "<slug:slug>/pitch/": (Visit("moderator"),),
    "<slug:slug>/home/direction/": (Visit("organizer"),),
    "<slug:slug>/home/rehearsal/": (Visit("organizer"),),
    "<slug:slug>/home/rules/": (Visit("organizer"),),
    "<slug:slug>/desk/log": (Visit("moderator"),),
    "<slug:slug>/desk/search": (Visit("moderator"),),
    "<slug:slug>/desk/decline": (Visit("moderator"),),
    "<slug:slug>/desk/posts/<slug:key>/": (Visit("moderator"),),
    "<slug:slug>/desk/posts/<slug:key>/evidence": (Visit("moderator"),),
    "<slug:slug>/desk/evidence/": (Visit("moderator"), Visit("organizer")),
    "<slug:slug>/desk/evidence/<slug:key>/": (Visit("organizer"),),
    "<slug:slug>/desk/evidence/<slug:key>/delete": (Visit("organizer"),),
    "<slug:slug>/desk/": (Visit("moderator"), Visit("helper")),
    "<slug:slug>/desk/objections/": (Visit("moderator"),),
    "<slug:slug>/desk/house/": (Visit("moderator"),),
    "<slug:slug>/desk/take-up/": (Visit("moderator"),),
    "<slug:slug>/objection/": (Visit("stranger"), Visit("stranger", more="?about=@ada")),
    "<slug:slug>/objection/<slug:key>/": (Visit("stranger"),),
}
# Addresses that nobody reads as a page of ours, and why.
FORM, JSON = "takes a form", "answers JSON"
NO_PAGES = {
    "language": FORM,
    "logout/": FORM,
    "reach": FORM,
    "api/v1/openapi.json": JSON,
    "api/v1/<path:path>": JSON,
    "screen/enter": FORM,
    "screen/here": FORM,
    "screen/wait": JSON,
    "<slug:slug>/me": JSON,
    "<slug:slug>/notes": FORM,
    "<slug:slug>/notes/<slug:key>/withdraw": FORM,
    "<slug:slug>/feedback": FORM,
    "<slug:slug>/board/own": JSON,
    "<slug:slug>/board/votes": FORM,
    "<slug:slug>/board/tags": FORM,
    "<slug:slug>/board/proposals": FORM,
    "<slug:slug>/board/proposals/<slug:key>/correct": FORM,
    "<slug:slug>/board/proposals/<slug:key>/withdraw": FORM,
    "<slug:slug>/board/proposals/<slug:key>/place": FORM,
    "<slug:slug>/schedule.xml": "a file",
    "<slug:slug>/schedule.json": JSON,
    "<slug:slug>/schedule.ics": "a file",
    "<slug:slug>/schedule.csv": "a file",
    "<slug:slug>/schedule.xlsx": "a file",
    "<slug:slug>/giggity.json": JSON,
    "<slug:slug>/giggity": "a way to an app",
    "<slug:slug>/stars": FORM,
    "sw.js": "a script",
    "<slug:slug>/manifest.webmanifest": JSON,
    "<slug:slug>/my/slots": JSON,
    "<slug:slug>/my/<slug:token>.ics": "a file",
    "<slug:slug>/qr.svg": "a picture",
    "<slug:slug>/you/data.json": "a file",
    "<slug:slug>/you/erase": FORM,
    "<slug:slug>/home/points": FORM,
    "<slug:slug>/home/numbers": "a part of a page",
    "<slug:slug>/home/sources/health": "a part of a page",
    "<slug:slug>/home/sources/also": FORM,
    "<slug:slug>/home/sources/<slug:key>/test": FORM,
    "<slug:slug>/home/sources/<slug:key>/pause": FORM,
    "<slug:slug>/home/sources/<slug:key>/go-on": FORM,
    "<slug:slug>/home/sources/<slug:key>/remove": FORM,
    "<slug:slug>/home/sources/<slug:key>/secret": FORM,
    "<slug:slug>/home/report.md": "a file",
    "<slug:slug>/home/report.csv": "a file",
    "<slug:slug>/home/programme/place": FORM,
    "<slug:slug>/home/programme/slots/<slug:key>/move": FORM,
    "<slug:slug>/home/programme/slots/<slug:key>/swap": FORM,
    "<slug:slug>/home/programme/slots/<slug:key>/cancel": FORM,
    "<slug:slug>/home/programme/slots/<slug:key>/restore": FORM,
    "<slug:slug>/home/programme/slots/<slug:key>/remove": FORM,
    "<slug:slug>/home/barcamp/phase": FORM,
    "<slug:slug>/home/barcamp/setup/rooms": FORM,
    "<slug:slug>/home/barcamp/setup/rows": FORM,
    "<slug:slug>/home/barcamp/setup/row": FORM,
    "<slug:slug>/home/barcamp/setup/rows/<slug:key>/change": FORM,
    "<slug:slug>/home/barcamp/setup/rows/<slug:key>/remove": FORM,
    "<slug:slug>/home/barcamp/setup/switches": FORM,
    "<slug:slug>/home/barcamp/cards/<slug:key>/place": FORM,
    "<slug:slug>/home/barcamp/cards/<slug:key>/exchange": FORM,
    "<slug:slug>/home/barcamp/cards/<slug:key>/back": FORM,
    "<slug:slug>/home/barcamp/cards/<slug:key>/decline": FORM,
    "<slug:slug>/home/barcamp/cards/<slug:key>/merge": FORM,
    "<slug:slug>/home/barcamp/cards/<slug:key>/part": FORM,
    "<slug:slug>/home/barcamp/slots/<slug:key>/move": FORM,
    "<slug:slug>/home/barcamp/slots/<slug:key>/swap": FORM,
    "<slug:slug>/home/barcamp/slots/<slug:key>/cancel": FORM,
    "<slug:slug>/home/barcamp/slots/<slug:key>/restore": FORM,
    "<slug:slug>/home/barcamp/slots/<slug:key>/remove": FORM,
    "<slug:slug>/pitch/call": FORM,
    "<slug:slug>/pitch/new": FORM,
    "<slug:slug>/pitch/part": FORM,
    "<slug:slug>/pitch/cards/<slug:key>/qr.svg": "a picture",
    "<slug:slug>/pitch/cards/<slug:key>/write": FORM,
    "<slug:slug>/pitch/cards/<slug:key>/count": FORM,
    "<slug:slug>/pitch/cards/<slug:key>/place": FORM,
    "<slug:slug>/pitch/cards/<slug:key>/<slug:name>": FORM,
    "<slug:slug>/home/import/template.csv": "a file",
    "<slug:slug>/home/import/template.xlsx": "a file",
    "<slug:slug>/home/barcamp/suggestion/<slug:key>/progress": "a part of a page",
    "<slug:slug>/home/barcamp/suggestion/<slug:key>/accept": FORM,
    "<slug:slug>/home/barcamp/suggestion/<slug:key>/discard": FORM,
    "<slug:slug>/home/import/<slug:key>/progress": "a part of a page",
    "<slug:slug>/home/import/<slug:key>/confirm": FORM,
    "<slug:slug>/home/import/<slug:key>/discard": FORM,
    "<slug:slug>/home/doors": FORM,
    "<slug:slug>/home/doors/<slug:task>/qr.svg": "a picture",
    "<slug:slug>/home/doors/<slug:task>/shut": FORM,
    "<slug:slug>/home/helpers/<int:number>/revoke": FORM,
    "<slug:slug>/home/placards/<slug:key>": FORM,
    "<slug:slug>/home/screens/<slug:key>": FORM,
    "<slug:slug>/home/screens/<slug:key>/test": FORM,
    "<slug:slug>/home/screens/<slug:key>/reload": FORM,
    "<slug:slug>/home/screens/<slug:key>/revoke": FORM,
    "<slug:slug>/home/rehearsal/begin": FORM,
    "<slug:slug>/home/rehearsal/end": FORM,
    "<slug:slug>/home/rules/words": FORM,
    "<slug:slug>/home/rules/servers": FORM,
    "<slug:slug>/home/rules/listed/<int:number>/strike": FORM,
    "<slug:slug>/home/card.<slug:kind>": "a file",
    "<slug:slug>/stage/notice": FORM,
    "<slug:slug>/stage/late": FORM,
    "<slug:slug>/stage/steps/<slug:what>": FORM,
    "<slug:slug>/stage/screens/<slug:verb>": FORM,
    "<slug:slug>/stage/posts/<slug:key>/spotlight": FORM,
    "<slug:slug>/stage/undo/<int:number>": FORM,
    "<slug:slug>/desk/mode": FORM,
    "<slug:slug>/desk/log/<int:number>/undo": FORM,
    "<slug:slug>/desk/objections/take-down": FORM,
    "<slug:slug>/desk/objections/<slug:key>": FORM,
    "<slug:slug>/desk/house/post": FORM,
    "<slug:slug>/desk/house/ask": FORM,
    "<slug:slug>/desk/house/prompts/<slug:key>": FORM,
    "<slug:slug>/desk/house/prepare": FORM,
    "<slug:slug>/desk/house/prepared/<int:number>": FORM,
    "<slug:slug>/desk/steps/<slug:what>": FORM,
    "<slug:slug>/desk/posts/<slug:key>/spotlight": FORM,
    "<slug:slug>/desk/posts/<slug:key>/show": FORM,
    "<slug:slug>/desk/posts/<slug:key>/hide": FORM,
    "<slug:slug>/desk/posts/<slug:key>/children": FORM,
    "<slug:slug>/desk/here": FORM,
    "<slug:slug>/desk/next": FORM,
    "<slug:slug>/desk/leave": FORM,
    "<slug:slug>/desk/declined": FORM,
    "<slug:slug>/desk/posts/<slug:key>/hold": FORM,
    "<slug:slug>/desk/posts/<slug:key>/link": FORM,
    "<slug:slug>/desk/posts/<slug:key>/trust": FORM,
    "<slug:slug>/desk/posts/<slug:key>/block": FORM,
    "<slug:slug>/desk/posts/<slug:key>/clear": FORM,
    "<slug:slug>/desk/queue": "data of a page",
    "<slug:slug>/desk/evidence/<slug:key>/file": "a file",
    "<slug:slug>/desk/evidence/<slug:key>/picture/<int:place>": "a picture",
    "<slug:slug>/desk/posts/<slug:key>/undo": FORM,
    "media/<slug:key>": "a picture",
    "poll/<slug:slug>": JSON,
    "admin/logout/": FORM,
    "admin/autocomplete/": JSON,
    "admin/jsi18n/": "a script",
    "admin/r/<path:content_type_id>/<path:object_id>/": "goes on to another page",
}
ADMIN = {
    "admin/login/": Visit("stranger"),
    "admin/": Visit("organizer"),
    "admin/password_change/": Visit("organizer"),
    "admin/password_change/done/": Visit("organizer"),
    "admin/^(?P<app_label>agenda|auth|wall)/$": Visit("organizer"),
    "admin/(?P<url>.*)$": Visit("organizer", status=404),
    "admin/agenda/user/<id>/password/": Visit("superuser"),
}
OF_SUPERUSER = {"auth/group", "agenda/user"}
DRAWN_ALIKE = "drawn as the same page of another model"  # by Django, from one template


def pages() -> dict[str, tuple[Visit, ...]]:
    """Route -> visits, the admin's regular pages spelled out."""
    found = PAGES | {route: (visit,) for route, visit in ADMIN.items()}
    for model in ADMIN_MODELS:
        role = "superuser" if model in OF_SUPERUSER else "organizer"
        for page in (*LIST_PAGES, *ROW_PAGES):
            route = f"admin/{model}/{page}"
            if route not in no_pages():
                found[route] = (Visit(role),)
    return found


def no_pages() -> dict[str, str]:
    """Route -> why no test reads it, the admin's regular ones spelled out."""
    rows = {f"admin/{model}/{page}" for model in ADMIN_MODELS for page in (*LIST_PAGES, *ROW_PAGES)}
    seen = {f"admin/{model}/" for model in ADMIN_MODELS}
    seen |= {route for route in rows if route.endswith("/change/")}
    seen |= {"admin/agenda/user/add/", "admin/wall/source/<path:object_id>/delete/"}
    seen |= {"admin/wall/source/add/", "admin/wall/source/<path:object_id>/history/"}
    alike = rows - seen
    return NO_PAGES | dict.fromkeys(alike, DRAWN_ALIKE) | dict.fromkeys(CLOSED, "open to nobody")


def unlisted(patterns: Sequence[URLPattern | URLResolver]) -> set[str]:
    """The routes that stand in neither list, or in both."""
    listed, others = set(pages()), set(no_pages())
    return (set(routes(patterns)) ^ (listed | others)) | (listed & others)


def address(route: str, known: dict[str, Any], more: str = "") -> str:
    """`route` with the ids that `tests.browser.furnish` has told."""
    model = "/".join(route.split("/")[1:3])
    row = str(known["rows"].get(model, 1))
    filled = {
        CODE: known["code"],
        "^(?P<app_label>agenda|auth|wall)/$": "wall/",
        "(?P<url>.*)$": "nothing/",
        "<slug:slug>": known["slug"],
        "import/<slug:key>": f"import/{known['upload']}",
        "proposals/<slug:key>": f"proposals/{known['proposal']}",
        "suggestion/<slug:key>": f"suggestion/{known['suggestion']}",
        "<slug:code>": "KARTE2",
        "sources/<slug:key>": f"sources/{known['source']}",
        "evidence/<slug:key>": f"evidence/{known['evidence']}",
        "home/screens/<slug:key>": f"home/screens/{known['screen']}",
        "<slug:kind>": "mastodon",
        "objection/<slug:key>": f"objection/{known['shown']}",
        "<slug:key>": known["post"],
        "<slug:task>": "desk",
        "<slug:what>": "logo",
        "<path:content_type_id>": "1",
        "<int:number>": str(known["rows"]["agenda/session"]),
        "<path:object_id>": row,
        "<id>": row,
    }
    for placeholder, value in filled.items():
        route = route.replace(placeholder, value)
    return f"/{route}{more}"


def visits() -> Iterator[tuple[str, Visit]]:
    for route, each in pages().items():
        for visit in each:
            yield route, visit
