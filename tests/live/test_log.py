"""The one door: what is refused outside it, what joins inside it, what a form cannot move."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import replace

import pytest
from django.db import Error, connection, transaction
from django.forms import modelform_factory

from agenda.login import rights_changed
from agenda.models import Event, Slot
from eventhub.live import wake
from eventhub.live.check_log import check
from eventhub.live.guard import LogClosedError, open_log
from eventhub.live.log import Log, TwoEventsError, changing
from eventhub.live.models import Change, Shown, Stream
from eventhub.live.topics import Registry, registry
from tests.factories import (
    at,
    make_event,
    make_moderator,
    make_post,
    make_rule,
    make_screen,
    make_session,
    make_slot,
    make_source,
)
from tests.live.sockets import PATIENCE_S
from tests.replay import changes_since, head
from wall import moderation
from wall.models import Post

Committed = Callable[[], AbstractContextManager[object]]
MAKERS = [make_post, make_slot, make_source, make_rule, make_screen]


def fail_in(event: Event) -> None:
    with changing(event):
        make_post(event)
        raise ZeroDivisionError


@pytest.mark.django_db
@pytest.mark.parametrize("make", MAKERS)
def test_shown_row_is_not_written_outside_the_log(
    event: Event, make: Callable[[Event], Shown]
) -> None:
    row = make(event)
    rows = type(row)._default_manager.all()
    for write in (
        row.save,
        row.delete,
        lambda: rows.update(version=5),
        rows.delete,
        lambda: rows.bulk_create([row]),
        lambda: rows.bulk_update([row], ["version"]),
    ):
        with pytest.raises(LogClosedError):
            write()

    assert changes_since(event, 0) == [(row.kind, row.key)]
    assert check(event.pk) == []


@pytest.mark.django_db
def test_shown_row_is_not_written_in_the_log_of_another_event(event: Event) -> None:
    post = make_post(make_event())

    for write in Log.touch, Log.remove:
        with pytest.raises(LogClosedError), changing(event) as log:
            write(log, post)

    assert head(event) == 0
    assert open_log() is None


@pytest.mark.django_db
def test_row_of_another_event_is_not_found_in_this_log(event: Event) -> None:
    post = make_post(make_event())

    with pytest.raises(Post.DoesNotExist), changing(event) as log:
        log.fresh(post)


@pytest.mark.django_db
def test_fresh_is_the_state_as_of_now_and_one_object(event: Event) -> None:
    stale = make_post(event)
    moderation.hide(Post.objects.get(pk=stale.pk), by=None)

    with changing(event) as log:
        fresh = log.fresh(stale)

        assert (stale.state, fresh.state) == ("shown", "hidden")
        assert log.fresh(stale) is fresh


@pytest.mark.django_db
def test_nested_change_joins_the_open_one(event: Event) -> None:
    with changing(event) as outer:
        first = make_post(event)
        with changing(event.pk) as inner:
            second = make_post(event)
        assert inner is outer

    assert [first.version, second.version] == [1, 2]
    assert changes_since(event, 0) == [("post", first.key), ("post", second.key)]


@pytest.mark.django_db
def test_second_event_in_one_transaction_is_refused(event: Event) -> None:
    other = make_event()

    def change_both() -> None:
        with changing(event):
            make_post(event)
            make_post(other)

    with pytest.raises(TwoEventsError):
        change_both()

    assert (head(event), head(other), Post.objects.count()) == (0, 0, 0)
    assert make_post(other).version == 1


@pytest.mark.django_db
def test_nested_change_that_failed_takes_the_whole_back(event: Event) -> None:
    """Also if somebody swallows its error: half a change is not written."""

    def swallow() -> None:
        with changing(event):
            make_post(event)
            with suppress(ZeroDivisionError):
                fail_in(event)

    with pytest.raises(RuntimeError, match="taken back"):
        swallow()

    assert (head(event), Post.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_change_that_failed_leaves_neither_row_nor_number(event: Event) -> None:
    with pytest.raises(ZeroDivisionError):
        fail_in(event)

    assert (head(event), Post.objects.count(), open_log()) == (0, 0, None)
    assert make_post(event).version == 1


@pytest.mark.django_db
def test_row_touched_twice_in_one_change_is_told_once_with_its_last_state(event: Event) -> None:
    post = make_post(event, state="pending")

    with changing(event) as log:
        fresh = log.fresh(post)
        fresh.text = "First."
        log.touch(fresh)
        make_post(event)
        fresh.text, fresh.state = "Second.", "shown"
        log.touch(fresh)

    row = Post.objects.get(pk=post.pk)
    assert (row.text, row.version, row.shown_seq) == ("Second.", 2, 2)
    told = Change.objects.get(event_id=event.pk, seq=2).topics.split()
    assert sorted(told) == ["cues", "desk", "wall"]  # each once
    assert check(event.pk) == []


@pytest.mark.django_db
def test_removed_row_can_still_be_named(event: Event) -> None:
    post = make_post(event)

    with changing(event) as log:
        log.remove(log.fresh(post))

    assert changes_since(event, 1) == [("post", post.key)]
    assert Change.objects.get(event_id=event.pk, seq=2).object_id == post.pk


@pytest.mark.django_db
def test_quiet_write_has_no_number_and_wakes_nobody(event: Event, committed: Committed) -> None:
    source = make_source(event)
    with heard() as woken, committed(), changing(event) as log:
        fresh = log.fresh(source)
        fresh.cursor = "7"
        log.write_quietly(fresh)

    source.refresh_from_db()
    assert (source.cursor, source.version, head(event), woken) == ("7", 1, 1, [])


@pytest.mark.django_db
def test_commit_wakes_the_hubs_once_and_a_rollback_does_not(
    event: Event, committed: Committed
) -> None:
    with heard() as woken:
        with committed(), changing(event):
            make_post(event)
            make_post(event)
        with committed(), pytest.raises(ZeroDivisionError):
            fail_in(event)

    assert woken == [event.pk]


@pytest.mark.django_db
def test_listener_that_fails_harms_neither_the_change_nor_the_others(
    event: Event, committed: Committed, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(event_id: int) -> None:
        raise ZeroDivisionError

    wake.listen(fails)
    try:
        with committed():
            make_post(event)
    finally:
        wake.unlisten(fails)

    assert head(event) == 1


@pytest.mark.django_db
def test_form_that_saves_the_whole_event_cannot_move_the_counter(event: Event) -> None:
    """What the admin does: load, wait for the organizer, write every column back."""
    loaded = Event.objects.get(pk=event.pk)
    make_post(event)
    make_post(event)
    form = modelform_factory(Event, fields=["name"])({"name": "Renamed"}, instance=loaded)

    form.save()

    assert (head(event), make_post(event).version) == (2, 3)
    assert check(event.pk) == []


@pytest.mark.django_db
def test_form_that_saves_a_stale_slot_is_given_a_new_version(event: Event) -> None:
    slot = make_slot(event)
    stale = Slot.objects.get(pk=slot.pk)
    with changing(event) as log:
        log.touch(log.fresh(slot))

    with changing(event) as log:
        form = modelform_factory(Slot, fields=["ends_at"])({"ends_at": at("12:00")}, instance=stale)
        assert form.is_valid()
        log.touch(form.save(commit=False))

    assert Slot.objects.get(pk=slot.pk).version == 3
    assert check(event.pk) == []


@pytest.mark.django_db
def test_access_is_told_to_its_subject_alone(event: Event) -> None:
    moderator = make_moderator(event)

    rights_changed(moderator)

    (change,) = Change.objects.filter(event_id=event.pk)
    assert (change.kind, change.topics, change.key) == ("access", f"user:{moderator.pk}", "")


@pytest.mark.django_db(transaction=True)
def test_change_inside_somebody_elses_transaction_is_refused(event: Event) -> None:
    """Its commit would not be ours: the lock would be held for as long as they like."""
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        make_post(event)

    assert head(event) == 0


@pytest.mark.django_db(transaction=True)
def test_twenty_threads_at_once_make_a_dense_log(event: Event) -> None:
    session, posts, failures = make_session(event), 5, list[Error]()
    together = threading.Barrier(20)

    def write() -> None:
        try:
            together.wait(PATIENCE_S)
            for _ in range(posts):
                make_slot(event, session=session)
        except Error as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)

    assert failures == []
    assert sorted(Slot.objects.values_list("version", flat=True)) == list(range(1, 101))
    assert (Stream.objects.get().head, check(event.pk)) == (100, [])


class heard:
    """The ids of the events for which the hubs of this process are woken."""

    def __enter__(self) -> list[int]:
        self.woken: list[int] = []
        wake.listen(self.woken.append)
        return self.woken

    def __exit__(self, *exc: object) -> None:
        wake.unlisten(self.woken.append)


@pytest.mark.django_db
def test_topic_hears_of_rows_that_do_not_know_it(
    event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower = replace(registry["programme"], name="follower", follows=("rule",))
    mine = Registry()
    mine.add(follower)
    monkeypatch.setattr("eventhub.live.log.registry", mine)

    with changing(event) as log:
        rule = make_rule(event)
        slot = make_slot(event)

    rows = Change.objects.filter(event_id=event.pk)
    told = {change.kind: change.topics.split() for change in rows}
    assert "follower" in told[rule.kind]
    assert "follower" not in told[slot.kind]
    assert log.has_told(rule)
