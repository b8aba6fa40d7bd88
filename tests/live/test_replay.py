"""For every kind of change: a page opened before and what follows its cursor make a new page."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from agenda import programme
from agenda.login import rights_changed
from agenda.models import Event
from eventhub.live import reading
from eventhub.live.log import changing
from eventhub.live.reading import START, Cursor, Reset
from tests.factories import (
    at,
    make_attendee,
    make_batch,
    make_incoming,
    make_moderator,
    make_note,
    make_post,
    make_room,
    make_rule,
    make_screen,
    make_session,
    make_slot,
    make_source,
)
from tests.replay import assert_replay, assert_up_to_date, every_topic, follow, head, keys, page
from wall import contact, ingest, moderation, notes
from wall.models import Post, Rule

# What a verb tells of is the same on every database; that nothing is missed while others write is
# proven on both by the schedules and the machine beside this.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

# A note that its author has taken back stays so. Only notes can be taken back, so no source brings
# an edit or a removal of one, and no moderator decides about it.
MOVABLE = [state for state in Post.State.values if state != Post.State.WITHDRAWN]


@pytest.fixture(autouse=True)
def things_on_every_page(event: Event) -> None:
    """A post of each state, a guest's note, a source, a rule and two slots stand there already."""
    make_rule(event)
    make_source(event)
    guest = make_attendee(event)
    for state in Post.State.values:
        make_post(event, state=state)
        make_note(event, attendee=guest, state=state)
    make_slot(event, start="10:00")
    make_slot(event, start="11:00")


@pytest.mark.parametrize("mode", Rule.Mode.values)
def test_note_is_replayable(event: Event, mode: Rule.Mode) -> None:
    guest = make_attendee(event)
    moderation.set_mode(event, mode, by=None)

    assert_replay(
        event,
        lambda: ingest.take_note(
            event, attendee_key=guest.key, written="Guten Tag!", idempotency="a" * 16
        ),
    )


@pytest.mark.parametrize("state", Post.State.values)
def test_new_post_is_replayable(event: Event, state: str) -> None:
    assert_replay(event, lambda: make_post(event, state=state))


@pytest.mark.parametrize("make", [make_post, make_note])
@pytest.mark.parametrize("before", MOVABLE)
@pytest.mark.parametrize("verb", [moderation.show, moderation.hide])
def test_decision_is_replayable(
    event: Event,
    verb: Callable[..., moderation.Outcome],
    before: str,
    make: Callable[..., Post],
) -> None:
    post = make(event, state=before)
    if verb(post, by=None).changed is False:
        # Deciding what is decided changes nothing, and there is nothing to replay.
        assert post.version == head(event)
        return
    post = make(event, state=before)

    assert_replay(event, lambda: verb(post, by=None))


def test_hiding_and_showing_again_is_replayable(event: Event) -> None:
    post = make_post(event)
    make_post(event)

    assert_replay(event, lambda: moderation.hide(post, by=None))
    assert_replay(event, lambda: moderation.show(post, by=None))


def test_undo_is_replayable(event: Event) -> None:
    post = make_post(event)
    moderator = make_moderator(event)
    undo = moderation.hide(post, by=moderator).undo
    assert undo is not None

    assert_replay(event, lambda: moderation.undo(post, decision_id=undo, by=moderator))


@pytest.mark.parametrize("before", MOVABLE)
def test_note_taken_back_is_replayable(event: Event, before: str) -> None:
    note = make_note(event, state=before, session=make_session(event), organisation="Hafen")
    assert note.attendee is not None
    key = note.attendee.key

    assert_replay(event, lambda: moderation.withdraw(note, attendee_key=key))


def test_note_taken_back_before_it_arrived_is_replayable(event: Event) -> None:
    guest = make_attendee(event)

    assert_replay(
        event, lambda: notes.withdraw(event, attendee_key=guest.key, name="never-seen-before-1")
    )


@pytest.mark.parametrize("mode", Rule.Mode.values)
@pytest.mark.parametrize("state", MOVABLE)
def test_edit_at_the_source_is_replayable(event: Event, state: str, mode: Rule.Mode) -> None:
    source = make_source(event)
    item = make_incoming(text="As it was.")
    make_post(event, source=source, origin=item.key, state=state)
    moderation.set_mode(event, mode, by=None)

    assert_replay(
        event, lambda: ingest.take(source, make_batch(replace(item, text="As it is now.")))
    )


@pytest.mark.parametrize("state", MOVABLE)
def test_removal_at_the_source_is_replayable(event: Event, state: str) -> None:
    source = make_source(event)
    item = make_incoming()
    make_post(event, source=source, origin=item.key, state=state)

    assert_replay(event, lambda: ingest.take(source, make_batch(replace(item, gone=True))))


def test_batch_is_replayable(event: Event) -> None:
    source = make_source(event)
    items = [make_incoming() for _ in range(7)]
    edited = replace(items[3], text="Once more, with care.")

    assert_replay(
        event, lambda: ingest.take(source, make_batch(*items, edited, replace(items[5], gone=True)))
    )


def test_mode_is_replayable(event: Event) -> None:
    assert_replay(event, lambda: moderation.set_mode(event, Rule.Mode.REVIEW, by=None))


@pytest.mark.parametrize("permanent", [False, True])
def test_failing_source_is_replayable(event: Event, permanent: bool) -> None:
    source = make_source(event)
    retry_at = timezone.now() + timedelta(seconds=10)

    assert_replay(
        event,
        lambda: contact.note_failure(
            source, message="The server is away.", retry_at=retry_at, permanent=permanent
        ),
    )


def test_recovering_source_is_replayable(event: Event) -> None:
    source = make_source(event, state="failing", error="The server is away.")

    assert_replay(event, lambda: ingest.take(source, make_batch()))


def test_new_source_and_screen_are_replayable(event: Event) -> None:
    assert_replay(event, lambda: make_source(event))
    assert_replay(event, lambda: make_screen(event))


def test_new_slot_is_replayable(event: Event) -> None:
    assert_replay(event, lambda: make_slot(event, room=make_room(event), start="10:30"))


def test_moved_slot_is_replayable_and_takes_its_new_place(event: Event) -> None:
    slot = make_slot(event, start="10:15")

    def move() -> None:
        with changing(event) as log:
            fresh = log.fresh(slot)
            fresh.starts_at, fresh.ends_at = at("15:00"), at("15:30")
            log.touch(fresh)

    assert keys(event, "programme").index(slot.key) == 1
    assert_replay(event, move)
    assert keys(event, "programme").index(slot.key) == 2


def test_removed_slot_is_replayable(event: Event) -> None:
    slot = make_slot(event)

    def remove() -> None:
        with changing(event) as log:
            log.remove(log.fresh(slot))

    assert_replay(event, remove)


def test_removed_post_is_replayable(event: Event) -> None:
    post = make_note(event)

    def remove() -> None:
        with changing(event) as log:
            log.remove(log.fresh(post))

    assert_replay(event, remove)


def test_renamed_session_is_replayable(event: Event) -> None:
    session = make_session(event, "Was it was called")
    make_slot(event, session=session, start="12:00")
    make_slot(event, session=session, start="14:00")

    def rename() -> None:
        session.title = "What it is called"
        session.save()
        programme.describe_anew(event, session.slots.all())

    assert_replay(event, rename)


@pytest.mark.parametrize("state", Post.State.values)
def test_renamed_session_is_renamed_on_the_notes_written_to_it(event: Event, state: str) -> None:
    session = make_session(event, "What it was called")
    make_note(event, state=state, session=session)

    def rename() -> None:
        session.title = "What it is called"
        session.save()
        programme.session_changed(session)

    assert_replay(event, rename)


@pytest.mark.parametrize("state", Post.State.values)
def test_removed_session_leaves_the_notes_written_to_it(event: Event, state: str) -> None:
    note = make_note(event, state=state, session=make_slot(event, start="12:00").session)
    assert note.session is not None
    session = note.session

    assert_replay(event, lambda: programme.remove(session))
    assert Post.objects.get(pk=note.pk).session is None


def test_removed_session_takes_its_slots_along(event: Event) -> None:
    slot = make_slot(event, start="12:00")

    assert_replay(event, lambda: programme.remove(slot.session))
    assert slot.key not in keys(event, "programme")


def test_renamed_event_is_replayable(event: Event) -> None:
    def rename() -> None:
        event.name, event.hashtag, event.code = "Another name", "another", "NEWCQDE"
        event.zone, event.accent, event.place = "Asia/Tokyo", "#00594a", "Elsewhere"
        event.save()
        programme.event_changed(event)

    assert_replay(event, rename)


def test_access_that_is_taken_away_changes_no_page(event: Event) -> None:
    moderator = make_moderator(event)

    assert_replay(event, lambda: rights_changed(moderator))


def test_everything_in_one_change_is_replayable(event: Event) -> None:
    shown, gone = make_post(event), make_note(event)
    pending = make_post(event, state=Post.State.PENDING)
    source = make_source(event)

    def all_at_once() -> None:
        with changing(event) as log:
            moderation.hide(shown, by=None)
            moderation.show(pending, by=None)
            moderation.set_mode(event, Rule.Mode.REVIEW, by=None)
            ingest.take(source, make_batch(make_incoming()))
            log.remove(log.fresh(gone))
            make_slot(event, start="16:00")
            moderation.show(shown, by=None)

    assert_replay(event, all_at_once)


def test_post_taken_and_shown_in_one_change_is_on_the_wall(event: Event) -> None:
    post = Post(event=event, origin="x", network="mastodon", text="Now!", written_at=at("09:00"))

    def take_and_show() -> None:
        with changing(event) as log:
            log.add(post)
            moderation.show(post, by=None)

    assert_replay(event, take_and_show)
    assert keys(event)[-1] == post.key


def test_every_position_of_a_log_leads_to_the_same_page(event: Event) -> None:
    """Also from the very beginning, and with all topics in one group."""
    names = [name for name in every_topic(event) if not name.startswith("mine")]
    pages = [page(event, names)]
    for state in [*MOVABLE, *MOVABLE]:
        post = make_post(event, state=state)
        pages.append(page(event, names))
        moderation.hide(post, by=None)
        moderation.show(post, by=None)
        pages.append(page(event, names))

    for replica in pages:
        follow(event, replica, names)
        assert_up_to_date(event, replica, names)


@pytest.mark.parametrize("changes", [1000, 1001])
def test_cursor_too_far_back_gets_the_complete_list(event: Event, changes: int) -> None:
    replica = page(event, ["wall"])
    cursor = Cursor.parse(replica.groups["shared"].cursor)
    with changing(event) as log:
        for _ in range(changes):
            log.tell("access", topics=("user:1",), object_id=1)

    answer = reading.catch_up(event.pk, ["wall"], "de", cursor)

    assert isinstance(answer, Reset) is (changes > 1000)
    assert str(reading.position(event.pk)) == answer.upto
    assert reading.is_proven(event.pk, START)
