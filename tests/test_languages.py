"""What pages speak: one language each, the one that visitor, browser and event have settled on."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import django
import pytest
from babel.messages.mofile import read_mo
from django.conf import settings
from django.contrib import admin
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import translation
from django.utils.formats import date_format, get_format
from django.utils.functional import Promise
from django.utils.translation import gettext

from agenda.models import Event, Membership
from tests import factories, guests
from tests import messages as tool
from tests.at_the_door import enter, key_of, open_door

pytestmark = pytest.mark.sqlite  # reads pages: once is enough

SPOKEN_BY = {"de": "de", "de-formal": "de_Formal", "en": "en"}
VOID = {"br", "img", "input", "link", "meta"}
# What people read, or hear, beside the text; and what scripts show, which stands in data-….
SHOWN = {"alt", "aria-label", "placeholder", "title"}
NAMES = (
    *(
        "act",
        "alive",
        "before",
        "deed",
        "key",
        "kind",
        "kinds",
        "list",
        "of",
        "part",
        "piece",
        "places",
    ),
    *("refused", "scene", "section", "shows", "slide", "stands", "state", "theme", "tone"),
    *("view", "when", "why-for", "wiring"),
)
FOR_SCRIPTS_ONLY = {f"data-{name}" for name in NAMES}


class Reader(HTMLParser):
    """The pieces of text of a page that are in the page's own language."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.language = ""
        self._elsewhere = 0  # how deep inside an element of another language, or a script

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "html":
            self.language = given.get("lang") or ""
        elif tag not in VOID and (self._elsewhere or "lang" in given or tag in {"script", "style"}):
            self._elsewhere += 1
        if not self._elsewhere:
            self.pieces += [value for name, value in attributes if value and _is_shown(name)]

    def handle_endtag(self, tag: str) -> None:
        self._elsewhere = max(0, self._elsewhere - 1)

    def handle_data(self, data: str) -> None:
        if not self._elsewhere and data.strip():
            self.pieces.append(" ".join(data.split()))


def _is_shown(name: str) -> bool:
    return name in SHOWN or (name.startswith("data-") and name not in FOR_SCRIPTS_ONLY)


def read_page(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


@cache
def words(language: str) -> frozenset[str]:
    """Every text of a catalogue, cut where something is put in: what may stand on a page."""
    texts = tool.read(SPOKEN_BY[language]).values()
    parts = {part for text in texts for part in re.split(r"%\(\w+\)\w|</?\w+>", str(text))}
    return frozenset(part.strip() for part in parts if re.search(r"\w{2}", part))


@cache
def _others(language: str) -> frozenset[str]:
    return frozenset().union(*(words(other) for other in SPOKEN_BY)) - words(language)


def foreign(html: str, language: str) -> set[str]:
    """The words of the other languages on a page that speaks `language`.

    A single word counts only as a whole piece: "as" is English, and no fault in a German text.
    """
    others = _others(language)
    pieces = read_page(html).pieces
    whole = "\n".join(pieces)
    phrases = {text for text in others if " " in text and text in whole}
    found = set()
    for piece in pieces:
        found |= {text for text in phrases if text in piece}
        found |= others & {piece, *re.split(r" · |, |: ", piece)}
    return found


# --- who decides


@pytest.mark.parametrize(
    ("event_language", "browser", "cookie", "expected"),
    [
        ("de", "", "", "de"),
        ("de", "de-DE,de;q=0.9,en;q=0.8", "", "de"),
        ("de", "en-GB,en;q=0.9", "", "en"),
        ("de", "fr,es;q=0.8", "", "de"),
        ("de-formal", "", "", "de-formal"),
        ("de-formal", "de-DE", "", "de-formal"),
        ("de-formal", "en", "", "en"),
        ("en", "", "", "en"),
        ("en", "de-DE", "", "de"),
        ("de", "de", "en", "en"),
        ("de-formal", "en", "de", "de-formal"),
    ],
)
def test_page_speaks_the_language_settled_on(
    event_language: str, browser: str, cookie: str, expected: str, db: None
) -> None:
    event = factories.make_event(language=event_language)
    client = guests.browser()
    if cookie:
        client.post("/language", {"language": cookie, "next": "/"})

    answer = client.get(f"/{event.slug}/wall/", headers={"Accept-Language": browser})

    page = answer.content.decode()
    with translation.override(expected):
        invitation = gettext("The code is on the screen and on your badge. No account needed.")
    assert invitation in page
    assert read_page(page).language == expected[:2]
    assert foreign(page, expected) == set()


@pytest.mark.parametrize(
    ("events", "browser", "expected"),
    [
        ([], "de", "de"),
        (["de-formal"], "de", "de-formal"),
        (["de-formal"], "fr", "de-formal"),
        (["de-formal"], "en", "en"),
        (["en"], "de", "de"),
        (["de-formal", "de"], "de", "de"),
    ],
)
@pytest.mark.parametrize("path", ["/login/", "/nowhere/", "/no/where", "/screen"])
def test_page_of_no_event_speaks_like_the_only_event(
    path: str, events: list[str], browser: str, expected: str, db: None
) -> None:
    for language in events:
        factories.make_event(language=language)

    answer = guests.browser().get(path, headers={"Accept-Language": browser})

    spoken = answer.wsgi_request.LANGUAGE_CODE
    assert spoken == expected


def test_refused_form_speaks_like_its_event(db: None) -> None:
    event = factories.make_event(language="de-formal")
    factories.make_event(language="de")
    stranger = guests.browser(checks_csrf=True)

    answer = stranger.post(f"/{event.slug}/notes", headers={"Accept-Language": "de"})

    assert answer.status_code == 403
    assert answer.wsgi_request.LANGUAGE_CODE == "de-formal"
    assert f"/{event.slug}/impressum" in answer.content.decode()


# --- every page, in every language


def _busy_event(language: str) -> Event:
    event = factories.make_event(language=language, code="MACHEN", contact="+49 30 5550100")
    factories.make_slot(event, room=factories.make_room(event))
    factories.make_post(event)
    factories.make_post(event, state="pending", sensitive=True)
    factories.make_post(event, state="hidden")
    factories.make_rule(event)
    factories.make_source(event, state="failing", error="503")
    return event


def _guest(event: Event) -> Client:
    client = guests.guest(event, "a" * 22)
    assert guests.post_note(client, event, "404").status_code == 201
    return client


def _screen(event: Event) -> Client:
    factories.make_screen(event, key="a" * 22)
    return guests.beamer("a" * 22)


def _organizer(event: Event) -> Client:
    enter(event, key_of(open_door(event)), "404")
    user = factories.make_user(first_name="404", is_staff=True)
    Membership.objects.create(user=user, event=event, role=Membership.Role.ORGANIZER)
    return guests.signed_in(user)


def _helper(event: Event) -> Client:
    user = enter(event, key_of(open_door(event)), "404").user
    enter(event, key_of(open_door(event, "stage")), user=user)
    return guests.signed_in(user)


Visitor = Callable[[Event], Client]
PAGES: dict[str, Visitor] = {
    "/{slug}/": _guest,
    "/{slug}/wall/": _guest,
    "/{slug}/desk/": lambda event: guests.signed_in(factories.make_moderator(event)),
    "/{slug}/home/": _organizer,
    "/{slug}/home/doors/desk": _organizer,
    "/{slug}/help": lambda event: guests.browser(),
    "/{slug}/helper/": _helper,
    "/{slug}/impressum": _guest,
    "/{slug}/join?code=WRONG": _guest,
    "/screen": _screen,
}
# They speak du or Sie like the only event there is, unless the browser wants English.
PAGES_OF_NO_EVENT = ("/", "/login/", "/nowhere/", "/screen")


def visit(path: str, visitor: Visitor, language: str) -> str:
    guests.refill_buckets()
    event = _busy_event(language)
    answer = visitor(event).get(
        path.format(slug=event.slug), headers={"Accept-Language": language[:2]}
    )
    return answer.content.decode()


@pytest.mark.parametrize("language", SPOKEN_BY)
@pytest.mark.parametrize("path", PAGES)
def test_page_has_no_word_of_another_language(path: str, language: str, db: None) -> None:
    page = visit(path, PAGES[path], language)

    assert read_page(page).language == language[:2]
    assert foreign(page, language) == set()
    assert len(words(language) & set(read_page(page).pieces)) > 1


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("path", PAGES_OF_NO_EVENT)
def test_page_of_no_event_has_no_word_of_another_language(
    path: str, language: str, db: None
) -> None:
    answer = guests.browser().get(path, headers={"Accept-Language": language})

    page = answer.content.decode()
    assert read_page(page).language == language
    assert foreign(page, language) == set()
    assert len(words(language) & set(read_page(page).pieces)) > 1


def test_what_is_pushed_has_no_word_of_another_language(db: None) -> None:
    event = _busy_event("de")
    moderator = guests.signed_in(factories.make_moderator(event))
    guest = _guest(event)
    asked = {"wall": guest, "programme": guest, "mine": guest, "desk": moderator}

    # The same rows in every language: what was drawn for one must not be sent to another.
    pushed = [
        (language, item["html"])
        for topic, client in asked.items()
        for language in SPOKEN_BY
        for item in client.get(f"/poll/{event.slug}?topics={topic}&language={language}").json()[
            "items"
        ]
    ]

    assert len(pushed) > len(SPOKEN_BY) * len(asked)
    assert [(html, found) for speech, html in pushed if (found := foreign(html, speech))] == []


@pytest.mark.parametrize("path", ["/{slug}/", "/{slug}/wall/", "/{slug}/desk/", "/screen"])
def test_scripts_find_the_same_gaps_in_every_language(path: str, db: None) -> None:
    event = _busy_event("de")
    client = PAGES[path](event)
    gaps = {}

    for language in SPOKEN_BY:
        Event.objects.update(language=language)
        where = path.format(slug=event.slug)
        page = client.get(where, headers={"Accept-Language": language[:2]}).content.decode()
        gaps[language] = re.findall(r"\{\w+\}", " ".join(read_page(page).pieces))

    assert gaps["de"] != []
    assert gaps == dict.fromkeys(SPOKEN_BY, gaps["de"])


@pytest.mark.parametrize(
    ("piece", "found"),
    [
        ("<p>Jetzt, was</p>", set()),
        ("<title>Now · Fest</title>", {"Now"}),
        ('<p data-left="{n} left"></p>', {"{n} left"}),
        ("<p>Mach mit</p>", set()),
        ("<p>Machen Sie mit</p>", {"Machen Sie mit"}),
        ("<p>Oh: Machen Sie mit, bitte</p>", {"Machen Sie mit"}),
        ('<button lang="en">English <b>Now</b></button>', set()),
        ('<p data-kind="post">Beitrag</p>', set()),
    ],
)
def test_foreign_words_are_found(piece: str, found: set[str]) -> None:
    assert foreign(f'<html lang="de"><meta charset="utf-8">{piece}<p>Wand</p>', "de") == found


# --- Django itself


def test_english_never_falls_back_to_german() -> None:
    with translation.override("en"):
        spoken = {text: gettext(text) for text in [*_of_django(), *_of_ours()]}

    assert spoken == {text: text for text in spoken}
    assert len(spoken) > 500


def _of_ours() -> Iterator[str]:
    return (msgid.text for msgid in tool.read("en"))


def _of_django() -> Iterator[str]:
    """What Django itself says in German: its forms, its log-in, its admin."""
    folder = Path(django.__file__).parent
    for part in ("conf", "contrib/admin", "contrib/auth"):
        path = folder / part / "locale" / "de" / "LC_MESSAGES" / "django.mo"
        with path.open("rb") as file:
            for message in read_mo(file):
                if message.id and isinstance(message.id, str) and not message.context:
                    yield message.id


def test_sie_has_the_dates_and_months_of_german() -> None:
    day = date(2026, 10, 7)
    template = Template('{{ day|date:"l, j. F Y" }} {{ day|date:"D" }} {{ day|date }}')
    spoken, formats = {}, {}
    for language in ("de", "de-formal"):
        with translation.override(language):
            spoken[language] = template.render(Context({"day": day}))
            formats[language] = [
                date_format(day, "SHORT_DATE_FORMAT"),
                get_format("DATE_INPUT_FORMATS")[0],
                get_format("DECIMAL_SEPARATOR"),
            ]

    assert spoken["de-formal"] == "Mittwoch, 7. Oktober 2026 Mi 7. Oktober 2026"
    assert formats["de-formal"] == ["07.10.2026", "%d.%m.%Y", ","]
    assert (spoken["de"], formats["de"]) == (spoken["de-formal"], formats["de-formal"])


def test_sie_has_the_name_of_german() -> None:
    assert translation.get_language_info("de-formal")["name_local"] == "Deutsch"


@pytest.mark.parametrize("language", SPOKEN_BY)
def test_calendar_of_the_admin_speaks(language: str) -> None:
    with translation.override(language):
        answer = admin.site.i18n_javascript(RequestFactory().get("/admin/jsi18n/"))

    assert answer.status_code == 200
    assert ("Abbrechen" in answer.content.decode()) is (language != "en")


@pytest.mark.parametrize(
    ("browser", "there", "not_there"),
    [("de", "Programm und Personen", "Programme and people"), ("en", "Log out", "Abmelden")],
)
def test_admin_speaks_the_language_of_the_browser(
    browser: str, there: str, not_there: str, db: None
) -> None:
    client = guests.signed_in(factories.make_user(is_staff=True, is_superuser=True))

    page = client.get("/admin/", headers={"Accept-Language": browser}).content.decode()

    assert there in page
    assert not_there not in page


@pytest.mark.parametrize(
    ("event_language", "browser", "expected"),
    [("de", "de", "de-formal"), ("de", "fr", "de-formal"), ("en", "fr", "en"), ("de", "en", "en")],
)
def test_admin_says_sie_as_django_does(
    event_language: str, browser: str, expected: str, db: None
) -> None:
    factories.make_event(language=event_language)

    answer = guests.browser().get("/admin/login/", headers={"Accept-Language": browser})

    spoken = answer.wsgi_request.LANGUAGE_CODE
    assert spoken == expected


def test_every_field_that_the_admin_shows_has_a_name_that_can_be_translated() -> None:
    unnamed = [
        f"{model.__name__}.{field.name}"
        for model, shown in admin.site._registry.items()
        for field in model._meta.fields
        if field.editable or field.name in shown.list_display
        # Django makes a name of its own, plain text, from that of the attribute.
        if field.name != "id" and not isinstance(field.verbose_name, Promise)
    ]

    assert unnamed == []


def test_every_language_of_the_settings_has_its_catalogue() -> None:
    codes = [code for code, _ in settings.LANGUAGES]

    assert [translation.to_locale(code) for code in codes] == list(tool.LOCALES)
    assert {code: SPOKEN_BY[code] for code in codes} == SPOKEN_BY
