"""A rehearsal: screens play another time with posts of our own, nobody notices, nothing stays."""

from datetime import datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agenda.models import Event, Membership, User
from eventhub.live.models import Change
from eventhub.live.topics import registry
from tests import guests
from tests.factories import (
    at,
    make_event,
    make_post,
    make_room,
    make_screen,
    make_session,
    make_slot,
    make_user,
)
from tests.replay import assert_replay, every_topic
from tests.wall.plan_reader import read, told_to_screens
from wall import rehearsals
from wall.models import Action, Rehearsal, Screen

pytestmark = pytest.mark.django_db
# What says that there was a rehearsal, when and by whose hand: the log of changes, and of deeds.
TOLD = (Change, Action)


@pytest.fixture
def event() -> Event:
    made = make_event(language="en", zone="UTC")
    make_screen(made, key="a-key")
    room = make_room(made, "Room 1")
    make_slot(made, room=room, session=make_session(made, "The talk"), start="10:00", minutes=60)
    make_post(made, text="A real post")
    return made


def organizer_of(event: Event) -> User:
    user = make_user()
    Membership.objects.create(user=user, event=event, role=Membership.Role.ORGANIZER)
    return user


def screen_of(event: Event) -> Screen:
    return Screen.objects.get(event=event)


def begin(event: Event, clock: str = "10:30", **fields: object) -> Rehearsal:
    defaults = {"starts_at": at(clock), "speed": 10, "by": None}
    return rehearsals.begin(event, **defaults | fields)  # type: ignore[arg-type]


def rows() -> dict[str, int]:
    """How many there are of every table, but for what tells of the past."""
    models = [model for model in apps.get_models() if model not in TOLD]
    return {model._meta.label: model._default_manager.count() for model in models}


def item(event: Event) -> str:
    window = registry["screen"].window(event.pk, "screen", "en")
    return unescape(
        "".join(one.html or "" for one in window if "data-rehearsal" in (one.html or ""))
    )


def test_rehearsal_reaches_the_screen_with_its_clock_and_its_posts(event: Event) -> None:
    assert_replay(event, lambda: begin(event), topics=["screen"])

    row = Rehearsal.objects.get(event=event)
    assert f'data-starts="{_ms(row.starts_at)}" data-began="{_ms(row.began_at)}"' in item(event)
    assert 'data-speed="10"' in item(event)
    assert item(event).count("data-rehearsed") == 24
    assert "#handfest" in item(event)
    assert item(event) in unescape(guests.beamer("a-key").get("/screen").content.decode())


def _ms(when: datetime) -> int:
    return round(when.timestamp() * 1000)


@pytest.mark.parametrize("whose", ["all", "own"])
def test_staff_sees_which_screens_rehearse_and_that_they_have_ended(
    event: Event, whose: str
) -> None:
    own, other = screen_of(event), make_screen(event, key="b-key")
    wanted = own if whose == "own" else None

    def rehearsing() -> set[str]:
        window = registry["screens"].window(event.pk, "screens", "en")
        return {one.key for one in window if "state__rehearses" in (one.html or "")}

    assert_replay(event, lambda: begin(event, screen=wanted), topics=["screens"])

    assert rehearsing() == ({own.key} if whose == "own" else {own.key, other.key})
    assert_replay(event, lambda: rehearsals.end(event, by=None, screen=wanted), topics=["screens"])
    assert rehearsing() == set()


def test_ending_it_leaves_no_row_behind(event: Event) -> None:
    before = rows()
    begin(event)
    begin(event, screen=screen_of(event), speed=0)
    guests.beamer("a-key").get("/screen")
    assert rows() != before

    assert rehearsals.end(event, by=None) == 2

    assert rows() == before
    assert item(event) == ""
    assert rehearsals.end(event, by=None) == 0


def test_nobody_but_screens_and_their_staff_is_told(event: Event) -> None:
    last = Change.objects.order_by("-seq").values_list("seq", flat=True)[0]

    begin(event)
    rehearsals.end(event, by=None)

    told = Change.objects.filter(event_id=event.pk, seq__gt=last).values_list("topics", flat=True)
    assert {name for topics in told for name in topics.split()} <= {
        "screen",
        "screens",
        "desk",
        "cues",
    }


def test_public_pages_and_topics_stay_as_they_are(event: Event) -> None:
    def look() -> list[object]:
        names = [name for name in every_topic(event) if name not in {"screen", "screens", "cues"}]
        pages = [f"/{event.slug}/{page}" for page in ("", "wall/", "afar/")]
        answers = [guests.guest(event).get(page) for page in pages]
        assert [one.status_code for one in answers] == [200] * 3
        return [
            [registry[name].window(event.pk, name, "en") for name in names],
            ["Rehears" in one.content.decode() for one in answers],
        ]

    before = look()

    begin(event)

    assert look() == before


def test_plan_reaches_the_rehearsed_day_however_far_it_is(event: Event) -> None:
    with time_machine.travel(at("10:00") - timedelta(days=40), tick=False):
        begin(event)
        spells = read(told_to_screens(event)["plan"])["hall"]

    assert (at("10:00"), "talk") in [(spell.at, spell.scene) for spell in spells]


def test_all_screens_take_over_from_single_ones(event: Event) -> None:
    begin(event, screen=screen_of(event))

    begin(event)

    assert [row.screen for row in rehearsals.standing(event)] == [None]


@pytest.mark.parametrize("days", [-1, 1])
def test_time_on_no_day_of_the_event_is_refused(event: Event, days: int) -> None:
    with pytest.raises(rehearsals.RehearsalRefused):
        begin(event, starts_at=at("10:00") + timedelta(days=days))


def test_unknown_speed_and_foreign_or_revoked_screens_are_refused(event: Event) -> None:
    revoked = make_screen(event, name="Old", revoked_at=at("09:00"))
    for odd in ({"speed": 7}, {"screen": make_screen(make_event())}, {"screen": revoked}):
        with pytest.raises(ValueError, match=r"rehearsal|screen"):
            begin(event, **odd)


def test_forgotten_one_ends_by_itself(event: Event) -> None:
    row = begin(event)

    assert rehearsals.end_due(row.began_at + rehearsals.LONGEST - timedelta(seconds=1)) == 0
    assert rehearsals.end_due(row.began_at + rehearsals.LONGEST) == 1
    assert list(rehearsals.standing(event)) == []


# --- the page


def test_organizer_begins_and_ends_by_plain_forms(event: Event) -> None:
    client = guests.signed_in(organizer_of(event))
    where = f"/{event.slug}/home/rehearsal/"
    form = {"screen": screen_of(event).key, "day": "2026-10-07", "time": "00:30", "speed": "0"}

    answer = client.post(f"{where}begin", form)

    assert (answer.status_code, answer.headers["Location"]) == (302, where)
    (row,) = rehearsals.standing(event)
    assert row.starts_at == at("00:30") + timedelta(days=1)  # still that evening
    assert "00:30" in client.get(where).content.decode()
    client.post(f"{where}end", {"screen": screen_of(event).key})
    assert list(rehearsals.standing(event)) == []


@pytest.mark.parametrize(
    ("field", "odd", "status"),
    [
        ("day", "2026-12-24", 422),
        ("day", "tomorrow", 422),
        ("screen", "nobody", 404),
        ("speed", "7", 404),
        ("time", "25:00", 422),
        ("time", "10:00+02:00", 422),
    ],
)
def test_odd_forms_begin_nothing(event: Event, field: str, odd: str, status: int) -> None:
    client = guests.signed_in(organizer_of(event))
    form = {"screen": "", "day": "2026-10-07", "time": "10:00", "speed": "1"} | {field: odd}

    answer = client.post(f"/{event.slug}/home/rehearsal/begin", form)

    assert answer.status_code == status
    assert not Rehearsal.objects.exists()


def test_page_asks_as_much_for_three_screens_as_for_one(event: Event) -> None:
    client = guests.signed_in(organizer_of(event))

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(f"/{event.slug}/home/rehearsal/").status_code == 200
        return len(found)

    begin(event, screen=screen_of(event))
    queries()
    one = queries()
    for number in range(2):
        begin(event, screen=make_screen(event, name=f"Screen {number}", key=f"key-{number}"))

    assert queries() == one
