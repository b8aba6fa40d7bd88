"""The promise of the log as an assertion: old window + what follows its cursor == new window."""

import os
from collections.abc import Callable, Iterable
from zlib import crc32

import msgspec
from django.conf import settings
from django.db import connection

from agenda.models import Attendee, Event
from eventhub.live import reading
from eventhub.live.check_log import check
from eventhub.live.models import Change, Stream
from eventhub.live.reading import Cursor, Frame, Reset
from eventhub.live.topics import EVENT, registry
from tests.replica import Message, Replica

# In which words a row is drawn is the same question on every database.
EVERY = [code for code, _ in settings.LANGUAGES]
LANGUAGES = EVERY if connection.vendor == "sqlite" else EVERY[:1]
ALL_IN_EACH = bool(os.environ.get("EVENTHUB_TEST_SWEEP"))


def assert_replay(
    event: Event, act: Callable[[], object], *, topics: Iterable[str] | None = None
) -> None:
    """Run `act` and assert that a page of each topic, opened before, can follow.

    `topics` are full names, each in every language; without them all topics, and the own notes of
    every guest known so far: in languages that go round from test to test, or, in `make sweep`,
    each in every one. Keep the lists below their windows' bounds: a page that has been open for
    long holds more than a new one. An act that changes nothing fails: it would prove nothing.
    """
    asked = all_asked(topics) if topics is not None else going_round(every_topic(event))
    pages = [(names, code, page(event, names, code)) for names, code in together(asked)]
    before = head(event)

    act()

    assert head(event) > before, "nothing was changed"
    for names, code, replica in pages:
        follow(event, replica, names, code)
        assert_up_to_date(event, replica, names, code)
    assert check(event.pk) == []


def all_asked(topics: Iterable[str]) -> list[tuple[str, str]]:
    return [(name, code) for name in topics for code in LANGUAGES]


def going_round(topics: list[str]) -> list[tuple[str, str]]:
    """Each topic in one language, which another test's is not."""
    if ALL_IN_EACH:
        return all_asked(topics)
    turn = crc32(os.environ.get("PYTEST_CURRENT_TEST", "").encode())
    return [(name, LANGUAGES[(turn + at) % len(LANGUAGES)]) for at, name in enumerate(topics)]


def together(asked: list[tuple[str, str]]) -> list[tuple[list[str], str]]:
    """What one page can ask for: all topics of a language, but no two of the same first name."""
    pages: list[tuple[list[str], str]] = []
    for name, code in asked:
        group = reading.group_name([name])
        for names, spoken in pages:
            if spoken == code and group == reading.group_name(names) == "shared":
                names.append(name)
                break
        else:
            pages.append(([name], code))
    return pages


def every_topic(event: Event) -> list[str]:
    """Every topic of `event` by its full name: "mine" once for each guest."""
    guests = Attendee.objects.filter(event=event).values_list("key", flat=True)
    shared = [name for name in registry.names() if name != "mine"]
    return [*shared, *(f"mine:{key}" for key in guests)]


def page(event: Event, names: list[str], language: str = "de") -> Replica:
    """A browser that has just loaded the complete list of `names`, all in one group."""
    topics = [name.partition(":")[0] for name in names]
    replica = Replica({reading.group_name(names): topics})
    assert replica.receive(wire(reading.window(event.pk, names, language))) == []
    return replica


def follow(event: Event, replica: Replica, names: list[str], language: str = "de") -> None:
    """Bring `replica` up to date from where it stands; what is missing must come as a frame."""
    (group,) = replica.groups.values()
    answer = reading.catch_up(event.pk, names, language, Cursor.parse(group.cursor))
    assert isinstance(answer, Frame)
    assert replica.receive(wire(answer)) == []


def assert_up_to_date(
    event: Event, replica: Replica, names: list[str], language: str = "de"
) -> None:
    fresh = page(event, names, language)
    for name in names:
        topic = name.partition(":")[0]
        assert _rows(replica, topic) == _rows(fresh, topic)
        assert _versions(event, replica, topic) <= _versions(event, fresh, topic)
    assert next(iter(replica.groups.values())).cursor == next(iter(fresh.groups.values())).cursor


def wire(answer: Frame | Reset) -> Message:
    """As a browser receives it: through JSON."""
    message: Message = msgspec.json.decode(msgspec.json.encode(answer))
    return message


def head(event: Event) -> int:
    """The number of the last change, 0 before the first."""
    return Stream.objects.filter(event_id=event.pk).values_list("head", flat=True).first() or 0


def changes_since(event: Event, seq: int) -> list[tuple[str, str]]:
    """(kind, key) of every change above `seq`, in order."""
    rows = Change.objects.filter(event_id=event.pk, seq__gt=seq).order_by("seq")
    return [(row.kind, row.key) for row in rows]


def keys(event: Event, topic: str = "wall") -> list[str]:
    """The keys a new page of `topic` shows, in its order."""
    return list(page(event, [topic]).topic(topic.partition(":")[0]))


def _rows(replica: Replica, topic: str) -> list[tuple[str, float, str | None]]:
    return [(key, known.order, known.html) for key, known in replica.topic(topic).items()]


def _versions(event: Event, replica: Replica, topic: str) -> set[tuple[str, int]]:
    """Of each key, without those that were drawn again by a change of the event itself."""
    changes = Change.objects.filter(event_id=event.pk, kind=EVENT)
    drawn_again = set(changes.values_list("seq", flat=True))
    rows = replica.topic(topic).items()
    return {(key, known.version) for key, known in rows if known.version not in drawn_again}
