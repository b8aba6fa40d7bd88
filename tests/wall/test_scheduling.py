"""What the desk does by itself: shows what is due, clears what has waited, says it is empty."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from agenda.models import Event, User
from tests.factories import (
    make_batch,
    make_event,
    make_incoming,
    make_moderator,
    make_note,
    make_post,
    make_rule,
    make_source,
)
from tests.replay import assert_replay, changes_since, head
from wall import ingest, moderation, presence, scheduling, standings
from wall.models import Listed, Post, Presence, Rule
from wall.scheduling import Scheduler

pytestmark = pytest.mark.django_db

HOUR = timedelta(minutes=60)
DELAYED, REVIEW = Rule.Mode.DELAYED, Rule.Mode.REVIEW


@pytest.fixture
def mira(event: Event) -> User:
    return make_moderator(event, "mira")


def counting(event: Event, seconds: int = 0, **fields: Any) -> Post:
    """A post whose time for second thoughts was over so many seconds ago."""
    due_at = timezone.now() - timedelta(seconds=seconds)
    return make_post(event, state="pending", due_at=due_at, **fields)


def row(post: Post) -> Post:
    return Post.objects.get(pk=post.pk)


def said(post: Post) -> tuple[str, str, datetime | None]:
    return row(post).state, row(post).reason, row(post).due_at


def test_clean_post_is_shown_after_its_delay_and_not_before(event: Event) -> None:
    make_rule(event, DELAYED, delay_s=30)
    post = ingest.take_note(
        event, attendee_key="A" * 22, written="Hallo", idempotency="A" * 22
    ).post
    due_at = row(post).due_at
    assert due_at is not None

    before, after = (scheduling.show_due(due_at + timedelta(seconds=s)) for s in (-1, 0))

    assert (before, after) == (0, 1)
    assert said(post) == ("shown", "", None)
    assert row(post).shown_seq is not None


def test_stopped_post_is_never_shown_by_itself(event: Event, mira: User) -> None:
    make_rule(event, DELAYED)
    post = counting(event)
    moderation.hold(post, by=mira)

    assert scheduling.show_due(timezone.now() + HOUR) == 0
    assert said(post) == ("pending", "held", None)


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ({"mode": REVIEW}, ""),
        ({"mode": DELAYED, "fallback": Rule.Fallback.TRUSTED}, "absent"),
        ({"mode": DELAYED, "fallback": Rule.Fallback.HOLD}, "absent"),
    ],
)
def test_what_has_changed_meanwhile_speaks_against_it(
    event: Event, rule: dict[str, Any], reason: str
) -> None:
    make_rule(event, **rule)
    post = counting(event)

    scheduling.show_due(timezone.now())

    assert said(post) == ("pending", reason, None)


def test_word_listed_and_author_blocked_meanwhile_speak_against_it(
    event: Event, mira: User
) -> None:
    make_rule(event, DELAYED)
    word, guest = counting(event, text="Troll"), make_note(event)
    standings.block_author(guest, by=mira)
    blocked = counting(event, author=standings.author_of(guest))
    Listed.objects.create(event=event, what="word", written="troll", folded="troll")

    scheduling.show_due(timezone.now())

    assert said(word) == ("pending", "word", None)
    assert said(blocked) == ("hidden", "blocked", None)


def test_each_source_goes_by_its_own_mode(event: Event) -> None:
    make_rule(event, DELAYED)
    strict, as_event = make_source(event, mode=REVIEW), make_source(event)
    posts = [counting(event, source=source) for source in (strict, as_event, None)]

    scheduling.show_due(timezone.now())

    assert [row(post).state for post in posts] == ["pending", "shown", "shown"]


def test_edit_begins_the_time_anew(event: Event) -> None:
    make_rule(event, DELAYED, hold_first=False)
    source, key = make_source(event), "https://x.example/1"
    for text in ("Hallo", "Hallo!"):
        ingest.take(source, make_batch(make_incoming(key, text=text)))
        scheduling.show_due(timezone.now() + timedelta(seconds=31))
        assert Post.objects.get().state == "shown"
    ingest.take(source, make_batch(make_incoming(key, text="Hallo?")))

    assert Post.objects.get().state == "pending"


def test_after_an_hour_a_post_leaves_the_queue_and_can_be_shown_after_all(
    event: Event, mira: User
) -> None:
    now = timezone.now()
    old, young = (
        make_post(event, state="pending", received_at=now - age)
        for age in (HOUR, HOUR - timedelta(seconds=1))
    )

    assert [scheduling.expire(now) for _ in range(2)] == [1, 0]

    assert said(old) == ("hidden", "expired", None)
    assert row(young).state == "pending"
    moderation.show(old, by=mira)
    assert row(old).state == "shown"


def test_what_came_back_to_the_queue_waits_anew(event: Event, mira: User) -> None:
    post = make_post(event, received_at=timezone.now() - 2 * HOUR, state="pending")
    undo = moderation.show(post, by=mira).undo
    moderation.undo(post, decision_id=undo or 0, by=mira)

    assert scheduling.expire(timezone.now()) == 0
    assert scheduling.expire(timezone.now() + HOUR) == 1


def test_empty_desk_is_told_once_and_so_is_its_end(event: Event, mira: User) -> None:
    make_rule(event, DELAYED)
    presence.here(event, mira)
    now, before = timezone.now(), head(event)

    for at in (now, now + timedelta(seconds=119)):
        scheduling.tell_who_is_there(at)
    assert Rule.objects.get().empty_since is None

    left = now + timedelta(seconds=125)
    for at in (left, left + HOUR):
        scheduling.tell_who_is_there(at)
    assert Rule.objects.get().empty_since == left
    assert [kind for kind, _key in changes_since(event, before)] == ["presence", "rule"]
    assert Presence.objects.count() == 0

    presence.here(event, mira)
    assert Rule.objects.get().empty_since is None


def test_where_everything_goes_on_anyway_nobody_is_missed(event: Event) -> None:
    make_rule(event, Rule.Mode.FREE, fallback=Rule.Fallback.GO_ON)

    scheduling.tell_who_is_there(timezone.now())

    assert Rule.objects.get().empty_since is None


def test_flood_is_shown_fifty_at_a_time(event: Event) -> None:
    make_rule(event, DELAYED)
    for _ in range(51):
        counting(event)
    now = timezone.now()

    assert [scheduling.show_due(now) for _ in range(3)] == [50, 1, 0]


def test_event_in_trouble_harms_only_itself(event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    other = make_event()
    for one in (event, other):
        make_rule(one, DELAYED)
    stuck, fine = counting(event), counting(other)
    original = scheduling._show_due

    def failing(event_id: int, at: datetime) -> int:
        if event_id == event.pk:
            raise OperationalError("the lock was not to be had in time")
        return original(event_id, at)

    monkeypatch.setattr(scheduling, "_show_due", failing)
    scheduling.show_due(timezone.now())

    assert [row(post).state for post in (stuck, fine)] == ["pending", "shown"]


def test_scheduler_looks_at_the_rest_every_few_seconds(event: Event) -> None:
    scheduler = Scheduler()
    first = make_post(event, state="pending", received_at=timezone.now() - HOUR)
    assert scheduler.look() == 1
    make_post(event, state="pending", received_at=timezone.now() - HOUR)
    assert scheduler.look() == 0
    assert row(first).state == "hidden"


def test_what_happens_by_itself_is_replayable(event: Event, mira: User) -> None:
    make_rule(event, DELAYED)
    counting(event)
    make_post(event, state="pending", received_at=timezone.now() - HOUR)
    presence.here(event, mira)

    assert_replay(event, lambda: scheduling.show_due(timezone.now()))
    assert_replay(event, lambda: scheduling.expire(timezone.now()))
    assert_replay(event, lambda: scheduling.tell_who_is_there(timezone.now() + HOUR))
