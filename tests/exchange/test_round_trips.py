"""Everything that we export we import again without a difference, in every format."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from agenda.exchange import difference, ical, schedule_json, schedule_xml, table_writer, tidy
from agenda.exchange.plan import Plan
from agenda.exchange.registry import recognise
from agenda.models import Event, Session, Slot, Speaker
from eventhub.live.log import changing
from tests.exchange.programmes import make_full_event, place
from tests.factories import make_event, make_room, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]  # is about files: once is enough

FORMATS: dict[str, Callable[[Event], bytes]] = {
    "xml": schedule_xml.write,
    "json": schedule_json.write,
    "ics": ical.write,
    "csv": table_writer.write_csv,
    "xlsx": table_writer.write_xlsx,
}
every_format = pytest.mark.parametrize("name", FORMATS)


def plan_of(event: Event, name: str) -> Plan:
    """What our own file says, read as any other file."""
    data = FORMATS[name](event)
    return tidy.tidy(recognise(data, "").read(data, zone=event.zone), max_sessions=5000)


def differences(event: Event, name: str) -> dict[str, object]:
    found = difference.between(event, plan_of(event, name))
    return {
        kind: (part.new, [changed.values for changed in part.changed], part.gone)
        for kind, part in found.parts().items()
        if part
    }


@every_format
def test_programme_comes_back_as_it_was(name: str) -> None:
    event = make_full_event()

    assert differences(event, name) == {}


@every_format
def test_our_own_files_are_not_odd(name: str) -> None:
    assert plan_of(make_full_event(), name).oddities == []


@every_format
def test_changed_word_is_a_difference(name: str) -> None:
    event = make_full_event()
    plan = plan_of(event, name)
    Session.objects.filter(title="Pause").update(title="Mittag")

    [changed] = difference.between(event, plan).sessions.changed
    assert changed.values == {"title": "Pause"}


@every_format
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/St_Johns", "UTC"])
def test_days_on_which_the_clocks_change_come_back(name: str, zone: str) -> None:
    """Every half hour of the nights in October and March, also over the change."""
    event = make_event(zone=zone)
    room = make_room(event)
    for night in (datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 11, 1, 3, tzinfo=UTC)):
        for number in range(8):
            at = night + timedelta(minutes=30 * number)
            place(make_session(event), room, at.isoformat(), 45)
    spring = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    place(make_session(event), None, spring.isoformat(), 60)

    assert differences(event, name) == {}


@every_format
@pytest.mark.parametrize("minutes", [1, 119, 12 * 60, 13 * 60, 24 * 60, 50 * 60])
def test_long_sessions_over_midnight_come_back(name: str, minutes: int) -> None:
    event = make_event(zone="Europe/Berlin")
    place(make_session(event), None, "2026-10-07T23:30", minutes)
    place(make_session(event), None, "2026-10-08T00:10", minutes)

    assert differences(event, name) == {}


@every_format
def test_programme_comes_back_after_a_change_of_zone(name: str) -> None:
    event = make_full_event()
    event.zone = "Pacific/Auckland"
    event.save()

    assert differences(event, name) == {}


@every_format
def test_event_without_a_programme_has_nothing_to_read(name: str) -> None:
    assert FORMATS[name](make_event())


AWKWARD = [
    "=1+1",
    "'=1+1",
    "#N/A",
    "TRUE",
    "007",
    "1,5",
    "a; b",
    "<b>x</b> & &amp;",
    "]]>",
    "\\n \\, ;",
    "e\u0301 \u200f x \ud7ff",
    "BEGIN:VEVENT",
    '"quoted"',
    "𝔘nicode 👩‍👩‍👧",
]


@every_format
@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_words_come_back(name: str, text: str) -> None:
    event = make_event()
    speaker = Speaker.objects.create(event=event, name=text.replace(";", ","))
    session = make_session(event, text, subtitle=text, host=text, abstract=f"{text}\n\n{text}")
    session.appearances.create(speaker=speaker)
    place(session, make_room(event, text), "2026-10-07T09:00", 30)

    assert differences(event, name) == {}


@every_format
def test_words_as_forms_send_them_come_back(name: str) -> None:
    event = make_event()
    session = make_session(event, " Zwei  Leerzeichen ", abstract="a\r\nb\r\n\r\n\r\nc  \r\n")
    place(session, make_room(event, "Saal  1"), "2026-10-07T09:00", 30)

    assert differences(event, name) == {}


@every_format
def test_session_that_was_imported_and_is_cancelled_here_comes_back(name: str) -> None:
    event = make_full_event()
    Session.objects.update(origin="elsewhere")
    with changing(event) as log:
        for slot in Slot.objects.filter(event=event):
            slot.origin = "elsewhere"
            log.touch(slot)

    assert differences(event, name) == {}


@every_format
def test_session_that_was_imported_and_has_no_place_yet_is_not_gone(name: str) -> None:
    event = make_full_event()
    make_session(event, "Wartet", origin="elsewhere")

    assert differences(event, name) == {}


@every_format
def test_session_that_the_file_no_longer_has_is_gone(name: str) -> None:
    event = make_full_event()
    plan = plan_of(event, name)
    dropped = make_session(event, "Neu", origin="elsewhere")
    place(dropped, None, "2026-10-07T18:00", 30, origin="elsewhere")

    found = difference.between(event, plan)
    assert (found.sessions.gone, [slot.session for slot in found.slots.gone]) == (
        [dropped],
        [dropped],
    )
