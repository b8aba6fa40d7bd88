"""A guest goes on in another browser: once, within minutes, and nothing is lost on either side."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from agenda import carry
from agenda.models import Attendee, Carry, Event
from eventhub.live.models import new_key
from tests import factories, guests
from tests.replay import assert_replay
from wall import guests as wall_guests
from wall import notes
from wall.models import Post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def full_buckets() -> None:
    guests.refill_buckets()


@pytest.fixture
def aylin(event: Event) -> Attendee:
    """A guest with a name and a note on the wall."""
    attendee = factories.make_attendee(event, "Aylin")
    factories.make_note(event, attendee=attendee, text="Good coffee")
    return attendee


def make(client: Client, event: Event) -> str:
    """The key that the page shows behind the #, as the other device's camera reads it."""
    page = client.post(f"/{event.slug}/carry").content.decode()
    found = re.search(rf"/{event.slug}/carry/in#([A-Z2-9]+)\"", page)
    assert found is not None, page
    return found[1]


def enter(client: Client, event: Event, key: str, **fields: str) -> Any:
    return client.post(f"/{event.slug}/carry/in", {"key": key, **fields})


def me(client: Client, event: Event) -> tuple[str, list[str]]:
    """What the browser is to the event: name, and the words of its notes."""
    said = client.get(f"/{event.slug}/me").json()
    return said["nickname"], [note["text"] for note in said["notes"]]


# --- the way


def test_name_and_notes_travel_and_the_old_device_goes_on(event: Event, aylin: Attendee) -> None:
    old, new = guests.guest(event, aylin.key), guests.browser()

    answer = enter(new, event, make(old, event))

    assert (answer.status_code, answer["Location"]) == (302, f"/{event.slug}/wall/")
    assert me(new, event) == me(old, event) == ("Aylin", ["Good coffee"])
    assert guests.post_note(new, event, "From the new one").status_code == 201
    assert guests.post_note(old, event, "From the old one").status_code == 201
    assert me(old, event)[1] == ["Good coffee", "From the new one", "From the old one"]


def test_guest_who_has_done_nothing_yet_travels_as_well(event: Event) -> None:
    old, new = guests.guest(event), guests.browser()

    enter(new, event, make(old, event))
    guests.post_note(new, event, "First words")

    assert me(old, event) == ("", ["First words"])


def test_key_works_once(event: Event, aylin: Attendee) -> None:
    key = make(guests.guest(event, aylin.key), event)
    enter(guests.browser(), event, key)
    late = guests.browser()

    answer = enter(late, event, key)

    assert answer.status_code == 403
    assert "This code is not valid (any more)." in answer.content.decode()
    assert guests.attendee_cookie(event) not in late.cookies


def test_of_two_who_spend_a_key_one_gets_in(event: Event, aylin: Attendee) -> None:
    way = carry.make(aylin)

    assert [carry.spend(event, way.key), carry.spend(event, way.key)] == [aylin, None]


def test_key_is_over_after_ten_minutes(event: Event, aylin: Attendee) -> None:
    key = make(guests.guest(event, aylin.key), event)
    inside, outside = (timezone.now() + timedelta(minutes=m) for m in (9.9, 10))

    with time_machine.travel(outside, tick=False):
        assert carry.find(event, key) is None
    with time_machine.travel(inside, tick=False):
        assert carry.find(event, key) == aylin


def test_a_new_key_ends_the_one_before(event: Event, aylin: Attendee) -> None:
    client = guests.guest(event, aylin.key)
    first, second = make(client, event), make(client, event)

    assert [carry.find(event, key) for key in (first, second)] == [None, aylin]
    assert Carry.objects.count() == 1


def test_key_is_typed_as_people_type(event: Event, aylin: Attendee) -> None:
    key = make(guests.guest(event, aylin.key), event)
    typed = f" {key[:4].lower()}-{key[4:8]} \u2013 {key[8:]}."

    assert carry.find(event, typed) == aylin


def test_key_leads_into_its_own_event_only(event: Event, aylin: Attendee) -> None:
    other = factories.make_event()
    key = make(guests.guest(event, aylin.key), event)

    assert enter(guests.browser(), other, key).status_code == 403
    assert carry.find(event, key) == aylin


def test_key_stands_in_no_address_and_not_in_the_database(event: Event, aylin: Attendee) -> None:
    client = guests.guest(event, aylin.key)
    page = client.post(f"/{event.slug}/carry")
    key = make(client, event)

    assert "no-store" in page["Cache-Control"]
    assert key not in repr(list(Carry.objects.values()))
    # Whoever has a copy of the database cannot try out keys without the server's secret.
    bare = carry.hash_key(key)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.SECRET_KEY", "another")
        assert carry.hash_key(key) != bare
    in_address = guests.browser().get(f"/{event.slug}/carry/in?key={key}")
    assert key not in in_address.content.decode()


# --- guessing


def test_guesses_are_slowed_and_lock_nobody_out(event: Event, aylin: Attendee) -> None:
    key = make(guests.guest(event, aylin.key), event)
    hall = guests.browser()

    statuses = [enter(hall, event, new_key()).status_code for _ in range(80)]

    assert statuses[0] == 403
    assert statuses[-1] == 429
    assert enter(guests.browser(), event, key).status_code == 302  # from the very same address
    assert guests.browser().get(f"/{event.code}").status_code == 302


def test_one_guest_does_not_make_keys_without_end(event: Event, aylin: Attendee) -> None:
    client = guests.guest(event, aylin.key)

    statuses = [client.post(f"/{event.slug}/carry").status_code for _ in range(15)]

    assert (statuses[0], statuses[-1]) == (200, 429)


# --- somebody is here already


@pytest.fixture
def jonas(event: Event) -> Attendee:
    attendee = factories.make_attendee(event, "Jonas")
    factories.make_note(event, attendee=attendee, text="Bad chairs")
    return attendee


def test_guest_with_notes_of_their_own_decides(
    event: Event, aylin: Attendee, jonas: Attendee
) -> None:
    key, here = make(guests.guest(event, aylin.key), event), guests.guest(event, jonas.key)

    asked = enter(here, event, key)

    words = asked.content.decode()
    assert (asked.status_code, "Jonas" in words, "Aylin" in words) == (200, True, True)
    assert me(here, event) == ("Jonas", ["Bad chairs"])  # leaving it there changes nothing
    assert carry.find(event, key) == aylin

    assert enter(here, event, key, decision="take").status_code == 302
    assert me(here, event) == ("Aylin", ["Good coffee", "Bad chairs"])
    assert set(Post.objects.values_list("author_name", flat=True)) == {"Aylin", "Jonas"}


def test_guest_without_notes_is_not_asked(event: Event, aylin: Attendee) -> None:
    here = guests.guest(event, factories.make_attendee(event, "Nobody").key)

    assert enter(here, event, make(guests.guest(event, aylin.key), event)).status_code == 302
    assert me(here, event)[0] == "Aylin"
    assert Attendee.objects.count() == 1


def test_name_is_kept_where_the_other_has_none(event: Event, jonas: Attendee) -> None:
    other, here = guests.guest(event), guests.guest(event, jonas.key)

    enter(here, event, make(other, event), decision="take")

    assert me(here, event) == me(other, event) == ("Jonas", ["Bad chairs"])


def test_note_whose_receipt_was_lost_stays_one_note(event: Event, aylin: Attendee) -> None:
    here = guests.guest(event)
    note = guests.note("Sent, but the answer was lost")
    here.post(f"/{event.slug}/notes", note, headers=guests.JSON)
    enter(here, event, make(guests.guest(event, aylin.key), event), decision="take")

    again = here.post(f"/{event.slug}/notes", note, headers=guests.JSON)

    assert again.status_code == 200
    assert Post.objects.filter(text=note["text"]).count() == 1
    taken_back = notes.withdraw(event, attendee_key=aylin.key, name=note["idempotency"])
    assert taken_back is not None
    assert taken_back.state == Post.State.WITHDRAWN


def test_bringing_together_is_replayable(event: Event, aylin: Attendee, jonas: Attendee) -> None:
    way = carry.make(aylin)

    assert_replay(event, lambda: wall_guests.go_on_as(event, way.key, here=jonas.key))


def test_own_key_on_the_same_device_is_not_spent(event: Event, aylin: Attendee) -> None:
    client = guests.guest(event, aylin.key)
    key = make(client, event)

    answer = enter(client, event, key)

    assert answer["Location"] == f"/{event.slug}/you/"
    assert carry.find(event, key) == aylin


# --- closed events


def test_closed_event_is_entered_with_a_key_and_with_nothing_less(
    event: Event, aylin: Attendee
) -> None:
    event.closed = True
    event.save()
    new = guests.browser()
    key = make(guests.guest(event, aylin.key), event)

    assert new.get(f"/{event.slug}/wall/").status_code == 403
    assert new.get(f"/{event.slug}/carry/in").status_code == 200
    assert enter(new, event, key).status_code == 302
    assert new.get(f"/{event.slug}/wall/").status_code == 200
