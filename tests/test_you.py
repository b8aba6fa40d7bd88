"""One's own data: read, taken along, erased; each guest sees and erases their own only."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from agenda import carry, feedback
from agenda.models import Attendee, Carry, Event
from eventhub.live.log import changing
from eventhub.live.models import new_key
from tests import factories, guests
from tests.replay import assert_replay
from wall import guests as wall_guests
from wall import moderation
from wall.models import Author, Decision, Post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def full_buckets() -> None:
    guests.refill_buckets()


@pytest.fixture
def aylin(event: Event) -> Attendee:
    """A guest with a name, a second line and notes in every state."""
    attendee = factories.make_attendee(event, "Aylin")
    attendee.organisation = "Musterbau"
    attendee.save()
    for state in ("pending", "shown", "hidden"):
        factories.make_note(event, attendee=attendee, text=f"Note {state}", state=state)
    return attendee


# --- read


def test_page_shows_name_notes_and_when_everything_goes(event: Event, aylin: Attendee) -> None:
    factories.make_note(event, text="Somebody else's")

    page = guests.guest(event, aylin.key).get(f"/{event.slug}/you/")

    words = page.content.decode()
    for word in ("Aylin", "Musterbau", "Note pending", "Note shown", "Note hidden", "2099"):
        assert word in words
    assert "Somebody else" not in words
    assert "no-store" in page["Cache-Control"]


def test_stranger_reads_that_nothing_is_stored(event: Event, aylin: Attendee) -> None:
    page = guests.browser().get(f"/{event.slug}/you/")

    words = page.content.decode()
    assert page.status_code == 200
    assert "nothing is stored about you" in words
    assert "you/erase" not in words


def test_page_is_linked_from_every_foot_of_the_event(event: Event) -> None:
    for address in ("", "wall/", "impressum"):
        page = guests.guest(event).get(f"/{event.slug}/{address}").content.decode()
        assert f'href="/{event.slug}/you/"' in page


# --- taken along


def test_file_holds_everything_of_this_guest_and_of_no_other(event: Event, aylin: Attendee) -> None:
    other = factories.make_attendee(event, "Jonas")
    factories.make_note(event, attendee=other, text="Somebody else's")
    shown = Post.objects.get(text="Note shown")
    moderation.hide(shown, by=factories.make_moderator(event, "mira"))
    carry.make(aylin)

    answer = guests.guest(event, aylin.key).get(f"/{event.slug}/you/data.json")

    said = answer.json()
    assert answer["Content-Disposition"] == f'attachment; filename="{event.slug}-data.json"'
    assert "no-store" in answer["Cache-Control"]
    assert said["guest"]["name"] == "Aylin"
    assert said["guest"]["organisation"] == "Musterbau"
    assert [note["text"] for note in said["notes"]] == ["Note pending", "Note shown", "Note hidden"]
    assert [one["after"] for one in said["notes"][1]["decisions"]] == ["hidden"]
    assert len(said["ways_to_other_devices"]) == 1
    assert not any(word in json.dumps(said) for word in ("Jonas", "Somebody", other.key, "mira"))


def test_every_field_of_guest_and_note_is_told_or_left_out_for_a_reason() -> None:
    """A field that is added must be thought of here."""
    told = {"id", "event", "key", "nickname", "organisation", "tags", "created_at"}
    assert {field.name for field in Attendee._meta.fields} == told

    told = {"key", "text", "state", "author_name", "organisation", "session", "origin"}
    told |= {"written_at", "received_at", "attendee", "prompt"}
    # Numbers of ours, what only posts from elsewhere have, what follows from the text, and who of
    # the staff decided: that is told with the decision, without the name.
    left_out = {"id", "version", "shown_seq", "event", "source", "network", "author_handle", "url"}
    left_out |= {"summary", "sensitive", "facets", "decided_by", "author", "remote_id", "language"}
    left_out |= {"badge", "likeness", "due_at", "checked_at", "reason"}
    assert {field.name for field in Post._meta.fields} == told | left_out


def test_what_the_desk_thinks_of_a_guest_is_told_to_them(event: Event, aylin: Attendee) -> None:
    address, client = f"/{event.slug}/you/data.json", guests.guest(event, aylin.key)
    before = client.get(address).json()["guest"]["judged"]
    Author.objects.create(event=event, attendee=aylin, identity="guest:1", standing="trusted")

    judged = client.get(address).json()["guest"]["judged"]

    assert (before, judged) == (None, {"standing": "trusted", "at": None})


@pytest.mark.each_case
@pytest.mark.parametrize(("standing", "stays"), [("blocked", ["blocked"]), ("trusted", [])])
def test_block_follows_a_guest_into_another_browser_and_trust_does_not(
    event: Event, aylin: Attendee, standing: str, stays: list[str]
) -> None:
    there = factories.make_attendee(event)
    author = Author.objects.create(event=event, attendee=aylin, identity="1", standing=standing)
    note = Post.objects.get(text="Note shown")
    with changing(event) as log:
        fresh = log.fresh(note)
        fresh.author = author
        log.touch(fresh)

    wall_guests.go_on_as(event, carry.make(there).key, here=aylin.key)

    assert [one.standing for one in Author.objects.filter(attendee=there)] == stays
    assert Author.objects.count() == len(stays)
    moved = Post.objects.get(pk=note.pk)
    assert (moved.attendee, moved.author) == (there, Author.objects.first())


def test_guest_who_has_done_nothing_gets_an_empty_file(event: Event) -> None:
    said = guests.guest(event).get(f"/{event.slug}/you/data.json").json()

    assert (said["guest"], said["notes"]) == (None, [])


def test_stranger_gets_no_file(event: Event) -> None:
    assert guests.browser().get(f"/{event.slug}/you/data.json").status_code == 403


# --- erased


def test_erased_guest_leaves_nothing(
    event: Event, aylin: Attendee, committed: Callable[[], AbstractContextManager[object]]
) -> None:
    kept = factories.make_note(event, text="Somebody else's")
    moderation.hide(Post.objects.get(text="Note shown"), by=None)
    carry.make(aylin)
    client = guests.guest(event, aylin.key)

    with committed():
        answer = client.post(f"/{event.slug}/you/erase", {"sure": "yes"})

    assert answer.status_code == 200
    assert "Your 3 notes have left every screen." in answer.content.decode()
    assert client.cookies[guests.attendee_cookie(event)].value == ""
    assert list(Post.objects.all()) == [kept]
    assert not Attendee.objects.filter(pk=aylin.pk).exists()
    assert not Carry.objects.exists()
    assert {one.post_id for one in Decision.objects.all()} == {None}


def test_erasing_is_told_to_every_open_page(event: Event, aylin: Attendee) -> None:
    assert_replay(event, lambda: wall_guests.erase(event, aylin.key))


def test_nothing_is_erased_without_a_second_word(event: Event, aylin: Attendee) -> None:
    client = guests.guest(event, aylin.key)

    answer = client.post(f"/{event.slug}/you/erase")

    assert answer.status_code == 422
    assert "Nothing has been deleted." in answer.content.decode()
    assert Post.objects.not_withdrawn().count() == 3


def test_erasing_twice_is_harmless(event: Event, aylin: Attendee) -> None:
    assert [wall_guests.erase(event, aylin.key) for _ in range(2)] == [3, 0]
    assert guests.browser().post(f"/{event.slug}/you/erase", {"sure": "yes"}).status_code == 403


def test_other_device_begins_anew_after_erasing(event: Event, aylin: Attendee) -> None:
    other = guests.guest(event, aylin.key)
    wall_guests.erase(event, aylin.key)

    assert other.get(f"/{event.slug}/me").json()["notes"] == []
    assert guests.post_note(other, event, "Hello again").status_code == 201


def test_answers_stay_because_nobody_knows_whose_they_are(event: Event, aylin: Attendee) -> None:
    event.feedback = Event.Feedback.OPEN
    event.save()
    feedback.answer(event, origin=new_key(), answers={"good": "The coffee"})

    wall_guests.erase(event, aylin.key)

    assert event.answers.count() == 1
