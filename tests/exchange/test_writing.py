"""A plan becomes an event's programme: all of it or nothing, again without a difference."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from agenda import placing
from agenda.exchange import writing
from agenda.exchange.plan import Plan
from agenda.exchange.report import Report
from agenda.models import Event, Room, Session, Slot, Speaker, Star, Track
from eventhub.live.log import changing
from eventhub.live.models import Change, Stream
from tests.exchange.plans import make_plan
from tests.factories import at, make_attendee, make_note, make_room, make_session, make_slot
from wall.models import Post


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def counts(report: Report, kind: str) -> tuple[int, int, int]:
    one = report.counts[kind]
    return one["new"], one["changed"], one["gone"]


def changes(event: Event) -> int:
    return Change.objects.filter(event_id=event.pk).count()


def test_everything_of_a_plan_is_written(event: Event) -> None:
    report = writing.apply(event, make_plan(3))

    slot = Slot.objects.of(event).get(session__title="Session 1")
    assert slot.room is not None
    assert slot.session.track is not None
    assert (slot.room.name, slot.room.capacity, slot.starts_at) == ("Werkstatt", 50, at("10:00"))
    assert (slot.session.who, slot.session.track.name) == ("Speaker 1", "Blue")
    assert [slot.number for slot in Slot.objects.filter(event=event).order_by("pk")] == [1, 2, 3]
    assert report.written
    assert counts(report, "sessions") == counts(report, "slots") == (3, 0, 0)


def test_the_same_plan_again_changes_nothing(event: Event) -> None:
    writing.apply(event, make_plan(3))
    before = changes(event), list(Slot.objects.values()), list(Session.objects.values())

    report = writing.apply(event, make_plan(3))

    assert not report
    assert not report.written
    assert (changes(event), list(Slot.objects.values()), list(Session.objects.values())) == before


def test_a_preview_says_what_would_be_and_writes_nothing(event: Event) -> None:
    writing.apply(event, make_plan(3))
    before = changes(event)
    plan = make_plan(2, title="Renamed")

    preview = writing.preview(event, plan)

    assert changes(event) == before
    assert Session.objects.filter(title="Renamed").count() == 0
    assert [(one.name, one.fields) for one in preview.changed] == [("Session 0", ("title",))]
    assert [one.name for one in preview.gone] == ["Session 2", "Speaker 2"]
    assert writing.apply(event, plan).counts == preview.counts


def test_a_moved_slot_keeps_what_calendars_know_it_by(event: Event) -> None:
    writing.apply(event, make_plan(3))
    before = Slot.objects.get(session__title="Session 0")

    later = at("15:00")
    report = writing.apply(
        event, make_plan(3, starts_at=later, ends_at=later + timedelta(hours=1), room="Werkstatt")
    )

    after = Slot.objects.get(session__title="Session 0")
    assert (after.pk, after.key, after.guid, after.number) == (
        *(before.pk, before.key, before.guid),
        before.number,
    )
    assert after.sequence == before.sequence + 1
    assert (after.was_starts_at, after.was_room_id) == (before.starts_at, before.room_id)
    assert after.moved_at is not None
    assert after.version > before.version
    assert counts(report, "slots") == (0, 1, 0)
    assert report.changed[0].fields == ("starts", "ends", "room")


def test_a_star_survives_a_new_title_and_a_new_time(event: Event) -> None:
    writing.apply(event, make_plan(3))
    session = Session.objects.get(title="Session 0")
    Star.objects.create(attendee=make_attendee(event), session=session)

    later = at("15:00")
    writing.apply(
        event,
        make_plan(3, title="Another", starts_at=later, ends_at=later + timedelta(hours=1)),
    )

    assert Star.objects.get().session.title == "Another"


def test_what_the_file_leaves_out_is_gone_but_not_what_was_made_by_hand(event: Event) -> None:
    own = make_slot(event, session=make_session(event, "By hand"), start="17:00")
    writing.apply(event, make_plan(3))
    again = make_slot(event, session=Session.objects.get(title="Session 1"), start="16:00")

    report = writing.apply(event, make_plan(1))

    assert [*Session.objects.order_by("pk").values_list("title", flat=True)] == [
        "By hand",
        "Session 0",
        "Session 1",
    ]
    assert {*Slot.objects.filter(session__title__in=["By hand", "Session 1"])} == {own, again}
    assert [one.name for one in report.kept] == ["By hand", "Session 1"]
    # Session 1 still happens, so its speaker stays; the last one speaks nowhere any more.
    assert [*Speaker.objects.order_by("name").values_list("name", flat=True)] == [
        "Speaker 0",
        "Speaker 1",
    ]


def test_a_session_made_by_hand_is_known_by_its_title(event: Event) -> None:
    own = make_slot(event, session=make_session(event, "Session 0"), start="10:00")

    writing.apply(event, make_plan(1))

    slot = Slot.objects.get()
    assert (slot.pk, slot.session_id, slot.origin) == (own.pk, own.session_id, "S0")


def test_a_session_is_known_by_its_guid_under_another_id(event: Event) -> None:
    guid = str(uuid4())
    writing.apply(event, make_plan(2, guid=guid))
    before = Slot.objects.get(guid=guid)

    plan = make_plan(2, guid=guid)
    plan.sessions[0].origin = plan.slots[0].session = "other"
    plan.sessions[0].title = "Other"
    writing.apply(event, plan)

    after = Slot.objects.get(guid=guid)
    assert (after.pk, after.session_id) == (before.pk, before.session_id)
    assert after.session.title == "Other"


def test_what_a_format_cannot_say_stays(event: Event) -> None:
    writing.apply(event, make_plan(2))
    plan = make_plan(2, abstract="", speakers=[], track="")
    plan.silent = {"session.abstract", "session.speakers", "session.track", "room.capacity"}
    plan.speakers, plan.tracks = [], []
    plan.sessions[1].speakers, plan.sessions[1].track = [], ""

    assert not writing.apply(event, plan)
    assert Speaker.objects.count() == Track.objects.count() == 2


def test_what_is_empty_in_the_file_becomes_empty(event: Event) -> None:
    writing.apply(event, make_plan(2))

    writing.apply(event, make_plan(2, abstract="", speakers=[], track=""))

    session = Session.objects.get(title="Session 0")
    assert (session.abstract, session.who, session.track) == ("", "", None)


def test_a_new_name_of_a_speaker_is_told_on_their_slots(event: Event) -> None:
    writing.apply(event, make_plan(3))
    plan = make_plan(3)
    plan.speakers[1].name = "Renamed"
    before = changes(event)

    writing.apply(event, plan)

    told = Change.objects.filter(event_id=event.pk).order_by("seq")[before:]
    slot = Slot.objects.get(session__title="Session 1")
    assert [(one.kind, one.object_id) for one in told] == [("slot", slot.pk)]


def test_a_change_that_shows_on_no_slot_is_told_all_the_same(event: Event) -> None:
    writing.apply(event, make_plan(1))
    plan = make_plan(1)
    plan.rooms.append(type(plan.rooms[0])("Garten"))
    before = changes(event)

    writing.apply(event, plan)

    told = Change.objects.filter(event_id=event.pk).order_by("seq")[before:]
    assert ["programme" in one.topics.split() for one in told] == [True]


def test_notes_to_a_session_that_goes_stay_on_the_wall(event: Event) -> None:
    writing.apply(event, make_plan(2))
    note = make_note(event, session=Session.objects.get(title="Session 1"))

    writing.apply(event, make_plan(1))

    after = Post.objects.get(pk=note.pk)
    assert after.session is None
    assert after.version > note.version


def test_two_rooms_exchange_their_names(event: Event) -> None:
    plan = make_plan(2)
    plan.rooms[0].guid, plan.rooms[1].guid = str(uuid4()), str(uuid4())
    writing.apply(event, plan)
    rooms = {str(room.guid): room.pk for room in Room.objects.all()}
    first, second = plan.rooms
    first.name, second.name = second.name, first.name

    writing.apply(event, plan)

    assert {str(room.guid): room.pk for room in Room.objects.all()} == rooms
    assert Room.objects.get(guid=first.guid).name == "Werkstatt"


def test_a_name_that_another_room_has_is_not_taken_from_it(event: Event) -> None:
    plan = make_plan(1)
    plan.rooms[0].guid = str(uuid4())
    writing.apply(event, plan)
    make_room(event, "Foyer")
    plan.rooms[0].name = plan.slots[0].room = "Foyer"

    writing.apply(event, plan)

    assert Slot.objects.get().room == Room.objects.get(guid=plan.rooms[0].guid)


def test_half_an_import_is_none(event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    writing.apply(event, make_plan(2))
    before = changes(event), list(Slot.objects.values()), list(Session.objects.values())

    def fail(percent: int) -> None:
        if percent == 85:  # slots are written, what is gone is not
            raise IntegrityError("power cut")

    with pytest.raises(IntegrityError):
        writing.apply(event, make_plan(40, title="Else"), progress=fail)

    assert (changes(event), list(Slot.objects.values()), list(Session.objects.values())) == before


def test_what_somebody_else_wrote_meanwhile_is_seen(event: Event) -> None:
    writing.apply(event, make_plan(2))
    slot = Slot.objects.get(session__title="Session 0")

    def meanwhile(percent: int) -> None:
        if percent == 30:  # the difference is known, the lock not yet taken
            placing.move(slot, room=slot.room, starts_at=at("12:00"), ends_at=at("12:30"))

    report = writing.apply(event, make_plan(2), progress=meanwhile)

    slot.refresh_from_db()
    assert counts(report, "slots") == (0, 1, 0)
    assert (slot.starts_at, slot.sequence) == (at("10:00"), 2)


@pytest.mark.each_case
@pytest.mark.parametrize("what", ["room", "speaker", "session", "slot", "cast"])
def test_every_change_to_a_programme_changes_its_state(event: Event, what: str) -> None:
    writing.apply(event, make_plan(2))
    before = writing.state(event)
    session = Session.objects.get(title="Session 0")

    match what:
        case "room":
            Room.objects.filter(event=event)[0].save()
        case "speaker":
            Speaker.objects.filter(event=event)[0].save()
        case "session":
            session.save()
        case "slot":
            with changing(event) as log:
                log.touch(log.fresh(session.slots.get()))
        case "cast":
            session.appearances.update(speaker=Speaker.objects.get(name="Speaker 1"))

    assert writing.state(event) != before


def test_an_import_asks_as_much_for_three_sessions_as_for_thirty(event: Event) -> None:
    def asked(plan: Plan) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            writing.apply(event, plan)
        return len(queries)

    few = asked(make_plan(3))
    many = asked(make_plan(30))  # three are there: the same steps, and no more

    assert many <= few + 4


def test_numbers_and_versions_have_no_gap(event: Event) -> None:
    plan = make_plan(5)
    plan.slots[2].number = 7

    writing.apply(event, plan)

    assert sorted(Slot.objects.values_list("number", flat=True)) == [7, 8, 9, 10, 11]
    assert Stream.objects.get(event_id=event.pk).head == changes(event)


def test_nobody_elses_programme_is_touched(event: Event, other: Event) -> None:
    writing.apply(other, make_plan(3))
    before = list(Slot.objects.filter(event=other).values())

    writing.apply(event, make_plan(1))

    assert list(Slot.objects.filter(event=other).values()) == before
