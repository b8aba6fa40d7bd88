"""The demo event: made once, around the present, at any hour; moved when its day is over."""

import asyncio
import math
import re
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
import time_machine
from pytest_django import Settings

from agenda.models import Event, Membership, Session, Slot, User
from agenda.programme import arrange, slots_of_day
from eventhub.live.log import changing
from eventhub.live.models import Stream
from tests.wall.plan_reader import html_of
from wall import demo, demo_day, ingest
from wall.demo_organizer import WORDS_FILE, new_password
from wall.egress import Egress
from wall.models import Rule, Screen, Source
from wall.sources.demo import Demo

# Pages and forms over the same queries: once is enough.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

BERLIN = ZoneInfo("Europe/Berlin")
MORNING = datetime(2026, 10, 7, 10, 3, 20, tzinfo=BERLIN)


@pytest.fixture(autouse=True)
def quick_hashing(settings: Settings) -> None:
    """Hashing a password takes half a second on purpose, and none of this is about that."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def head(event: Event) -> int:
    return Stream.objects.get(event_id=event.pk).head


def running(event: Event, at: datetime) -> list[Slot]:
    return list(Slot.objects.of(event).filter(starts_at__lte=at, ends_at__gt=at))


def assert_laid_around(event: Event, now: datetime) -> None:
    """`now` is in the running panel with about 30 minutes left; times are ones people print."""
    (panel,) = running(event, now)
    slots = list(Slot.objects.of(event).in_order())

    assert panel.session.kind == Session.Kind.PANEL
    assert timedelta(minutes=27) <= panel.ends_at - now <= timedelta(minutes=33)
    assert {at.timestamp() % 300 for slot in slots for at in (slot.starts_at, slot.ends_at)} == {0}
    assert min(slot.starts_at for slot in slots) == event.starts_at
    assert max(slot.ends_at for slot in slots) == event.ends_at
    # Everything belongs to one event day, also across midnight: nothing falls off the page.
    assert slots_of_day(event, now) == slots


def test_plan_for_its_screens_is_small() -> None:
    made = demo.ensure_demo(MORNING)

    with time_machine.travel(MORNING, tick=False):
        assert len(html_of(made.event).encode()) < 12_000


@pytest.mark.parametrize("hour", range(24))
def test_now_is_in_the_running_panel_at_any_hour(hour: int) -> None:
    made = demo.ensure_demo(MORNING)
    now = datetime(2027, 3, 14, hour, 50, tzinfo=BERLIN)

    moved = demo.ensure_demo(now)

    assert (moved.event, moved.created, moved.moved) == (made.event, False, True)
    assert_laid_around(moved.event, now)


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 3, 29, 1, 40, tzinfo=BERLIN),  # twenty minutes before the clocks go forward
        datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=1),
        datetime(2026, 12, 31, 22, 59, 59, 999_999, tzinfo=UTC),
    ],
)
def test_demo_is_created_around_now_on_odd_nights(now: datetime) -> None:
    made = demo.ensure_demo(now)

    assert (made.created, made.moved) == (True, False)
    assert_laid_around(made.event, now)


def test_nothing_overlaps_in_a_room() -> None:
    event = demo.ensure_demo(MORNING).event

    rooms = {
        room.name: list(Slot.objects.of(event).filter(room=room).in_order())
        for room in event.rooms.all()
    }
    assert {name: len(slots) for name, slots in rooms.items()} == {
        "Großer Saal": 5,
        "Raum 2": 3,
        "Raum 3": 3,
        "Werkstatt": 2,
        "Foyer": 5,
        "Hof": 2,
    }
    assert [
        (one, other)
        for slots in rooms.values()
        for one, other in pairwise(slots)
        if one.ends_at > other.starts_at
    ] == []


def test_barcamp_follows_the_break_in_four_rooms_twice_and_a_third_round_is_open() -> None:
    event = demo.ensure_demo(MORNING).event

    slots = Slot.objects.of(event).filter(session__kind=Session.Kind.BARCAMP).in_order()
    starts = [slot.starts_at for slot in slots]
    assert {slot.ends_at - slot.starts_at for slot in slots} == {timedelta(minutes=45)}
    assert [starts.count(start) for start in sorted(set(starts))] == [4, 4, 2]
    after_panel = arrange(slots_of_day(event, MORNING), MORNING).next
    assert [slot.session.kind for slot in after_panel] == [Session.Kind.BREAK]


def test_every_part_of_the_programme_has_something_to_show() -> None:
    event = demo.ensure_demo(MORNING).event

    slots = Slot.objects.of(event)
    moved = slots.get(moved_at__isnull=False)
    assert [slot.session.title for slot in slots.filter(cancelled=True)] == [
        "Lastenrad statt Transporter: Probefahrt"
    ]
    assert (str(moved.room), str(moved.was_room), moved.sequence) == ("Großer Saal", "Foyer", 1)
    assert moved.was_starts_at == moved.starts_at
    assert set(event.tracks.all()) == {slot.session.track for slot in slots if slot.session.track}
    on_stage = {who.pk for slot in slots for who in slot.session.speakers.all()}
    assert on_stage == {speaker.pk for speaker in event.speakers.all()}
    assert [who.name for who in event.speakers.all() if not (who.bio and who.organisation)] == []
    assert [room.name for room in event.rooms.all() if not room.where] == []
    missing = [
        name
        for name in ("wifi_name", "wifi_password", "directions", "first_aid", "info", "contact")
        if not getattr(event, name)
    ]
    assert missing == []


def test_what_was_moved_keeps_its_place_in_the_day_when_the_day_moves() -> None:
    event = demo.ensure_demo(MORNING).event
    before = event.slots.get(moved_at__isnull=False)

    demo.ensure_demo(MORNING + timedelta(days=1))

    after = event.slots.get(pk=before.pk)
    assert after.was_starts_at == after.starts_at > before.starts_at
    assert after.moved_at
    assert before.moved_at
    assert after.starts_at - after.moved_at == before.starts_at - before.moved_at
    assert after.sequence == before.sequence


def test_event_passes_the_checks_of_its_own_form() -> None:
    event = demo.ensure_demo(MORNING).event

    event.full_clean()
    assert event.code == "MACHEN"
    assert event.day_boundary == time(4)
    assert (event.purge_on - event.ends_at.date()).days == 30
    opening = "Dies ist eine Vorführung. "
    assert [text.startswith(opening) for text in (event.imprint, event.privacy)] == [True, True]
    for row in (*event.rooms.all(), *event.tracks.all(), *event.speakers.all()):
        row.full_clean()
    for session in event.sessions.all():
        session.full_clean()
    written = " ".join([event.imprint, event.privacy, event.contact, event.info])
    assert set(re.findall(r"@([\w.]+\w)", written)) == {"handfest.example"}


def test_posts_are_shown_at_once_by_default() -> None:
    event = demo.ensure_demo(MORNING).event

    assert Rule.objects.get(event=event).mode == Rule.Mode.FREE


def test_keys_open_the_wall_in_the_foyer_and_the_hall_and_are_not_stored() -> None:
    made = demo.ensure_demo(MORNING)

    foyer, hall = Screen.objects.filter(event=made.event).order_by("pk")
    assert [made.screen_key is None, made.hall_key is None] == [False, False]
    assert Screen.objects.with_key(made.screen_key or "") == foyer
    assert Screen.objects.with_key(made.hall_key or "") == hall
    assert (foyer.view, hall.view, str(hall.room)) == ("wall", "auto", "Großer Saal")
    stored = str([foyer.__dict__, hall.__dict__])
    assert [key for key in (made.screen_key, made.hall_key) if str(key) in stored] == []


def test_organizer_may_sign_in_and_run_the_event_but_not_the_server() -> None:
    made = demo.ensure_demo(MORNING)
    user = User.objects.get(username="organisation")

    assert made.password is not None
    assert user.check_password(made.password)
    assert (user.is_staff, user.is_superuser) == (True, False)
    assert [m.role for m in Membership.objects.filter(user=user)] == [Membership.Role.ORGANIZER]
    assert user.has_perms(["agenda.change_event", "agenda.add_slot", "wall.change_source"])
    assert user.has_perms(["wall.view_decision"])
    refused = ["agenda.change_user", "agenda.add_user", "auth.change_group", "wall.delete_decision"]
    assert [permission for permission in refused if user.has_perm(permission)] == []


def test_password_has_four_groups_and_forty_bits() -> None:
    words = WORDS_FILE.read_text(encoding="ascii").split()

    assert re.fullmatch(r"[a-z]{4,7}-[a-z]{4,7}-[0-9]{4}-[a-z]{4,7}", new_password())
    assert [word for word in words if not re.fullmatch(r"[a-z]{4,7}", word)] == []
    assert len(set(words)) == len(words)
    assert math.log2(len(words) ** 3 * 10_000) >= 40


def test_second_call_changes_nothing() -> None:
    made = demo.ensure_demo(MORNING)
    before = head(made.event)

    again = demo.ensure_demo(MORNING + timedelta(hours=2))

    assert again == demo.DemoEvent(made.event, created=False, moved=False)
    assert head(made.event) == before
    assert (Event.objects.count(), User.objects.count(), Screen.objects.count()) == (1, 1, 2)


@pytest.mark.parametrize("later", [timedelta(hours=7), timedelta(days=3), timedelta(hours=-2)])
def test_every_slot_is_told_when_the_day_moves(later: timedelta) -> None:
    made = demo.ensure_demo(MORNING)
    before = head(made.event)

    moved = demo.ensure_demo(MORNING + later)

    told = made.event.slots.filter(version__gt=before).count()
    assert (moved.created, moved.moved, told) == (False, True, made.event.slots.count())
    assert (moved.screen_key, moved.hall_key, moved.password) == (None, None, None)


def test_day_that_organizers_made_longer_moves_after_ten_hours() -> None:
    event = demo.ensure_demo(MORNING).event
    Event.objects.filter(pk=event.pk).update(ends_at=event.ends_at + timedelta(days=2))

    assert demo.ensure_demo(event.starts_at + timedelta(hours=9)).moved is False
    assert demo.ensure_demo(event.starts_at + timedelta(hours=10)).moved is True


def test_moving_keeps_what_organizers_changed() -> None:
    event = demo.ensure_demo(MORNING).event
    Event.objects.filter(pk=event.pk).update(
        name="Unser Tag", slug="unser-tag", day_boundary=time(6)
    )
    with changing(event) as log:
        slot = log.fresh(event.slots.earliest("starts_at"))
        slot.ends_at -= timedelta(minutes=15)
        log.touch(slot)

    moved = demo.ensure_demo(MORNING + timedelta(days=1))

    same = event.slots.get(pk=slot.pk)
    assert (moved.event.pk, moved.event.name, moved.moved) == (event.pk, "Unser Tag", True)
    assert moved.event.day_boundary == time(6)
    assert same.ends_at - same.starts_at == slot.ends_at - slot.starts_at


def test_creation_cut_short_is_finished_by_the_next_start() -> None:
    demo._new_event(MORNING)

    finished = demo.ensure_demo(MORNING)

    assert finished.created is True
    assert finished.event.slots.count() >= len(demo_day.PROGRAMME)


def make_event(code: str) -> Event:
    return Event.objects.create(
        name="Anderes",
        slug="anderes",
        code=code,
        starts_at=MORNING,
        ends_at=MORNING + timedelta(hours=1),
        purge_on=MORNING.date(),
    )


def test_event_of_somebody_else_with_a_demo_source_is_never_moved() -> None:
    other = make_event("ANDERS")
    with changing(other) as log:
        log.add(Source(event=other, adapter="demo", name="Probe", config={"tag": "Anderes"}))

    made = demo.ensure_demo(MORNING + timedelta(days=1))

    other.refresh_from_db()
    assert (made.created, made.event.pk == other.pk) == (True, False)
    assert other.starts_at == MORNING


def test_code_in_use_by_another_event_is_left_to_it() -> None:
    other = make_event(demo_day.CODE)

    made = demo.ensure_demo(MORNING)

    assert made.event.pk != other.pk
    assert re.fullmatch("[A-Z2-9]{5}", made.event.code)


def test_existing_organizer_keeps_the_password() -> None:
    User.objects.create_user("organisation", password="schon-lange-hier-4711")

    made = demo.ensure_demo(MORNING)

    assert made.password is None
    assert User.objects.get().check_password("schon-lange-hier-4711")
    assert Membership.objects.get().event == made.event


def test_demo_source_fills_the_wall_and_continues_after_a_restart() -> None:
    event = demo.ensure_demo(MORNING).event
    source = Source.objects.get(event=event, adapter="demo")
    watch = [MORNING]
    for _restart in range(40):
        source.refresh_from_db()
        adapter = Demo(lambda: watch[0])
        batch = asyncio.run(adapter.fetch(source.config, "", source.cursor, Egress()))
        ingest.take(source, batch)
        watch[0] += timedelta(seconds=batch.wait_s + 1)

    texts = [post.text for post in event.posts.shown()]
    waiting = event.posts.pending().values_list("reason", flat=True)
    assert len(texts) >= 36
    assert set(waiting) == {"name"}  # speakers who write too: the desk has something to do
    assert len(set(texts)) == len(texts)
    assert [text for text in texts if "#" in text and f"#{event.hashtag}" not in text] == []
