"""Several organizers arrange one programme at the same moment: one is told, nothing is lost."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from agenda import placing
from agenda.models import Event, Session, Slot
from agenda.placing import ChangedMeanwhile
from eventhub.live.check_log import check
from tests.factories import at, make_room, make_session, make_slot
from tests.replay import head
from tests.test_placing import moved, row, where


def in_threads(*deeds: Callable[[], object]) -> list[str]:
    """What each deed ended in, all of them begun at the same moment."""
    start = threading.Barrier(len(deeds))
    ends: list[str] = []

    def run(deed: Callable[[], object]) -> None:
        try:
            start.wait()
            deed()
            ends.append("done")
        except ChangedMeanwhile:
            ends.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(ends)


@pytest.mark.django_db(transaction=True)
def test_of_two_organizers_who_move_the_same_slot_one_is_told(event: Event) -> None:
    slot, room = make_slot(event), make_room(event)
    seen = slot.version

    ends = in_threads(
        lambda: moved(slot, room, "12:00", version=seen),
        lambda: moved(slot, room, "13:00", version=seen),
    )

    assert ends == ["done", "refused"]
    assert where(slot)[1] in {"12:00", "13:00"}
    assert (row(slot).sequence, head(event), check(event.pk)) == (1, 2, [])


@pytest.mark.django_db(transaction=True)
def test_of_two_organizers_who_place_the_same_session_one_is_told(event: Event) -> None:
    session = make_session(event)

    def deed(clock: str) -> Callable[[], object]:
        start, end = at(clock), at(clock) + timedelta(minutes=30)
        return lambda: placing.place(event, session, None, start, end, unplaced=True)

    ends = in_threads(deed("10:00"), deed("11:00"))

    assert (ends, Slot.objects.count()) == (["done", "refused"], 1)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_number_their_slots_without_a_gap(event: Event) -> None:
    sessions = [make_session(event) for _ in range(6)]

    def deed(session: Session) -> Callable[[], object]:
        return lambda: placing.place(event, session, None, at("10:00"), at("11:00"))

    ends = in_threads(*map(deed, sessions))

    assert ends == ["done"] * 6
    assert sorted(Slot.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]
