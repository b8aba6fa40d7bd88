"""The strict policy on every page, and pages that keep it: nothing inline, nothing foreign."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from agenda.models import Event, Membership
from eventhub.templatetags.eventhub import map_hash, map_text
from tests import factories, guests
from tests.at_the_door import enter, key_of, open_door
from tests.two_events import Hall
from wall.demo_organizer import add_organizer

pytestmark = pytest.mark.sqlite  # reads pages: once is enough

ROOT = Path(__file__).resolve().parent.parent
APPS = ("agenda", "eventhub", "wall")
SVG = "http://www.w3.org/2000/svg"
LINKS_ELSEWHERE = "wall/static/wall/share-links.js"
KEY = "beamer-key-0123456789"
STRICT = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "img-src": {"'self'"},
    "font-src": {"'self'"},
    "connect-src": {"'self'"},
    "manifest-src": {"'self'"},
    "form-action": {"'self'"},
    "base-uri": {"'none'"},
    "frame-ancestors": {"'none'"},
}


class Page(HTMLParser):
    """What the policy would have to forbid: scripts and styles in the page, foreign addresses."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.import_map = ""
        self.addresses: list[str] = []
        self._within: dict[str, str | None] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in given):
            self._within = given
        self.inline += [f"{tag} {name}" for name in given if name == "style" or name[:2] == "on"]
        self.inline += [f"{tag} javascript:" for v in given.values() if _is_script(v or "")]
        self.inline += [f"<{tag}>" for _ in [0] if tag in {"base", "embed", "iframe", "object"}]
        places = ("href", "src", "action", "formaction", "srcset", "poster", "data", "content")
        self.addresses += [v for name, v in attrs if name in places and v and tag != "a"]

    def handle_data(self, data: str) -> None:
        if self._within is None:
            return
        kind = self._within.get("type")
        if kind == "importmap":
            self.import_map += data
        elif kind not in {"application/json", "application/ld+json"}:  # data blocks are not run
            self.inline.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self._within = None


def _without_data(html: str) -> str:
    """What machines read names addresses that no browser opens."""
    return re.sub(r'<script type="application/ld\+json">.*?</script>', "", html, flags=re.DOTALL)


def _is_script(value: str) -> bool:
    return bool(re.match(r"\s*(javascript|data|vbscript):", value, re.IGNORECASE))


def policy_of(answer: Any) -> dict[str, set[str]]:
    directives = [part.split() for part in answer["Content-Security-Policy"].split(";")]
    return {words[0]: set(words[1:]) for words in directives if words}


def foreign(addresses: list[str]) -> list[str]:
    return [each for each in addresses if re.match(r"\s*([a-z][a-z0-9+.-]*:|//|\\)", each, re.I)]


@pytest.fixture
def ours(event: Event) -> dict[str, Any]:
    """The answers of all our own pages."""
    guests.refill_buckets()
    add_organizer(event, "!")
    mira = factories.make_attendee(event, "Mira")
    for state in ["pending", "shown", "hidden"]:
        factories.make_note(event, attendee=mira, state=state)
        factories.make_post(event, state=state)
    factories.make_slot(event, room=factories.make_room(event))
    factories.make_source(event)
    factories.make_screen(event, key=KEY)
    guest, slug = guests.guest(event, mira.key), event.slug
    desk = guests.signed_in(factories.make_moderator(event))
    orga = guests.signed_in(Hall(event).person(Membership.Role.ORGANIZER))
    helper = guests.signed_in(enter(event, key_of(open_door(event))).user)
    return {
        "home": orga.get(f"/{slug}/home/"),
        "numbers": orga.get(f"/{slug}/home/numbers"),
        "door": orga.get(f"/{slug}/home/doors/desk"),
        "help": guests.browser().get(f"/{slug}/help"),
        "not let in": guests.browser().post(f"/{slug}/help", {"key": "x", "name": "Jo"}),
        "helper": helper.get(f"/{slug}/helper/"),
        "start": guests.browser().get("/"),
        "now": guest.get(f"/{slug}/"),
        "programme": guest.get(f"/{slug}/programme/?by=room"),
        "session": guest.get(f"/{slug}/session/{event.sessions.get().pk}/"),
        "info": guest.get(f"/{slug}/info/"),
        "wall": guest.get(f"/{slug}/wall/"),
        "join": guests.browser().get(f"/{slug}/wall/"),
        "refused": guest.post(f"/{slug}/notes", guests.note(""), headers=guests.HTML),
        "imprint": guest.get(f"/{slug}/impressum"),
        "privacy": guest.get(f"/{slug}/datenschutz"),
        "me": guest.get(f"/{slug}/me"),
        "poll": guest.get(f"/poll/{slug}?topics=wall,mine,programme"),
        "qr": guest.get(f"/{slug}/qr.svg"),
        "login": guests.browser().get("/login/"),
        "wrong password": guests.browser().post("/login/", {"username": "x", "password": "y"}),
        "desk": desk.get(f"/{slug}/desk/"),
        "screen": guests.beamer(KEY).get("/screen"),
        "enter": guests.browser().get("/screen"),
        "redirect": guests.browser().get(f"/{event.code}"),
        "not found": guest.get("/nowhere/at/all"),
        "csrf": guests.browser(checks_csrf=True).post("/language"),
        "bad request": guest.get("/", HTTP_HOST="evil.example"),
        "not allowed": guest.get("/language"),
    }


@pytest.fixture
def admins(event: Event) -> dict[str, Any]:
    add_organizer(event, "!")
    staff: Client = guests.signed_in(Hall(event).person(Membership.Role.ORGANIZER))
    post, slot = factories.make_post(event), factories.make_slot(event)
    pages = ["", "wall/post/", "wall/source/add/", "agenda/slot/add/", "password_change/"]
    pages += [f"wall/post/{post.pk}/{page}/" for page in ["change", "delete", "history"]]
    pages += [f"agenda/slot/{slot.pk}/change/", f"agenda/event/{event.pk}/change/", "agenda/"]
    answers = {page: staff.get(f"/admin/{page}") for page in pages}
    assert {answer.status_code for answer in answers.values()} == {200}
    return answers | {"login": guests.browser().get("/admin/login/")}


def test_every_page_of_ours_has_the_strict_policy(ours: dict[str, Any]) -> None:
    expected = STRICT | {
        "script-src": {"'self'", map_hash()},
        "require-trusted-types-for": {"'script'"},
        "trusted-types": {"eventhub"},
    }

    found = {name: policy_of(answer) for name, answer in ours.items()}

    assert {name: policy for name, policy in found.items() if policy != expected} == {}


def test_every_page_of_the_admin_has_the_strict_policy(admins: dict[str, Any]) -> None:
    found = {name: policy_of(answer) for name, answer in admins.items()}

    assert {name: policy for name, policy in found.items() if policy != STRICT} == {}


def test_every_page_forbids_guessing_types_and_telling_others(
    ours: dict[str, Any], admins: dict[str, Any]
) -> None:
    names = ["X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy"]

    found = {tuple(answer[name] for name in names) for answer in [*ours.values(), *admins.values()]}

    assert found == {("nosniff", "same-origin", "same-origin")}


def test_pages_carry_no_script_and_no_style_of_their_own(
    ours: dict[str, Any], admins: dict[str, Any]
) -> None:
    pages = {name: Page(answer.content.decode()) for name, answer in (ours | admins).items()}
    pages["fragments"] = Page("".join(item["html"] for item in ours["poll"].json()["items"]))

    assert {name: page.inline for name, page in pages.items() if page.inline} == {}


def test_only_inline_script_is_the_import_map_that_the_policy_names(ours: dict[str, Any]) -> None:
    maps = {Page(answer.content.decode()).import_map for answer in ours.values()} - {""}

    assert maps == {map_text()}
    digest = base64.b64encode(hashlib.sha256(map_text().encode()).digest()).decode()
    assert map_hash() == f"'sha256-{digest}'"


def test_pages_ask_nobody_else(ours: dict[str, Any], admins: dict[str, Any]) -> None:
    html = {name: answer.content.decode() for name, answer in (ours | admins).items()}
    html["poll"] = "".join(item["html"] for item in ours["poll"].json()["items"])
    html["numbers"] = ours["numbers"].json()["html"]
    found = {name: foreign(Page(text).addresses) for name, text in html.items()}

    assert {name: addresses for name, addresses in found.items() if addresses} == {}


def test_pages_name_no_foreign_address_anywhere(ours: dict[str, Any]) -> None:
    found = {
        name: set(re.findall(r"https?://[^\s\"'<]+", _without_data(answer.content.decode())))
        - {SVG}
        for name, answer in ours.items()
    }

    assert {name: addresses for name, addresses in found.items() if addresses} == {}


def test_cookies_are_all_out_of_reach_for_scripts(ours: dict[str, Any]) -> None:
    cookies = {
        name: (morsel["httponly"], morsel["samesite"])
        for answer in ours.values()
        for name, morsel in answer.cookies.items()
    }

    assert {name: kind for name, kind in cookies.items() if kind != (True, "Lax")} == {}


def test_transport_is_pinned_where_there_is_tls(event: Event, settings: Settings) -> None:
    plain = guests.browser().get(f"/{event.slug}/")
    settings.SECURE_HSTS_SECONDS = 31_536_000
    pinned = guests.browser().get(f"/{event.slug}/", secure=True)

    assert "Strict-Transport-Security" not in plain
    assert pinned["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize(
    "html",
    [
        "<script>x()</script>",
        '<p onclick="x()">',
        '<p style="color:red">',
        "<style>p{}</style>",
        '<a href=" javascript:x()">',
        '<iframe src="/x">',
        '<base href="/x">',
    ],
)
def test_reader_of_pages_sees_what_is_inline(html: str) -> None:
    assert Page(html).inline != []


@pytest.mark.parametrize(
    "address", ["//evil.example/x", "https://evil.example", "data:,x", "\\\\x"]
)
def test_reader_of_pages_sees_what_is_foreign(address: str) -> None:
    assert foreign(Page(f'<img src="{address}">').addresses) == [address]


# --- files


def files(*suffixes: str) -> dict[str, str]:
    found = {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for app in APPS
        for path in sorted((ROOT / app).rglob("*"))
        if path.suffix in suffixes
    }
    assert found
    return found


def test_static_files_name_no_foreign_address() -> None:
    addresses = r"https?://[^\s\"')]+|(?<=[\"'(])//\w[^\s\"')]*"
    found = {
        name: set(re.findall(addresses, text)) - {SVG}
        for name, text in files(".css", ".js", ".svg").items()
    }

    # Links that people follow to write elsewhere, too. Made there, and nothing is asked of them.
    assert {name for name, hits in found.items() if hits} == {LINKS_ELSEWHERE}
    assert not re.search(r"fetch|import|src|Image|Beacon", (ROOT / LINKS_ELSEWHERE).read_text())


def test_stylesheets_load_nothing_but_our_own_files() -> None:
    urls = {
        (name, url)
        for name, text in files(".css").items()
        for url in re.findall(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)", text)
        if not re.fullmatch(r"[\w./-]+", url[0] or url[1])
    }

    assert urls == set()


def test_scripts_write_markup_in_one_place_only() -> None:
    sinks = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|setHTMLUnsafe|createPolicy"
    sinks += (
        r"|\beval\(|new Function|createContextualFragment|DOMParser|srcdoc|setTimeout\(\s*['\"]"
    )

    found = {name for name, text in files(".js").items() if re.search(sinks, text)}

    assert found == {"eventhub/live/static/live/fragment.js"}


def test_templates_carry_no_inline_code() -> None:
    inline = r"\sstyle\s*=|\son[a-z]+\s*=|<style|javascript:|<script(?![^>]*\ssrc=)"

    found = {name for name, text in files(".html").items() if re.search(inline, text)}

    assert found == set()
