"""What arrives becomes a post exactly once, whoever repeats it and wherever it is cut off."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from agenda.models import Attendee, Event
from eventhub.live import wake
from eventhub.live.check_log import check
from tests.factories import (
    make_batch,
    make_event,
    make_incoming,
    make_rule,
    make_source,
)
from tests.replay import changes_since, head, keys
from wall import contact, ingest, moderation
from wall.ingest import NoteRefused, Taken
from wall.models import Decision, Post, Rule, Source

pytestmark = pytest.mark.django_db

KEY = "0123456789abcdef"
FAMILY = "👨‍👩‍👧‍👦"  # one for people, seven for a computer


def take_note(event: Event, written: str = "Guten Tag!", **fields: Any) -> Taken:
    defaults: dict[str, Any] = {"attendee_key": "guest-1", "idempotency": KEY}
    return ingest.take_note(event, written=written, **defaults | fields)


def texts(event: Event) -> list[str]:
    return list(event.posts.order_by("pk").values_list("text", flat=True))


# --- notes


def test_note_sent_twice_is_one_post(event: Event) -> None:
    first = take_note(event)
    before = head(event)

    second = take_note(event, "Something else by now")

    assert (first.created, second.created) == (True, False)
    assert second.post == first.post
    assert texts(event) == ["Guten Tag!"]
    assert head(event) == before


def test_same_key_of_another_guest_or_event_is_another_note(event: Event) -> None:
    other = make_event()

    posts = {take_note(event).post.pk, take_note(event, attendee_key="guest-2").post.pk}
    posts.add(take_note(other).post.pk)

    assert len(posts) == 3


@pytest.mark.django_db(transaction=True)
def test_note_sent_by_two_threads_at_once_is_one_post(event: Event) -> None:
    """Also the very first ones of an event: stream, rule and guest are made at the same time."""
    taken: list[Taken] = []
    together = threading.Barrier(4)

    def send() -> None:
        try:
            together.wait(30)
            taken.append(take_note(event))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(one.created for one in taken) == [False, False, False, True]
    assert len({one.post.pk for one in taken}) == 1
    assert (Post.objects.count(), Attendee.objects.count(), Rule.objects.count()) == (1, 1, 1)
    assert check(event.pk) == []


@pytest.mark.parametrize("written", ["", " \n\t ", "\u200b\u2060", "\x00\x1b", "\u202e"])
def test_note_without_anything_in_it_is_refused(event: Event, written: str) -> None:
    with pytest.raises(NoteRefused) as refusal:
        take_note(event, written)

    assert refusal.value.code == "empty"
    assert (Post.objects.count(), Attendee.objects.count(), head(event)) == (0, 0, 0)


@pytest.mark.parametrize("written", ["x" * 281, "x" * 10_000, FAMILY * 281, "ä" * 281])
def test_note_of_more_than_280_characters_is_refused_with_its_count(
    event: Event, written: str
) -> None:
    with pytest.raises(NoteRefused) as refusal:
        take_note(event, written)

    assert refusal.value.code == "too_long"
    assert ("10000" if len(written) == 10_000 else "281") in refusal.value.message
    assert head(event) == 0


@pytest.mark.parametrize("written", ["x", "x" * 280, FAMILY * 280, "e\u0301" * 280])
def test_note_of_280_characters_as_people_count_is_taken(event: Event, written: str) -> None:
    assert take_note(event, written).post.state == Post.State.SHOWN


def test_note_is_stored_without_control_characters(event: Event) -> None:
    take_note(event, "a\x00b\x1b[31m\u202ec\r\nd <b>&amp;</b>\u2066 x")

    assert texts(event) == ["ab[31mc\nd <b>&amp;</b> x"]


def test_note_waits_in_review_and_is_shown_at_once_in_free_mode(event: Event) -> None:
    free = take_note(event).post
    moderation.set_mode(event, Rule.Mode.REVIEW, by=None)
    review = take_note(event, idempotency=KEY[::-1]).post

    assert [free.state, review.state] == ["shown", "pending"]
    assert keys(event) == [free.key]


def test_note_carries_the_nickname_it_was_written_with(event: Event) -> None:
    first = take_note(event, nickname=" Mira\u202e ")
    second = take_note(event, idempotency=KEY[::-1])
    third = take_note(event, idempotency=KEY[1:] * 2, nickname="")

    assert [one.post.author_name for one in (first, second, third)] == ["Mira", "Mira", ""]
    kept = event.posts.order_by("pk").values_list("author_name", flat=True)
    assert list(kept) == ["Mira", "Mira", ""]


# --- posts from elsewhere


@pytest.fixture
def source(event: Event) -> Source:
    make_rule(event)
    return make_source(event)


def test_item_fetched_twice_is_one_post(event: Event, source: Source) -> None:
    item = make_incoming()
    assert ingest.take(source, make_batch(item, item)) == 1
    before = Post.objects.get().version

    assert ingest.take(source, make_batch(item)) == 0

    assert Post.objects.get().version == before


def test_item_that_another_source_has_brought_is_the_same_post(
    event: Event, source: Source
) -> None:
    item = make_incoming()
    ingest.take(source, make_batch(item))

    assert ingest.take(make_source(event), make_batch(item)) == 0

    assert Post.objects.get().source == source


def test_items_are_placed_in_the_order_in_which_they_came(event: Event, source: Source) -> None:
    """Dates claimed by a source order nothing."""
    items = [make_incoming(written_at=timezone.now() - timedelta(hours=n)) for n in range(3)]

    ingest.take(source, make_batch(*items))

    assert keys(event) == list(event.posts.order_by("pk").values_list("key", flat=True))


def test_date_in_the_future_becomes_now(event: Event, source: Source) -> None:
    ingest.take(source, make_batch(make_incoming(written_at=timezone.now() + timedelta(days=9))))

    assert Post.objects.get().written_at <= timezone.now()


@pytest.mark.each_case
@pytest.mark.parametrize(
    ("mode", "state"), [(Rule.Mode.FREE, "shown"), (Rule.Mode.REVIEW, "pending")]
)
def test_edit_of_what_was_approved_is_looked_at_again_in_review_mode(
    event: Event, source: Source, mode: Rule.Mode, state: str
) -> None:
    item = make_incoming(text="Harmless.")
    ingest.take(source, make_batch(item))
    moderation.set_mode(event, mode, by=None)

    assert ingest.take(source, make_batch(replace(item, text="Buy now!"))) == 1

    post = Post.objects.get()
    assert (post.text, post.state) == ("Buy now!", state)
    assert keys(event) == ([post.key] if state == "shown" else [])
    assert [(d.before, d.after) for d in Decision.objects.all()] == (
        [("shown", "pending")] if state == "pending" else []
    )


def test_edit_of_what_was_hidden_stays_hidden(event: Event, source: Source) -> None:
    item = make_incoming()
    ingest.take(source, make_batch(item))
    moderation.hide(Post.objects.get(), by=None)

    ingest.take(source, make_batch(replace(item, text="Please!")))

    assert (Post.objects.get().text, Post.objects.get().state) == ("Please!", "hidden")


def test_what_its_author_calls_sensitive_is_looked_at_first(event: Event, source: Source) -> None:
    plain = make_incoming()
    marked = make_incoming(sensitive=True), make_incoming(summary="Spoilers")
    ingest.take(source, make_batch(plain, *marked))

    assert list(event.posts.order_by("pk").values_list("state", flat=True)) == [
        "shown",
        "pending",
        "pending",
    ]
    ingest.take(source, make_batch(replace(plain, sensitive=True)))
    assert event.posts.order_by("pk")[0].state == "pending"


def test_item_gone_at_the_source_leaves_the_wall(event: Event, source: Source) -> None:
    item = make_incoming()
    ingest.take(source, make_batch(item))

    assert ingest.take(source, make_batch(replace(item, gone=True))) == 1

    post = Post.objects.get()
    assert (post.state, post.text, post.author_name) == ("withdrawn", "", "")
    assert keys(event) == []
    assert ingest.take(source, make_batch(replace(item, gone=True))) == 0
    assert ingest.take(source, make_batch(item)) == 0  # a late or repeated creation


def test_item_deleted_before_it_came_never_comes(event: Event, source: Source) -> None:
    item = make_incoming()
    ingest.take(source, make_batch(replace(item, gone=True)))

    assert ingest.take(source, make_batch(item)) == 0
    assert Post.objects.count() == 0


def test_delete_that_overtakes_its_creation_in_one_batch_wins(event: Event, source: Source) -> None:
    item = make_incoming()

    assert ingest.take(source, make_batch(replace(item, gone=True), item)) == 0
    assert Post.objects.count() == 0


def test_item_gone_before_it_was_seen_is_nothing(event: Event, source: Source) -> None:
    assert ingest.take(source, make_batch(make_incoming(gone=True))) == 0

    assert Post.objects.count() == 0


def test_overlong_key_is_still_the_same_key(event: Event, source: Source) -> None:
    items = [make_incoming("https://social.example/" + "x" * 600 + end) for end in "ab"]

    ingest.take(source, make_batch(*items))
    ingest.take(source, make_batch(*items))

    assert Post.objects.count() == 2
    assert {len(origin) for origin in event.posts.values_list("origin", flat=True)} == {71}


# --- batches


@pytest.fixture
def fifty_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "MAX_ITEMS_PER_CHANGE", 50)


@pytest.mark.usefixtures("fifty_at_a_time")
def test_batch_of_120_is_three_changes_and_the_last_one_moves_the_cursor(
    event: Event, source: Source, committed: Callable[[], AbstractContextManager[object]]
) -> None:
    before, cursors = head(event), list[str]()

    def note_cursor(event_id: int) -> None:
        cursors.append(Source.objects.get(pk=source.pk).cursor)

    wake.listen(note_cursor)
    try:
        with committed():
            ingest.take(source, make_batch(*(make_incoming() for _ in range(120)), cursor="120"))
    finally:
        wake.unlisten(note_cursor)

    assert len(cursors) == 3
    told = [kind for kind, _ in changes_since(event, before)]
    assert told == ["post"] * 120 + ["source"]
    source.refresh_from_db()
    assert (source.cursor, source.state, source.version) == ("120", "good", head(event))


@pytest.mark.each_case
@pytest.mark.usefixtures("fifty_at_a_time")
@pytest.mark.parametrize("broken", [0, 49, 50, 75, 119])
def test_batch_that_is_cut_off_loses_nothing_and_doubles_nothing(
    event: Event, source: Source, broken: int
) -> None:
    items = [make_incoming() for _ in range(120)]
    cut: list[object] = list(items)
    cut[broken] = replace(items[broken], sensitive=None)  # type: ignore[arg-type]  # the database refuses

    with pytest.raises(IntegrityError):
        ingest.take(source, make_batch(*cut, cursor="120"))  # type: ignore[arg-type]

    source.refresh_from_db()
    assert source.cursor == ""
    assert Post.objects.count() == broken // 50 * 50
    assert check(event.pk) == []

    ingest.take(source, make_batch(*items, cursor="120"))

    source.refresh_from_db()
    assert source.cursor == "120"
    assert texts(event) == [item.text for item in items]
    assert check(event.pk) == []


def test_nothing_new_is_written_without_telling_anybody(event: Event, source: Source) -> None:
    ingest.take(source, make_batch(cursor="1"))
    before = head(event)

    ingest.take(source, make_batch(cursor="2"))

    source.refresh_from_db()
    assert (source.cursor, head(event)) == ("2", before)


def test_failure_is_remembered_in_plain_words_until_it_works_again(
    event: Event, source: Source
) -> None:
    retry_at = timezone.now() + timedelta(seconds=10)

    contact.note_failure(source, message="The server is away.", retry_at=retry_at, permanent=False)
    failing = Source.objects.get(pk=source.pk)
    ingest.take(source, make_batch(cursor="1"))
    good = Source.objects.get(pk=source.pk)

    assert (failing.state, failing.error, failing.next_try_at) == (
        "failing",
        "The server is away.",
        retry_at,
    )
    assert (good.state, good.error) == ("good", "")


def test_permanent_failure_stops_the_source(event: Event, source: Source) -> None:
    contact.note_failure(source, message="No such tag.", retry_at=timezone.now(), permanent=True)

    assert list(Source.objects.due(timezone.now() + timedelta(days=1))) == []
