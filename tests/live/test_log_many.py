"""Many rows in one log: told as one by one, numbered without a gap, with few statements."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agenda.models import Event, Slot
from eventhub.live.check_log import check
from eventhub.live.log import BATCH, changing
from eventhub.live.models import Change
from tests.factories import at, make_session, make_slot
from tests.replay import head

pytestmark = pytest.mark.django_db


def new_slots(event: Event, count: int) -> list[Slot]:
    session = make_session(event)
    begin = at("08:00")
    return [
        Slot(
            event=event,
            session=session,
            number=number,
            starts_at=begin + timedelta(minutes=number),
            ends_at=begin + timedelta(minutes=number + 1),
        )
        for number in range(1, count + 1)
    ]


def test_each_of_many_new_rows_has_a_change_and_its_version(event: Event) -> None:
    with changing(event) as log:
        log.add_all(new_slots(event, 3))

    changes = Change.objects.filter(event_id=event.pk).order_by("seq")
    slots = list(Slot.objects.order_by("number"))
    assert [(c.seq, c.object_id, c.key, c.kind) for c in changes] == [
        (slot.version, slot.pk, slot.key, "slot") for slot in slots
    ]
    assert head(event) == 3
    assert check(event.pk) == []


def test_many_rows_cost_few_statements(event: Event) -> None:
    rows = new_slots(event, BATCH)

    with CaptureQueriesContext(connection) as queries, changing(event) as log:
        log.add_all(rows)

    assert len(queries) < BATCH / 10  # SQLite takes 999 values at a time


def test_many_rows_are_moved_at_once(event: Event) -> None:
    slots = [make_slot(event) for _ in range(3)]
    for slot in slots:
        slot.starts_at -= timedelta(hours=1)

    with changing(event) as log:
        log.touch_all(slots, ["starts_at"])

    stored = list(Slot.objects.order_by("version"))
    assert [slot.starts_at for slot in stored] == [at("09:00")] * 3
    assert [slot.version for slot in stored] == [4, 5, 6]
    assert check(event.pk) == []


def test_row_is_not_moved_twice_in_one_log(event: Event) -> None:
    slot = make_slot(event)

    with pytest.raises(ValueError, match="touched before"), changing(event) as log:
        log.touch_all([slot, slot], ["starts_at"])

    assert head(event) == 1


def test_many_rows_go_and_are_told_by_their_keys(event: Event) -> None:
    slots = [make_slot(event) for _ in range(3)]
    keys = [slot.key for slot in slots]

    with changing(event) as log:
        log.remove_all(slots)

    assert not Slot.objects.exists()
    told = Change.objects.filter(event_id=event.pk, seq__gt=3).order_by("seq")
    assert [change.key for change in told] == keys


def test_nothing_to_do_says_nothing(event: Event) -> None:
    with changing(event) as log:
        log.add_all([])
        log.touch_all([], ["starts_at"])
        log.remove_all([])

    assert head(event) == 0
