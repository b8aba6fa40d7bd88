"""Whose turn it is: in order within a lane, those in charge first, and nobody for ever last."""

import threading

import pytest

from eventhub.live.queue import TurnMissed, WritersQueue
from tests.live.sockets import PATIENCE_S

FIRST, OTHER = True, False


def order_of(queue: WritersQueue, *lanes: bool) -> list[int]:
    """In which order writers have their turn who asked one after the other, in these lanes."""
    order, threads = list[int](), list[threading.Thread]()

    def wait(number: int, first: bool) -> None:
        with queue.turn(first=first):
            order.append(number)

    with queue.turn(first=OTHER):
        for number, first in enumerate(lanes):
            threads.append(threading.Thread(target=wait, args=[number, first]))
            threads[-1].start()
            while queue.waiting <= number:
                pass
    for thread in threads:
        thread.join(PATIENCE_S)
    return order


@pytest.mark.parametrize("lane", [FIRST, OTHER])
def test_writers_of_a_lane_come_in_the_order_in_which_they_asked(lane: bool) -> None:
    assert order_of(WritersQueue(), *[lane] * 10) == list(range(10))


def test_who_is_in_charge_comes_before_all_who_wait() -> None:
    assert order_of(WritersQueue(), *[OTHER] * 20, FIRST, FIRST) == [20, 21, *range(20)]


def test_after_some_in_charge_one_of_the_others_has_a_turn() -> None:
    assert order_of(WritersQueue(), OTHER, OTHER, *[FIRST] * 10) == [
        *range(2, 6),
        *[0, *range(6, 10)],
        *[1, *range(10, 12)],
    ]


def test_nobody_is_counted_against_those_in_charge_while_nobody_else_waits() -> None:
    queue = WritersQueue()
    assert order_of(queue, *[FIRST] * 6) == list(range(6))

    assert order_of(queue, *[FIRST] * 4, OTHER) == list(range(5))


class Unbounded(WritersQueue):
    MOST_IN_A_ROW = 10**9


def test_without_that_bound_the_others_would_wait_for_all_of_them() -> None:
    """The negative control: keepers who never rest would keep everybody else out."""
    asked = [OTHER, *[FIRST] * 30]

    assert order_of(Unbounded(), *asked).index(0) == 30
    assert order_of(WritersQueue(), *asked).index(0) == WritersQueue.MOST_IN_A_ROW


def test_turn_that_does_not_come_in_time_is_missed_and_leaves_the_queue() -> None:
    queue = WritersQueue()
    with queue.turn(first=OTHER):
        for lane in FIRST, OTHER:
            with pytest.raises(TurnMissed), queue.turn(first=lane, longest_s=0.001):
                raise AssertionError("two have a turn")
        assert queue.waiting == 0

    assert order_of(queue, OTHER, FIRST) == [1, 0]


def test_turn_ends_with_whoever_fails_in_it() -> None:
    queue = WritersQueue()
    with pytest.raises(ZeroDivisionError), queue.turn(first=OTHER):
        raise ZeroDivisionError

    assert order_of(queue, OTHER) == [0]
