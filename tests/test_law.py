"""Imprint and privacy notice: one click from every page, without cookie and script."""

import re

import pytest
import time_machine

from agenda.models import Event
from tests import factories, guests, two_events
from tests.law import Reader, law_of
from tests.test_permissions import address, doors
from tests.two_events import ROLES

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]  # reads pages: once is enough

READERS = ("anonymous", "guest_of_b", "screen_of_b", "helper_of_b", "organizer_of_b", "superuser")


@pytest.fixture(autouse=True)
def full_buckets() -> None:
    guests.refill_buckets()


# All pages of an open event are read on the walks of tests/test_permissions.py. Insiders of a
# closed one read the same: `make sweep` looks.
@pytest.mark.parametrize(
    "role",
    [
        pytest.param(role, marks=pytest.mark.sweep if role != "anonymous" else ())
        for role in READERS
    ],
)
def test_every_page_of_a_closed_event_is_one_click_from_the_law(role: str) -> None:
    a, b = two_events.furnish_two()
    Event.objects.filter(pk=b.event.pk).update(closed=True)
    client, reader = ROLES[role](a, b), Reader(role)

    for route in doors():
        reader.read(route, client.get(address(route, b)))
    for route in ("login/", "<x>"):
        reader.read(f"POST {route}", client.post(address(route, b)))

    assert reader.wrong() == []


def test_page_without_links_is_found() -> None:
    page = '<a href="/demo/impressum">Imprint</a>'

    assert law_of(page) == ["/demo/impressum"]
    assert law_of(page.replace("Imprint", "")) == []


def test_reader_names_the_page_that_lacks_something(event: Event) -> None:
    answer = guests.browser().get(f"/{event.slug}/")
    whole, lacking, beamer = Reader("anonymous"), Reader("anonymous"), Reader("screen_of_b")
    whole.read("here", answer)
    beamer.read("screen", answer)
    answer.content = answer.content.replace(b'action="/language"', b"").replace(b"/impressum", b"")
    lacking.read("here", answer)
    lacking.targets.add("/nowhere/")

    assert whole.wrong() == ["1 pages"]
    assert beamer.lacking == ["screen: switch of language"]
    assert [problem.split(":")[0] for problem in lacking.wrong()] == [
        "here",
        "here",
        "1 pages",
        "/nowhere/",
    ]


def test_law_of_all_events_stands_on_a_page_of_none(db: None) -> None:
    for name, imprint in [("One", "Ada, Berlin"), ("Two", "https://two.example/imprint")]:
        factories.make_event(name=name, imprint=imprint)

    page = guests.browser().get("/impressum").content.decode()

    assert [words in page for words in ("One", "Ada, Berlin", "Two")] == [True] * 3
    assert 'href="https://two.example/imprint" rel="noopener noreferrer"' in page


# --- a text, an address, or nothing


@pytest.mark.parametrize("text", ["https://law.example/us", "  https://law.example/us?a=1&b=2\n"])
def test_address_becomes_one_plain_link(text: str, db: None) -> None:
    event = factories.make_event(imprint=text)

    answer = guests.browser().get(f"/{event.slug}/impressum")

    target = text.strip().replace("&", "&amp;")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'<a class="link" href="{target}" rel="noopener noreferrer">{target}</a>' in page


@pytest.mark.parametrize(
    "text",
    [
        "http://law.example/us",
        "https://",
        "https://[",
        "javascript:alert(1)",
        "See https://law.example/us",
        "https://law.example/us and Ada",
    ],
)
def test_what_is_no_address_is_a_text(text: str, db: None) -> None:
    event = factories.make_event(imprint=text)

    page = guests.browser().get(f"/{event.slug}/impressum").content.decode()

    assert 'class="link" href="http' not in page
    assert 'href="javascript' not in page


@pytest.mark.parametrize(
    ("imprint", "privacy", "says"),
    [
        ("Ada", "Little", ""),
        ("", "Little", "The imprint is missing"),
        ("Ada", "", "The privacy notice is missing"),
        ("", "", "Imprint and privacy notice are missing"),
    ],
)
def test_desk_says_in_words_what_is_missing(imprint: str, privacy: str, says: str) -> None:
    event = factories.make_event(imprint=imprint, privacy=privacy)
    client = guests.signed_in(factories.make_moderator(event))

    page = client.get(f"/{event.slug}/desk/").content.decode()

    assert re.findall(r"[^>]*(?:is|are) missing", page) == ([says] if says else [])


# --- how long, and whose posts


@time_machine.travel("2026-10-07")
@pytest.mark.parametrize(
    ("purge_on", "says"),
    [
        ("2026-10-08", "On <b>Oct. 8, 2026</b> everything that guests have written is deleted."),
        ("2026-10-07", "On <b>Oct. 7, 2026</b> everything that guests have written is deleted."),
        ("2026-10-06", "What guests have written has been deleted."),
    ],
)
def test_guests_read_when_everything_is_deleted(purge_on: str, says: str, db: None) -> None:
    event = factories.make_event(purge_on=purge_on)

    for page in ("", "wall/", "impressum"):
        assert says in guests.browser().get(f"/{event.slug}/{page}").content.decode()


def test_authors_of_foreign_posts_find_whom_to_ask(db: None) -> None:
    event = factories.make_event(contact="desk@event.example", hashtag="handfest")
    client = guests.browser()

    page = client.get(f"/{event.slug}/beitrag").content.decode()

    assert [word in page for word in ("#handfest", "desk@event.example")] == [True, True]
    for where in ("", "wall/"):
        assert (
            f'href="/{event.slug}/beitrag"' in client.get(f"/{event.slug}/{where}").content.decode()
        )
