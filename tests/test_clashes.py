"""A room taken twice and somebody in two places are found; what only touches is not."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agenda import placing
from agenda.clashes import clashes
from agenda.models import Appearance, Event, Slot, Speaker
from tests.factories import make_room, make_session, make_slot

pytestmark = pytest.mark.django_db


def found(event: Event) -> list[tuple[str, str, str, str]]:
    """(kind, name, title, title) of every clash."""
    return [
        (clash.kind.value, clash.name, clash.one.session.title, clash.other.session.title)
        for clash in clashes(Slot.objects.of(event))
    ]


def talk(
    event: Event, title: str, *speakers: Speaker, host: str = "", start: str, **more: Any
) -> Slot:
    session = make_session(event, title, host=host)
    for position, speaker in enumerate(speakers):
        Appearance.objects.create(session=session, speaker=speaker, position=position)
    return make_slot(event, session=session, start=start, **more)


def test_room_is_taken_twice(event: Event) -> None:
    hall, loft = make_room(event, "Hall"), make_room(event, "Loft")
    talk(event, "A", start="10:00", minutes=60, room=hall)
    talk(event, "B", start="10:30", room=hall)
    talk(event, "C", start="10:30", room=loft)

    assert found(event) == [("room", "Hall", "A", "B")]


def test_long_session_clashes_with_each_that_follows(event: Event) -> None:
    hall = make_room(event, "Hall")
    talk(event, "Long", start="10:00", minutes=90, room=hall)
    talk(event, "A", start="10:00", room=hall)
    talk(event, "B", start="11:00", room=hall)

    assert found(event) == [("room", "Hall", "Long", "A"), ("room", "Hall", "Long", "B")]


def test_what_only_touches_is_no_clash(event: Event) -> None:
    hall = make_room(event, "Hall")
    for title, start in (("A", "10:00"), ("B", "10:30")):
        talk(event, title, host="Ada", start=start, room=hall)

    assert found(event) == []


def test_speaker_is_in_two_places(event: Event) -> None:
    ada = Speaker.objects.create(event=event, name="Ada")
    talk(event, "A", ada, start="10:00", room=make_room(event))
    talk(event, "B", ada, start="10:15", room=make_room(event))

    assert found(event) == [("person", "Ada", "A", "B")]


@pytest.mark.parametrize("host", ["Ben und ada  B.", "Ada B., Ben", "Ben & Ada B."])
def test_host_is_known_by_the_name_whoever_else_is_there(event: Event, host: str) -> None:
    ada = Speaker.objects.create(event=event, name="Ada B.")
    talk(event, "A", ada, start="10:00")
    talk(event, "B", host=host, start="10:00")

    assert found(event) == [("person", "Ada B.", "A", "B")]


def test_speaker_who_is_host_as_well_does_not_clash_with_themselves(event: Event) -> None:
    talk(event, "A", Speaker.objects.create(event=event, name="Ada"), host="Ada", start="10:00")

    assert found(event) == []


def test_cancelled_is_in_nobodys_way(event: Event) -> None:
    hall = make_room(event, "Hall")
    talk(event, "A", host="Ada", start="10:00", room=hall)
    placing.cancel(talk(event, "B", host="Ada", start="10:00", room=hall))

    assert found(event) == []


def test_lunch_for_everybody_is_in_no_rooms_way(event: Event) -> None:
    talk(event, "Lunch", start="10:00")
    talk(event, "A", start="10:00", room=make_room(event))

    assert found(event) == []


def test_clashes_of_slots_with_names_ask_nothing(event: Event) -> None:
    hall = make_room(event)
    for title in ("A", "B", "C"):
        talk(
            event, title, Speaker.objects.create(event=event, name=title), start="10:00", room=hall
        )
    slots = list(Slot.objects.of(event))

    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert len(clashes(slots)) == 3

    assert len(asked) == 0
