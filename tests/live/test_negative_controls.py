"""Four ways in which this has been built wrong elsewhere: they must fail where ours does not.

If one of them stopped failing, the tests that ours passes would prove nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, permutations, product
from typing import Any

import pytest
from django.db import connection, transaction
from django.forms import modelform_factory

from agenda.models import Event, Room
from eventhub.live import reading
from eventhub.live.hub import Hub
from eventhub.live.models import Stream
from eventhub.live.reading import Cursor, Frame, Item, Reset
from eventhub.live.topics import registry
from tests.factories import make_event, make_post, make_room
from tests.live.interleaving import with_between
from tests.live.sockets import Tab, aside, until
from tests.live.writers import Ending, run_schedule
from tests.replay import changes_since, keys, page, wire
from tests.replica import Replica
from wall import moderation
from wall.models import Post

# --- a number drawn before the commit: a serial id, an auto-increment, Redis' INCR

ORDERS = sorted(set(permutations(["A draws", "A ends", "B draws", "B ends"])))
ORDERS = [o for o in ORDERS if o.index("A draws") < o.index("A ends")]
ORDERS = [o for o in ORDERS if o.index("B draws") < o.index("B ends")]


class SerialLog:
    """A log that is numbered by whoever comes first, and read by whoever has committed."""

    def __init__(self) -> None:
        self.counter = count(1)
        self.cursor = 0
        self.seen: set[str] = set()

    def read(self) -> None:
        with connection.cursor() as cursor:
            since = "SELECT id, name FROM serial_log WHERE id > %s ORDER BY id"
            cursor.execute(since, [self.cursor])
            for number, name in cursor.fetchall():
                self.cursor = number
                self.seen.add(name)


class SerialWriter:
    """On PostgreSQL the insert draws the number, and the transaction stays open.

    SQLite has one writer at a time, so there the number comes from a counter beside it.
    """

    def __init__(self, serial: SerialLog, name: str) -> None:
        self.serial = serial
        self.name = name
        self.own = connection.copy()

    def draws(self) -> None:
        if connection.vendor == "postgresql":
            self._run("BEGIN")
            self._run("INSERT INTO serial_log (name) VALUES (%s)", self.name)
        else:
            self.number = next(self.serial.counter)

    def ends(self, ending: Ending) -> None:
        if connection.vendor == "sqlite":
            self._run("BEGIN IMMEDIATE")
            self._run("INSERT INTO serial_log (id, name) VALUES (%s, %s)", self.number, self.name)
        if ending is not Ending.KILL:
            self._run("COMMIT" if ending is Ending.COMMIT else "ROLLBACK")
        elif connection.vendor == "postgresql":
            self.own.connection.pgconn.finish()  # the socket is gone, as after kill -9
        self.own.close()

    def _run(self, sql: str, *params: str | int) -> None:
        with self.own.cursor() as cursor:
            cursor.execute(sql, params)


@pytest.fixture
def serial_table(transactional_db: None) -> Iterator[None]:
    serial = "BIGSERIAL" if connection.vendor == "postgresql" else "INTEGER"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE serial_log (id {serial} PRIMARY KEY, name TEXT)")
        yield
        cursor.execute("DROP TABLE serial_log")


def lost_by_serial_ids(order: tuple[str, ...], endings: tuple[Ending, ...]) -> set[str]:
    """What was committed and is never seen by a reader who looks after every step."""
    serial = SerialLog()
    writers = {name: SerialWriter(serial, name) for name in "AB"}
    ends = dict(zip("AB", endings, strict=True))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM serial_log")
    for step in order:
        name, _, what = step.partition(" ")
        writers[name].draws() if what == "draws" else writers[name].ends(ends[name])
        serial.read()
    return {name for name in "AB" if ends[name] is Ending.COMMIT} - serial.seen


@pytest.mark.usefixtures("serial_table")
def test_serial_ids_lose_a_change_wherever_the_later_number_is_committed_first() -> None:
    both = (Ending.COMMIT, Ending.COMMIT)
    schedules = list(product(ORDERS, product(Ending, repeat=2)))

    lost = {schedule: names for schedule in schedules if (names := lost_by_serial_ids(*schedule))}

    assert len(schedules) == 54
    assert lost == {
        (("A draws", "B draws", "B ends", "A ends"), both): {"A"},
        (("B draws", "A draws", "A ends", "B ends"), both): {"B"},
    }


@pytest.mark.django_db(transaction=True)
def test_our_log_loses_nothing_in_any_schedule_of_two_writers() -> None:
    """Its reader looks after every step and asserts that nothing is missing."""
    for order, endings in product(permutations(range(2)), product(Ending, repeat=2)):
        event = make_event()
        Stream.objects.create(event_id=event.pk)

        reader = run_schedule(event, order, endings)

        assert len(reader.committed) == endings.count(Ending.COMMIT)


# --- the state read before the log


def state_first(event: Event) -> Reset:
    """As ours, the two halves exchanged."""
    rows = registry["wall"].window(event.pk, "wall", "de")
    items = [Item("wall", row.key, row.version, row.order, "…") for row in rows]
    return Reset("reset", "shared", str(reading.position(event.pk)), items)


def log_first(event: Event) -> Reset:
    return reading.window(event.pk, ["wall"], "de")


def hidden_posts_that_stay(read: Callable[[Event], Reset]) -> list[int]:
    """At which statements a hide in between leaves the post on a page that follows from there."""
    stays: list[int] = []
    for before in count():
        event = make_event()
        post = make_post(event)
        answer, happened = with_between(
            lambda: read(event), lambda: moderation.hide(post, by=None), before=before
        )
        if not happened:
            return stays
        replica = Replica({"shared": ["wall"]})
        replica.receive(wire(answer))
        rest = reading.catch_up(event.pk, ["wall"], "de", Cursor.parse(answer.upto))
        replica.receive(wire(rest))
        if post.key in replica.topic("wall"):
            stays.append(before)
    raise AssertionError


@pytest.mark.django_db
def test_reading_state_first_leaves_a_hidden_post_on_the_wall() -> None:
    assert hidden_posts_that_stay(state_first) != []
    assert hidden_posts_that_stay(log_first) == []


# --- a counter in a row that a form writes

STEPS = ["form opens", "form saves", "first change", "second change"]


@dataclass
class Numbered:
    """Something with a counter, and a form that knows nothing of it."""

    take_number: Callable[[], int]
    open_form: Callable[[], Any]
    save_form: Callable[[Any], object]

    def numbers(self, order: tuple[str, ...]) -> list[int]:
        found: list[int] = []
        form: Any = None
        for step in order:
            if step == "form opens":
                form = self.open_form()
            elif step == "form saves":
                self.save_form(form)
            else:
                found.append(self.take_number())
        return found


def counter_in_the_row() -> Numbered:
    """`capacity` plays the counter: any number in a row that has a form."""
    row = make_room(make_event(), capacity=0)
    rows = Room.objects.filter(pk=row.pk)

    def take_number() -> int:
        with transaction.atomic():
            number = (rows.select_for_update().get().capacity or 0) + 1
            rows.update(capacity=number)
        return number

    def save(loaded: Room) -> None:
        modelform_factory(Room, fields=["name"])({"name": "Renamed"}, instance=loaded).save()

    return Numbered(take_number, rows.get, save)


def counter_in_its_own_table() -> Numbered:
    event = make_event()

    def take_number() -> int:
        return make_post(event).version

    def save(loaded: Event) -> None:
        modelform_factory(Event, fields=["name"])({"name": "Renamed"}, instance=loaded).save()

    return Numbered(take_number, lambda: Event.objects.get(pk=event.pk), save)


@pytest.mark.django_db
def test_counter_that_a_form_writes_back_gives_numbers_twice() -> None:
    orders = [o for o in permutations(STEPS) if o.index("form opens") < o.index("form saves")]
    orders = [o for o in orders if o.index("first change") < o.index("second change")]
    assert len(orders) == 6

    wrong = {o: n for o in orders if (n := counter_in_the_row().numbers(o)) != [1, 2]}

    assert wrong == {("form opens", "first change", "form saves", "second change"): [1, 1]}
    assert {tuple(counter_in_its_own_table().numbers(order)) for order in orders} == {(1, 2)}


# --- frames kept for longer than the head they were made at


class LastingCache:
    """Keeps what was rendered for a cursor, and says that it reaches to the head of today."""

    def __init__(self) -> None:
        self.kept: dict[str, list[Item]] = {}

    def catch_up(self, event: Event, cursor: str) -> Frame:
        if cursor not in self.kept:
            answer = reading.catch_up(event.pk, ["wall"], "de", Cursor.parse(cursor))
            self.kept[cursor] = answer.items or []
        upto = str(reading.position(event.pk))
        return Frame("frame", "shared", int(cursor.partition(".")[0]), upto, self.kept[cursor])


@pytest.mark.django_db
def test_frame_kept_beyond_its_head_brings_a_hidden_post_back(event: Event) -> None:
    cache = LastingCache()
    first, second = page(event, ["wall"]), page(event, ["wall"])
    post = make_post(event)

    first.receive(wire(cache.catch_up(event, "0.0")))
    moderation.hide(post, by=None)
    second.receive(wire(cache.catch_up(event, "0.0")))
    rest = reading.catch_up(event.pk, ["wall"], "de", Cursor.parse(second.groups["shared"].cursor))
    second.receive(wire(rest))

    assert changes_since(event, 0) == [("post", post.key), ("post", post.key)]
    assert keys(event) == []
    assert list(second.topic("wall")) == [post.key]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("hide_after", [0, 1, 2])
async def test_hub_keeps_no_frame_beyond_its_head(hub: Hub, event: Event, hide_after: int) -> None:
    """The same with ours: one tab after the other, the hide before, between and after them."""
    post: Post = await aside(hub, make_post, event)
    tabs = [Tab(hub, event, {"shared": ["wall"]}) for _ in range(2)]
    for number, tab in enumerate([*tabs, None]):
        if number == hide_after:
            await aside(hub, moderation.hide, post, by=None)
        if tab is not None:
            await tab.open()

    end = await aside(hub, reading.position, event.pk)
    await until(lambda: all(tab.read() == [] and tab.cursor() == str(end) for tab in tabs))
    assert [tab.keys() for tab in tabs] == [[], []]
