"""What belongs to every event: its QR code, law, language, and pages for when something fails."""

import re
from io import BytesIO

import pytest
import segno
import zxingcpp
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext
from PIL import Image, ImageDraw
from pytest_django import Settings

from agenda.models import Event
from tests import guests
from tests.factories import make_event

# Pages and forms over the same queries: once is enough.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def read_qr(svg: str) -> str:
    """What a phone's camera reads: the dark rows of the drawing, painted and decoded."""
    size = int(re.findall(r'viewBox="0 0 (\d+) ', svg)[0])
    image = Image.new("L", (size * 8, size * 8), 255)
    draw = ImageDraw.Draw(image)
    x, y = 0.0, 0.0
    for step, first, second in re.findall(
        r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?", svg.rpartition(' d="')[2]
    ):
        if step == "h":
            width = float(first)
            draw.rectangle((x * 8, y * 8 - 4, (x + width) * 8 - 1, y * 8 + 3), fill=0)
            x += width
        else:
            x, y = (0.0, 0.0) if step == "M" else (x, y)
            x, y = x + float(first), y + float(second)
    (found,) = zxingcpp.read_barcodes(image)
    return str(found.text)


@pytest.mark.parametrize("host", ["10.0.0.9:8000", "192.168.100.200"])
def test_qr_code_leads_to_the_short_address_in_this_network(event: Event, host: str) -> None:
    answer = guests.browser().get(f"/{event.slug}/qr.svg", HTTP_HOST=host)

    assert answer["Content-Type"] == "image/svg+xml"
    assert read_qr(answer.content.decode()) == f"http://{host}/{event.code}"


def test_qr_code_leads_to_the_public_address_if_there_is_one(
    event: Event, settings: Settings
) -> None:
    settings.PUBLIC_URL = "https://hub.example"

    drawn = guests.browser().get(f"/{event.slug}/qr.svg").content.decode()

    assert read_qr(drawn) == f"https://hub.example/{event.code}"


def test_reader_of_qr_codes_reads_another_code_differently() -> None:
    drawn = BytesIO()
    segno.make("https://other.example/X", error="m").save(
        drawn, kind="svg", border=4, omitsize=True
    )

    assert read_qr(drawn.getvalue().decode()) == "https://other.example/X"


# --- law, language, errors


def test_page_that_becomes_a_screen_names_the_imprint_of_the_only_event(event: Event) -> None:
    alone = guests.browser().get("/screen").content.decode()
    make_event()
    one_of_two = guests.browser().get("/screen").content.decode()

    own = [f'href="/{event.slug}/{page}"' for page in ("impressum", "datenschutz")]
    of_all = ['href="/impressum"', 'href="/datenschutz"']
    assert [link in alone for link in own + of_all] == [True, True, False, False]
    assert [link in one_of_two for link in own + of_all] == [False, False, True, True]


@pytest.mark.parametrize("page", ["impressum", "datenschutz"])
def test_legal_page_is_there_without_session_and_script(page: str, db: None) -> None:
    event = make_event(imprint="Ada & Co, Berlin", privacy="We keep little.", contact="desk")

    answer = guests.browser().get(f"/{event.slug}/{page}")
    said = answer.content.decode()

    written = {"impressum": "Ada &amp; Co, Berlin", "datenschutz": "We keep little."}
    assert (answer.status_code, written[page] in said, "desk" in said) == (200, True, True)


@pytest.mark.parametrize("page", ["", "wall/", "impressum", "datenschutz"])
def test_every_page_of_an_event_links_to_imprint_and_privacy(event: Event, page: str) -> None:
    said = guests.browser().get(f"/{event.slug}/{page}").content.decode()

    assert f'href="/{event.slug}/impressum"' in said
    assert f'href="/{event.slug}/datenschutz"' in said


def language_of(client: Client, where: str) -> str:
    said = client.get(where, headers={"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"})
    (language,) = re.findall(r'<html lang="(\w+)"', said.content.decode())
    return str(language)


def test_language_is_switched_and_remembered(event: Event) -> None:
    client = guests.browser()
    where = f"/{event.slug}/wall/"
    before = language_of(client, where)

    answer = client.post("/language", {"language": "en", "next": where})

    cookie = answer.cookies["language"]
    assert (answer["Location"], before, language_of(client, where)) == (where, "de", "en")
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


@pytest.mark.parametrize("language", ["", "fr", "xx-yy", "de\x00", "<b>"])
def test_language_nobody_speaks_here_is_not_remembered(event: Event, language: str) -> None:
    answer = guests.browser().post("/language", {"language": language, "next": "/"})

    assert answer.status_code == 302
    assert "language" not in answer.cookies or answer.cookies["language"].value == "de"


def test_page_says_that_it_differs_by_cookie_and_language(event: Event) -> None:
    answer = guests.browser().get(f"/{event.slug}/")

    assert {"Cookie", "Accept-Language"} <= set(answer["Vary"].split(", "))


@pytest.mark.parametrize(
    ("where", "status", "heading", "imprint"),
    [
        ("/nowhere/", 404, "There is nothing here", "/impressum"),
        ("/{slug}/join?code=ZZZZ", 404, "Join in", "/{slug}/impressum"),
        ("/{slug}/desk/mode", 403, "That is not possible here", "/{slug}/impressum"),
    ],
)
def test_error_page_speaks_german_and_leads_to_the_imprint(
    event: Event, where: str, status: int, heading: str, imprint: str
) -> None:
    client = guests.browser(checks_csrf=True)
    ask = client.post if status == 403 else client.get

    answer = ask(where.format(slug=event.slug), headers={"Accept-Language": "de"})

    said = answer.content.decode()
    with translation.override("de"):
        german = gettext(heading)
    assert (answer.status_code, '<html lang="de"' in said, german in said) == (status, True, True)
    assert f'<a href="{imprint.format(slug=event.slug)}">' in said


def test_broken_page_says_sorry_and_nothing_else(
    event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_it(*_: object) -> None:
        raise RuntimeError("canary4711")

    monkeypatch.setattr("agenda.programme.slots_of_day", break_it)
    answer = guests.browser().get(f"/{event.slug}/")

    said = answer.content.decode()
    assert answer.status_code == 500
    assert guests.in_english("That was our fault") in said
    assert "canary4711" not in said
    assert "Traceback" not in said
