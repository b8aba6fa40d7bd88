"""The next event of a series: the same hours on other days, and nothing that people left behind."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agenda import copying
from agenda.admin.lines import name_speakers
from agenda.models import Attendee, Event, Membership, Session, Slot, Star, User
from eventhub.live.check_log import check
from eventhub.live.log import changing
from tests import factories, guests
from tests.two_events import Hall
from wall import direction
from wall.demo_organizer import add_organizer
from wall.models import Author, Delay, Listed, Post, Rehearsal, Rule, Screen, Source

pytestmark = pytest.mark.django_db

NEXT = date(2027, 10, 6)


@dataclass
class Series:
    event: Event
    by: User


@pytest.fixture
def series(db: None) -> Series:
    """One day with a fixed opening, a talk, a break, and what guests left."""
    event = factories.make_event(name="Forum 2026", slug="forum-2026", settled={"poster": "done"})
    by = factories.make_user()
    room = factories.make_room(event, "Hall", capacity=40)
    track = factories.make_track(event, "Craft", colour="#00594a")
    opening = factories.make_session(event, "Opening", track=track, origin="talk:1")
    name_speakers(opening, ["Grace", "Ada"])
    for session, start in [
        (opening, "08:00"),
        (factories.make_session(event, "Talk"), "09:00"),
        (factories.make_session(event, "Coffee", kind=Session.Kind.BREAK), "10:00"),
    ]:
        factories.make_slot(event, session=session, room=room, start=start)
    with changing(event) as log:
        slot = log.fresh(event.slots.get(session=opening))
        slot.fixed, slot.sequence, slot.origin = True, 4, "talk:1"
        log.touch(slot)
    guest = factories.make_attendee(event)
    factories.make_note(event, attendee=guest)
    Star.objects.create(attendee=guest, session=opening)
    factories.make_moderator(event)
    factories.make_rule(event, Rule.Mode.REVIEW)
    factories.make_screen(event)
    factories.make_source(
        event, token="canary", cursor="77", mode="review", budget=7, exclude_tags=["crypto"]
    )
    Listed.objects.create(event=event, what="word", written="Spam", folded="spam", by=by)
    factories.make_author(event, standing="blocked")
    return Series(event, by)


def titles(event: Event) -> list[str]:
    return [slot.session.title for slot in Slot.objects.of(event).in_order()]


def test_rooms_tracks_speakers_and_sessions_come_along(series: Series) -> None:
    new = copying.copy(series.event, first_day=NEXT, by=series.by)

    opening = new.sessions.get(title="Opening")
    assert [(room.name, room.capacity) for room in new.rooms.all()] == [("Hall", 40)]
    assert opening.track is not None
    assert (opening.track.event, opening.track.name) == (new, "Craft")
    assert opening.who == "Grace, Ada"
    assert {speaker.event_id for speaker in opening.speakers.all()} == {new.pk}
    assert new.sessions.count() == 3
    assert check(new.pk) == []


@pytest.mark.parametrize(
    ("every", "placed"), [(False, ["Opening", "Coffee"]), (True, ["Opening", "Talk", "Coffee"])]
)
def test_placed_is_what_is_fixed_and_breaks_or_everything(
    series: Series, every: bool, placed: list[str]
) -> None:
    new = copying.copy(series.event, first_day=NEXT, by=series.by, every_slot=every)

    assert titles(new) == placed
    assert {slot.room.event_id for slot in new.slots.all() if slot.room} == {new.pk}


def test_cancelled_slot_stays_behind(series: Series) -> None:
    with changing(series.event) as log:
        slot = log.fresh(series.event.slots.get(session__title="Opening"))
        slot.cancelled = True
        log.touch(slot)

    new = copying.copy(series.event, first_day=NEXT, by=series.by, every_slot=True)

    assert titles(new) == ["Talk", "Coffee"]


def test_nothing_that_people_left_comes_along(series: Series) -> None:
    new = copying.copy(series.event, first_day=NEXT, by=series.by, every_slot=True)

    left = [model.objects.filter(event=new).count() for model in (Attendee, Post, Screen)]
    assert left == [0, 0, 0]
    assert not Star.objects.filter(session__event=new).exists()
    assert [task.user for task in new.membership_set.all()] == [series.by]
    assert new.settled == {}


def test_screens_of_the_copy_follow_its_programme_alike(series: Series) -> None:
    """But where the series goes from here, and how late it ran, belongs to the day that was."""
    told = {"slide_s": 20, "left_out": ["wifi"], "welcome": "Moin", "next_stop": "Dresden"}
    direction.direct(series.event, told, by=None)
    with changing(series.event) as log:
        log.add(Delay(event=series.event, minutes=10))
        log.add(Rehearsal(event=series.event, starts_at=series.event.starts_at))

    new = copying.copy(series.event, first_day=NEXT, by=series.by)

    known = direction.values(new)
    assert {name: known[name] for name in told} == told | {"next_stop": ""}
    assert not Delay.objects.filter(event=new).exists()
    assert not Rehearsal.objects.filter(event=new).exists()


def test_copy_is_known_by_names_of_its_own(series: Series) -> None:
    old = series.event

    new = copying.copy(old, first_day=NEXT, by=series.by, every_slot=True)

    assert (new.name, new.slug) == ("Forum 2027", "forum-2027")
    assert new.code != old.code
    for name in ("rooms", "speakers", "sessions", "slots"):
        guids = [set(getattr(each, name).values_list("guid", flat=True)) for each in (old, new)]
        assert guids[0] & guids[1] == set()
    slots = list(new.slots.all())
    assert [(slot.origin, slot.sequence, slot.moved_at) for slot in slots] == [("", 0, None)] * 3
    assert {session.origin for session in new.sessions.all()} == {""}


def test_wall_keeps_its_rule_and_reads_the_same_places_from_their_newest(series: Series) -> None:
    new = copying.copy(series.event, first_day=NEXT, by=series.by)

    source = Source.objects.get(event=new)
    assert Rule.objects.get(event=new).mode == Rule.Mode.REVIEW
    assert (source.token, source.cursor, source.state) == ("canary", "", Source.State.NEW)
    assert (source.mode, source.budget, source.exclude_tags) == ("review", 7, ["crypto"])
    assert [one.written for one in Listed.objects.filter(event=new)] == ["Spam"]
    assert not Author.objects.filter(event=new).exists()  # judged for the one that was


def test_hours_stay_across_the_change_of_the_clock(series: Series) -> None:
    winter = date(2027, 2, 3)  # the old one was in summer time

    new = copying.copy(series.event, first_day=winter, by=series.by, every_slot=True)

    clocks = [slot.starts_at.astimezone(new.tz).time() for slot in Slot.objects.of(new).in_order()]
    assert clocks == [time(10), time(11), time(12)]
    assert new.starts_at == datetime(2027, 2, 3, 9, tzinfo=UTC)
    assert new.ends_at.astimezone(new.tz).time() == time(20)
    assert new.purge_on == new.default_purge()


def test_night_of_the_change_keeps_every_end_behind_its_start(db: None) -> None:
    event = factories.make_event(
        starts_at=datetime(2026, 3, 20, 18, tzinfo=UTC),
        ends_at=datetime(2026, 3, 21, 4, tzinfo=UTC),
    )
    for clock in range(60, 180, 10):  # from 1 to 3 o'clock at the place, ten minutes each
        start = datetime(2026, 3, 21, 0, tzinfo=UTC) + timedelta(minutes=clock - 60)
        with changing(event) as log:
            session = factories.make_session(event)
            end = start + timedelta(minutes=10)
            log.add(Slot(event=event, session=session, starts_at=start, ends_at=end))

    new = copying.copy(
        event, first_day=date(2026, 3, 27), by=factories.make_user(), every_slot=True
    )

    assert all(slot.ends_at > slot.starts_at for slot in new.slots.all())
    assert new.slots.count() == 12


def test_copy_asks_as_often_for_thirty_sessions_as_for_three(series: Series) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as captured:
            copying.copy(series.event, first_day=NEXT, by=series.by, every_slot=True, name="Same")
        return len(captured)

    few = questions()
    for _ in range(27):
        factories.make_slot(series.event)

    assert questions() == few


# --- in the admin


@pytest.fixture
def organizer(series: Series) -> Client:
    add_organizer(series.event, "!")
    return guests.signed_in(Hall(series.event).person(Membership.Role.ORGANIZER))


def act(client: Client, *events: Event, **fields: Any) -> Any:
    form = {"action": "copy_selected", "_selected_action": [each.pk for each in events]}
    return client.post("/admin/agenda/event/", form | fields)


def test_action_asks_for_the_day_and_leads_to_the_new_event(
    series: Series, organizer: Client
) -> None:
    asked = act(organizer, series.event).content.decode()
    answer = act(organizer, series.event, name="Forum Ost", first_day="2027-10-06")

    assert ('value="Forum 2027"' in asked, 'value="2027-10-06"' in asked) == (True, True)
    assert answer["Location"] == "/forum-ost/home/"
    assert organizer.get("/forum-ost/home/").status_code == 200


@pytest.mark.parametrize("day", ["", "soon", "0001-01-01", "9999-12-31"])
def test_day_that_is_none_copies_nothing(series: Series, organizer: Client, day: str) -> None:
    answer = act(organizer, series.event, name="Forum", first_day=day)

    assert (answer.status_code, Event.objects.count()) == (200, 1)


def test_two_events_at_once_are_not_copied(series: Series, organizer: Client) -> None:
    other = factories.make_event()
    user = User.objects.get(pk=organizer.session["_auth_user_id"])
    Membership.objects.create(user=user, event=other, role=Membership.Role.ORGANIZER)

    act(organizer, series.event, other, name="Forum", first_day="2027-10-06")

    assert Event.objects.count() == 2
