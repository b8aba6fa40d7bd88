"""What a guest sees: start, joining, now and next, the wall, law, language, and when it fails."""

import re
from io import BytesIO

import pytest
import segno
import time_machine
import zxingcpp
from django.core import signing
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext
from PIL import Image, ImageDraw
from pytest_django import Settings

from agenda import attendees
from agenda.models import Event
from tests import factories, guests
from tests.factories import at, make_event, make_note, make_post, make_slot
from wall.models import Post, Rule

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def full_buckets() -> None:
    guests.refill_buckets()


def keys_in(html: str, start: str, end: str = "</section>") -> list[str]:
    """The keys of the fragments between the first `start` and the next `end`, in order."""
    part = html.partition(start)[2].partition(end)[0]
    return re.findall(r'data-key="([^"]+)"', part)


# --- start


@time_machine.travel(at("10:00"))
def test_start_leads_to_the_only_event(event: Event) -> None:
    answer = guests.browser().get("/")

    assert (answer.status_code, answer["Location"]) == (302, f"/{event.slug}/")


@time_machine.travel(at("10:00"))
def test_start_lists_several_events_but_none_that_is_purged(event: Event) -> None:
    second = make_event()
    past = make_event(purge_on=at("10:00").date().replace(day=6))

    page = guests.browser().get("/").content.decode()

    found = [f'href="/{each.slug}/"' in page for each in (event, second, past)]
    assert found == [True, True, False]
    assert f'href="/{second.slug}/impressum"' in page


def test_start_without_events_says_so(db: None) -> None:
    page = guests.browser().get("/")

    assert page.status_code == 200
    assert guests.in_english("Nothing public here at the moment.") in page.content.decode()


# --- joining


def test_short_address_gives_a_signed_cookie_that_no_script_reads(event: Event) -> None:
    client = guests.browser()

    answer = client.get(f"/{event.code}")

    cookie = answer.cookies[guests.attendee_cookie(event)]
    assert (answer["Location"], answer["Cache-Control"]) == (f"/{event.slug}/", "no-store")
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", "")
    assert (cookie["path"], cookie["domain"], cookie["max-age"]) == ("/", "", 60 * 24 * 3600)
    event_id, key = signing.loads(cookie.value, salt=attendees.SALT)
    assert (event_id, re.fullmatch(r"[A-Za-z0-9_-]{22}", key) is not None) == (event.pk, True)
    assert client.get(f"/{event.slug}/me").json()["joined"]


def test_cookie_of_a_guest_is_bound_to_host_and_tls_where_there_is_tls(
    event: Event, settings: Settings
) -> None:
    settings.TLS = True
    settings.ATTENDEE_COOKIE_NAME = "__Host-attendee"

    cookie = guests.browser().get(f"/{event.code}").cookies[f"__Host-attendee-{event.pk}"]

    assert (cookie["secure"], cookie["httponly"], cookie["path"]) == (True, True, "/")
    assert cookie["domain"] == ""


def test_second_scan_keeps_the_guest(event: Event) -> None:
    client = guests.browser()
    client.get(f"/{event.code}")

    assert client.get(f"/{event.code}").cookies.output() == ""


@pytest.mark.parametrize("spelling", [str.upper, str.lower, "  {}\t".format])
def test_code_can_be_typed_on_the_events_page(event: Event, spelling: object) -> None:
    assert callable(spelling)

    answer = guests.browser().get(f"/{event.slug}/join", {"code": spelling(event.code)})

    assert (answer.status_code, answer["Location"]) == (302, f"/{event.code}")


def test_code_of_another_event_does_not_fit_here(event: Event) -> None:
    other = make_event()

    assert guests.browser().get(f"/{event.slug}/join?code={other.code}").status_code == 404


# --- now


@time_machine.travel(at("10:15"))
def test_now_page_sorts_the_day_by_the_clock(event: Event) -> None:
    over, now, next_one, next_two, later = (
        make_slot(event, start=start) for start in ["09:00", "10:00", "11:00", "11:00", "12:00"]
    )

    page = guests.browser().get(f"/{event.slug}/").content.decode()

    assert keys_in(page, 'data-section="now"') == [now.key]
    assert keys_in(page, 'data-section="next"') == [next_one.key, next_two.key]
    assert keys_in(page, 'data-section="later"') == [later.key]
    assert keys_in(page, 'data-section="past"', "</details>") == [over.key]


@time_machine.travel(at("10:30"))
def test_slot_is_over_at_the_minute_it_ends(event: Event) -> None:
    ending, starting = make_slot(event, start="10:00"), make_slot(event, start="10:30")

    page = guests.browser().get(f"/{event.slug}/").content.decode()

    assert keys_in(page, 'data-section="now"') == [starting.key]
    assert keys_in(page, 'data-section="past"', "</details>") == [ending.key]


def test_programme_shows_the_hours_of_the_place(event: Event) -> None:
    make_slot(event, start="10:00")

    page = guests.browser().get(f"/{event.slug}/").content.decode()

    assert ">12:00</time>" in page  # Berlin, in October


# --- the wall


def test_wall_of_who_has_not_joined_has_no_form_for_notes(event: Event) -> None:
    shown = make_post(event)
    make_post(event, state=Post.State.PENDING)

    page = guests.browser().get(f"/{event.slug}/wall/").content.decode()

    assert keys_in(page, "<live-list", "</live-list>") == [shown.key]
    assert (f'action="/{event.slug}/join"' in page, "<textarea" in page) == (True, False)


def test_wall_of_a_guest_has_the_form_and_their_own_notes_in_every_state(event: Event) -> None:
    mira = factories.make_attendee(event, "Mira")
    own = [make_note(event, attendee=mira, state=state) for state in Post.State.values]
    make_note(event, state=Post.State.PENDING)

    page = guests.guest(event, mira.key).get(f"/{event.slug}/wall/").content.decode()

    mine, _, rest = page.partition('topic="wall"')
    assert keys_in(mine, 'topic="mine"', "</live-list>") == [note.key for note in reversed(own)]
    assert re.findall(r'data-key="([^"]+)"', rest) == [own[1].key]
    assert 'value="Mira"' in page


def test_wall_shows_the_newest_first_by_their_place(event: Event) -> None:
    posts = [make_post(event) for _ in range(3)]

    page = guests.browser().get(f"/{event.slug}/wall/").content.decode()

    assert keys_in(page, "<live-list", "</live-list>") == [post.key for post in reversed(posts)]


@pytest.mark.parametrize("mode", Rule.Mode.values)
def test_note_is_posted_without_javascript(event: Event, mode: str) -> None:
    factories.make_rule(event, mode)
    client = guests.guest(event)

    answer = client.post(f"/{event.slug}/notes", guests.note("Hello"), headers=guests.HTML)
    page = client.get(answer["Location"]).content.decode()

    note = Post.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/{event.slug}/wall/")
    assert note.state == ("shown" if mode == "free" else "pending")
    assert keys_in(page, 'topic="mine"', "</live-list>") == [note.key]
    assert (note.key in page.partition('topic="wall"')[2]) == (mode == "free")


def test_note_is_answered_to_a_script_with_its_fragment(event: Event) -> None:
    answer = guests.post_note(guests.guest(event), event, "Hello", nickname="Mira")

    note = Post.objects.get()
    said = answer.json()["note"]
    assert answer.status_code == 201
    assert (said["key"], said["state"], said["version"]) == (note.key, "shown", note.version)
    assert f'data-key="{note.key}"' in said["html"]
    assert note.author_name == "Mira"


def test_name_is_chosen_without_javascript(event: Event) -> None:
    client = guests.guest(event)

    answer = client.post(f"/{event.slug}/me", {"nickname": "Mira"}, headers=guests.HTML)

    assert (answer.status_code, answer["Location"]) == (302, f"/{event.slug}/wall/")
    assert client.get(f"/{event.slug}/me").json()["nickname"] == "Mira"


def test_me_tells_a_browser_what_it_is_to_the_event(event: Event) -> None:
    mira = factories.make_attendee(event, "Mira")
    note = make_note(event, attendee=mira, text="Hello", state=Post.State.PENDING)
    make_note(event)

    answers = [
        client.get(f"/{event.slug}/me")
        for client in (guests.guest(event, mira.key), guests.guest(event), guests.browser())
    ]

    said = [answer.json() for answer in answers]
    assert {answer["Cache-Control"].count("no-store") for answer in answers} == {1}
    assert [len(one.pop("csrf")) for one in said] == [64, 64, 64]
    assert said == [
        {
            "joined": True,
            "nickname": "Mira",
            "notes": [{"key": note.key, "state": "pending", "text": "Hello"}],
        },
        {"joined": True, "nickname": "", "notes": []},
        {"joined": False, "nickname": "", "notes": []},
    ]


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
        ("/nowhere/", 404, "There is nothing here", "/"),
        ("/{slug}/join?code=ZZZZ", 404, "There is nothing here", "/{slug}/impressum"),
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

    monkeypatch.setattr("agenda.views.programme.slots_of_day", break_it)
    answer = guests.browser().get(f"/{event.slug}/")

    said = answer.content.decode()
    assert answer.status_code == 500
    assert guests.in_english("That was our fault") in said
    assert "canary4711" not in said
    assert "Traceback" not in said
