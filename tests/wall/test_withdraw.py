"""A note taken back by its guest is gone, for good and for everybody, whoever repeats what."""

import threading
from typing import Any

import pytest
from django.db import connection
from django.forms.models import model_to_dict

from agenda.models import Attendee, Event
from eventhub.live import reading
from eventhub.live.check_log import check
from eventhub.live.models import new_key
from eventhub.live.topics import registry
from tests.factories import make_attendee, make_event, make_moderator, make_note, make_session
from tests.replay import head, keys
from wall import ingest, moderation, notes
from wall.models import Decision, Post
from wall.moderation import DecidedMeanwhileError

pytestmark = [pytest.mark.django_db, pytest.mark.each_case]

WORDS = "canary of the note"
NAMES = {"author_name": "canary of the name", "organisation": "canary of the house"}
BEFORE = ["pending", "shown", "hidden"]


@pytest.fixture
def guest(event: Event) -> Attendee:
    return make_attendee(event, "Mira")


def note_of(guest: Attendee, **fields: Any) -> Post:
    return make_note(guest.event, attendee=guest, **{"text": WORDS} | NAMES | fields)


def everything(event: Event) -> str:
    """All that the database holds of the event's posts and decisions."""
    rows = [*Post.objects.filter(event=event), *Decision.objects.filter(event=event)]
    return " ".join(str(model_to_dict(row)) for row in rows)


def windows(event: Event, guest: Attendee) -> dict[str, str]:
    """What a new page of each topic would hold."""
    names = [*registry.shared(), f"mine:{guest.key}"]
    return {name: str(reading.window(event.pk, [name], "de").items) for name in names}


@pytest.mark.parametrize("before", BEFORE)
def test_note_taken_back_leaves_nothing_of_itself(guest: Attendee, before: str) -> None:
    event = guest.event
    note = note_of(guest, state=before, session=make_session(event), facets=[{"value": WORDS}])
    assert "canary" in everything(event)

    assert moderation.withdraw(note, attendee_key=guest.key) is True

    row = Post.objects.get(pk=note.pk)
    assert (row.state, row.text, row.facets, row.session) == ("withdrawn", "", [], None)
    assert (row.author_name, row.organisation) == ("", "")
    assert "canary" not in everything(event)
    assert [name for name, html in windows(event, guest).items() if "canary" in html] == []
    assert [name for name, html in windows(event, guest).items() if note.key in html] == [
        f"mine:{guest.key}"
    ]


def test_decisions_remember_that_it_was_taken_back(guest: Attendee) -> None:
    note = note_of(guest)

    moderation.withdraw(note, attendee_key=guest.key)

    decision = Decision.objects.get()
    assert (decision.before, decision.after, decision.by) == ("shown", "withdrawn", None)


def test_only_its_guest_takes_a_note_back(guest: Attendee) -> None:
    note = note_of(guest)
    before = head(guest.event)

    assert moderation.withdraw(note, attendee_key=make_attendee(guest.event).key) is False

    assert Post.objects.get(pk=note.pk).text == WORDS
    assert head(guest.event) == before


def test_taking_back_twice_changes_nothing_more(guest: Attendee) -> None:
    note = note_of(guest)
    moderation.withdraw(note, attendee_key=guest.key)
    before = head(guest.event)

    assert moderation.withdraw(note, attendee_key=guest.key) is False

    assert head(guest.event) == before


@pytest.mark.parametrize("seen", [False, True], ids=["unseen", "seen"])
@pytest.mark.parametrize("verb", [moderation.show, moderation.hide])
def test_nobody_decides_about_what_was_taken_back(guest: Attendee, verb: Any, seen: bool) -> None:
    mira = make_moderator(guest.event)
    note = note_of(guest, state="pending")
    moderation.withdraw(note, attendee_key=guest.key)
    version = Post.objects.get(pk=note.pk).version if seen else None

    with pytest.raises(DecidedMeanwhileError):
        verb(note, by=mira, seen_version=version)

    assert Post.objects.get(pk=note.pk).state == "withdrawn"


def test_no_decision_is_undone_once_the_note_was_taken_back(guest: Attendee) -> None:
    mira = make_moderator(guest.event)
    note = note_of(guest)
    moderation.hide(note, by=mira)
    moderation.withdraw(note, attendee_key=guest.key)

    for decision in Decision.objects.all():
        with pytest.raises(DecidedMeanwhileError):
            moderation.undo(note, decision_id=decision.pk, by=mira)

    assert Post.objects.get(pk=note.pk).state == "withdrawn"


def test_note_sent_once_more_does_not_come_back(event: Event) -> None:
    sent: dict[str, Any] = {"attendee_key": new_key(), "written": WORDS, "idempotency": new_key()}
    note = ingest.take_note(event, **sent).post
    moderation.withdraw(note, attendee_key=sent["attendee_key"])

    taken = ingest.take_note(event, **sent)

    assert (taken.created, taken.post.pk, taken.post.state) == (False, note.pk, "withdrawn")
    assert "canary" not in everything(event)


# --- by the name that the phone knows


@pytest.mark.parametrize("by", ["key", "idempotency"])
def test_note_is_taken_back_by_either_of_its_names(event: Event, by: str) -> None:
    guest, idempotency = new_key(), new_key()
    taken = ingest.take_note(event, attendee_key=guest, written=WORDS, idempotency=idempotency)
    name = taken.post.key if by == "key" else idempotency

    post = notes.withdraw(event, attendee_key=guest, name=name)

    assert post is not None
    assert (post.pk, post.state) == (taken.post.pk, "withdrawn")


def test_note_that_arrives_after_it_was_taken_back_stays_away(event: Event) -> None:
    guest, idempotency = new_key(), new_key()
    notes.withdraw(event, attendee_key=guest, name=idempotency)

    taken = ingest.take_note(event, attendee_key=guest, written=WORDS, idempotency=idempotency)

    assert (taken.created, taken.post.state, keys(event)) == (False, "withdrawn", [])
    assert "canary" not in everything(event)


def test_key_of_somebody_elses_note_names_no_note_of_mine(guest: Attendee) -> None:
    note = note_of(guest)

    found = notes.withdraw(guest.event, attendee_key=new_key(), name=note.key)

    assert (found, Post.objects.count()) == (None, 1)
    assert Post.objects.get().text == WORDS


def test_key_of_a_note_in_another_event_takes_nothing_back_there(guest: Attendee) -> None:
    note = note_of(guest)

    notes.withdraw(make_event(), attendee_key=guest.key, name=note.key)

    assert Post.objects.get(pk=note.pk).text == WORDS


@pytest.mark.django_db(transaction=True)
def test_note_taken_back_while_it_is_shown_is_gone(event: Event) -> None:
    """A moderator shows it, its guest takes it back, both at once: whoever is first, it is gone."""
    mira = make_moderator(event)
    for _ in range(5):
        guest = make_attendee(event)
        note = note_of(guest, state="pending")
        together = threading.Barrier(2)

        def show(note: Post = note, together: threading.Barrier = together) -> None:
            try:
                together.wait(30)
                moderation.show(note, by=mira, seen_version=note.version)
            except DecidedMeanwhileError:
                pass
            finally:
                connection.close()

        thread = threading.Thread(target=show)
        thread.start()
        together.wait(30)
        moderation.withdraw(note, attendee_key=guest.key)
        thread.join(30)

        assert Post.objects.get(pk=note.pk).state == "withdrawn"
        assert note.key not in keys(event)
    assert check(event.pk) == []
