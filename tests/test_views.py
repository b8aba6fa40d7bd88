"""What a guest sees: start, joining, now and next, the wall, law, language, and when it fails."""

import re

import pytest
import time_machine
from django.core import signing
from pytest_django import Settings

from agenda import attendees
from agenda.models import Event
from tests import factories, guests
from tests.factories import at, make_event, make_note, make_post, make_slot
from wall.models import Post, Rule

# Pages and forms over the same queries: once is enough.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


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
    answer = guests.browser(address="192.0.2.9").get("/")

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
    assert keys_in(mine, 'topic="mine"', "</own-notes>") == [note.key for note in reversed(own)]
    assert re.findall(r'data-key="([^"]+)"', rest) == [own[1].key, "coming", "look"]
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
    assert keys_in(page, 'topic="mine"', "</own-notes>") == [note.key]
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
            "organisation": "",
            "notes": [{"key": note.key, "state": "pending", "text": "Hello"}],
        },
        {"joined": True, "nickname": "", "organisation": "", "notes": []},
        {"joined": False, "nickname": "", "organisation": "", "notes": []},
    ]
