"""The checker of the log finds every kind of damage, and none in a sound log."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from agenda.models import Event
from eventhub.live.check_log import MAX_OF_A_KIND, check, event_ids
from eventhub.live.log import changing
from eventhub.live.models import Change, Stream, new_tag
from tests.factories import make_event, make_post, make_slot
from wall import moderation
from wall.models import Post

pytestmark = pytest.mark.django_db


def write_behind_the_log(post: Post, **values: object) -> None:
    """As somebody with a database client would: no guard, no change."""
    Post._base_manager.filter(pk=post.pk).update(**values)


def drop(event: Event, *seqs: int) -> None:
    Change.objects.filter(event_id=event.pk, seq__in=seqs).delete()


def test_sound_log_gives_no_complaint(event: Event) -> None:
    posts = [make_post(event) for _ in range(5)]
    moderation.hide(posts[2], by=None)
    make_slot(event)
    with changing(event) as log:
        log.remove(log.fresh(posts[0]))

    assert check(event.pk) == []


def test_event_that_was_never_written_is_sound(event: Event) -> None:
    assert check(event.pk) == []
    assert event_ids() == []


def test_missing_changes_are_named_as_ranges(event: Event) -> None:
    with changing(event) as log:
        for _ in range(8):
            log.tell("access", topics=("user:1",), object_id=1)

    drop(event, 1, 3, 4, 8)

    assert check(event.pk) == [
        "Change 1 is missing.",
        "Changes 3-4 are missing.",
        "Change 8 is missing.",
    ]


def test_head_that_fell_back_is_found(event: Event) -> None:
    for _ in range(3):
        make_post(event)

    Stream.objects.filter(event_id=event.pk).update(head=2)

    assert check(event.pk) == [
        "There is a change 3, though the log ends at 2.",
    ]


def test_lost_stream_row_is_found(event: Event) -> None:
    make_post(event)

    Stream.objects.all().delete()

    assert check(event.pk) == ["There is a change 1, though the log ends at 0."]
    assert event_ids() == [event.pk]


def test_pruned_log_is_sound_and_half_pruned_is_not(event: Event) -> None:
    posts = [make_post(event) for _ in range(4)]
    Stream.objects.filter(event_id=event.pk).update(floor=2)

    assert check(event.pk) == [
        "Change 1 is still there, though the log begins after 2.",
    ]

    drop(event, 1, 2)

    assert check(event.pk) == []
    assert posts[0].version == 1


def test_shared_and_missing_tags_are_found(event: Event) -> None:
    for _ in range(4):
        make_post(event)
    tag = new_tag()

    Change.objects.filter(event_id=event.pk, seq__in=[1, 3]).update(tag=tag)
    Change.objects.filter(event_id=event.pk, seq=4).update(tag=0)

    assert check(event.pk) == [
        "2 changes share one tag, the last of them is change 3.",
        "Change 4 has no tag.",
    ]


def test_row_written_behind_the_log_is_found(event: Event) -> None:
    first, second, third = (make_post(event) for _ in range(3))

    write_behind_the_log(first, version=3)
    write_behind_the_log(second, version=9)
    write_behind_the_log(third, key="x" * 22)

    assert check(event.pk) == [
        f"post {first.pk} has version 3, its last change is 1.",
        f"post {second.pk} has version 9, its last change is 2.",
        f"Change 3 names post {third.pk} by another key.",
    ]


def test_row_that_no_change_names_is_found(event: Event) -> None:
    post = make_post(event)
    Change.objects.filter(event_id=event.pk).update(object_id=post.pk + 1)

    assert check(event.pk) == [f"post {post.pk} has version 1, its last change is missing."]


def test_complaints_of_one_kind_are_bounded(event: Event) -> None:
    for _ in range(2 * MAX_OF_A_KIND):
        make_post(event)

    Change.objects.filter(event_id=event.pk).update(tag=0)

    assert len(check(event.pk)) == MAX_OF_A_KIND


def test_command_is_silent_about_other_events(event: Event) -> None:
    other = make_event()
    make_post(event)
    make_post(other)
    drop(other, 1)
    out = StringIO()

    call_command("check_log", event.slug, stdout=out)

    assert out.getvalue() == f"event {event.pk}: in order\n"


def test_command_fails_when_something_is_wrong(event: Event) -> None:
    other = make_event()
    make_post(event)
    post = make_post(other)
    drop(other, 1)
    out = StringIO()

    with pytest.raises(CommandError) as failure:
        call_command("check_log", stdout=out)

    assert failure.value.returncode == 1
    assert out.getvalue().splitlines() == [
        f"event {event.pk}: in order",
        f"event {other.pk}: Change 1 is missing.",
        f"event {other.pk}: post {post.pk} has version 1, its last change is missing.",
    ]


def test_command_refuses_an_event_that_does_not_exist(db: None) -> None:
    with pytest.raises(CommandError, match="There is no event nowhere"):
        call_command("check_log", "nowhere")
