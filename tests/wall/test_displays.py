"""What stood on screens, as they say: kept within limits, and told to its guest once."""

import json
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agenda.models import Event
from eventhub.live.models import Change
from eventhub.live.topics import registry
from tests import guests
from tests.factories import (
    at,
    make_event,
    make_note,
    make_post,
    make_screen,
    make_session,
    make_slot,
)
from tests.replay import head
from wall import delays, displays, moderation, purge, steps
from wall.models import Display, Post, Screen, Step

pytestmark = pytest.mark.django_db
NOON = at("12:00")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def event() -> Event:
    return make_event(language="en", zone="UTC")


@pytest.fixture
def screen(event: Event) -> Screen:
    return make_screen(event, key="a-key")


def ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def says(*stays: tuple[Post, datetime, datetime]) -> str:
    return json.dumps([[post.key, ms(start), ms(end)] for post, start, end in stays])


def times() -> list[tuple[str, str, str]]:
    rows = Display.objects.select_related("post").order_by("from_at", "pk")
    return [(row.post.key, f"{row.from_at:%H:%M:%S}", f"{row.until_at:%H:%M:%S}") for row in rows]


def own(event: Event, note: Post) -> str:
    assert note.attendee is not None
    name = f"mine:{note.attendee.key}"
    (item,) = registry["mine"].window(event.pk, name, "en")
    return " ".join((item.html or "").split())


def test_what_a_screen_says_is_kept(event: Event, screen: Screen) -> None:
    one, two = make_post(event), make_post(event)

    told = says((one, NOON - MINUTE, NOON), (two, NOON - 2 * MINUTE, NOON - MINUTE))

    assert displays.stood(screen, told, NOON) == 2
    assert times() == [(two.key, "11:58:00", "11:59:00"), (one.key, "11:59:00", "12:00:00")]


def test_the_same_time_said_again_is_the_same_time_and_may_have_lasted_longer(
    event: Event, screen: Screen
) -> None:
    post = make_post(event)
    displays.stood(screen, says((post, NOON, NOON + 5 * timedelta(seconds=1))), NOON + MINUTE)

    assert displays.stood(screen, says((post, NOON, NOON + MINUTE)), NOON + MINUTE) == 0
    assert times() == [(post.key, "12:00:00", "12:01:00")]


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "{}",
        "[",
        "[" * 5000,
        "[1]",
        "[[]]",
        '[["KEY", 1]]',
        '[["KEY", "1", "2"]]',
        '[["KEY", 1e300, 2e300]]',
        '[["KEY", true, false]]',
        '[["KEY", -5, 5]]',
        '[["KEY", NaN, Infinity]]',
        "[[null, FROM, UNTIL]]",
        '[["\\u0000", FROM, UNTIL]]',
        '[["KEY", UNTIL, FROM]]',
        '[["KEY", FROM, FROM]]',
        '[["KEY", OLD, UNTIL]]',
        '[["KEY", FROM, FUTURE]]',
        '[["unheard-of", FROM, UNTIL]]',
    ],
)
def test_what_no_screen_of_ours_would_say_is_passed_over(
    event: Event, screen: Screen, raw: str
) -> None:
    post = make_post(event)
    known = {"FROM": NOON - MINUTE, "UNTIL": NOON, "FUTURE": NOON + MINUTE}
    known["OLD"] = NOON - timedelta(hours=3)
    for word, moment in known.items():
        raw = raw.replace(word, str(ms(moment)))

    assert displays.stood(screen, raw.replace("KEY", post.key), NOON) == 0
    assert times() == []


def test_posts_of_another_event_and_posts_that_were_never_shown_stood_nowhere(
    event: Event, screen: Screen
) -> None:
    foreign = make_post(make_event())
    waiting, gone = make_post(event, state="pending"), make_post(event, state="withdrawn")

    told = says(*[(post, NOON - MINUTE, NOON) for post in (foreign, waiting, gone)])

    assert displays.stood(screen, told, NOON) == 0
    assert times() == []


def test_of_one_post_a_screen_keeps_its_first_ten_times(event: Event, screen: Screen) -> None:
    post, other = make_post(event), make_screen(event, name="Foyer", key="other")
    for number in range(14):
        start = NOON + number * MINUTE
        displays.stood(screen, says((post, start, start + MINUTE)), start + MINUTE)

    assert len(times()) == displays.MOST_OF_ONE
    assert displays.stood(other, says((post, NOON, NOON + MINUTE)), NOON + MINUTE) == 1


def test_guest_is_told_once_and_nobody_of_the_second_time(event: Event, screen: Screen) -> None:
    note = make_note(event, state="shown")
    before = head(event)
    displays.stood(screen, says((note, NOON - MINUTE, NOON)), NOON)
    told = head(event)

    displays.stood(screen, says((note, NOON, NOON + MINUTE)), NOON + MINUTE)

    assert (told - before, head(event) - told) == (1, 0)
    assert "was on the screen at <time" in own(event, note)
    assert f'data-at="{(NOON - MINUTE).isoformat()}"' in own(event, note)


def test_posts_of_networks_are_counted_and_nobody_is_told(event: Event, screen: Screen) -> None:
    post = make_post(event)
    before = head(event)

    displays.stood(screen, says((post, NOON - MINUTE, NOON)), NOON)

    assert (head(event), len(times())) == (before, 1)


def test_queries_do_not_grow_with_what_stood(event: Event, screen: Screen) -> None:
    asked = []
    for count in (1, 3):
        told = says(*[(make_post(event), NOON - MINUTE, NOON) for _ in range(count)])
        with CaptureQueriesContext(connection) as queries:
            displays.stood(screen, told, NOON)
        asked.append(len(queries))

    assert asked[0] == asked[1]


@pytest.mark.parametrize(("minute", "words"), [("10:10", "in the break at"), ("10:50", "")])
def test_note_says_when_the_wall_comes_up(event: Event, minute: str, words: str) -> None:
    make_screen(event)
    for start, end in (("10:00", 45), ("11:15", 45)):
        make_slot(event, session=make_session(event, kind="talk"), start=start, minutes=end)
    with time_machine.travel(at(minute)):
        note = make_note(event, state="shown")

        said = own(event, note)

    assert ("comes onto the screen" in said) is bool(words)
    assert words in said
    assert ('data-at="' in said) is bool(words)


def test_delay_moves_what_waiting_notes_say_without_touching_them(event: Event) -> None:
    make_screen(event)
    for start, end in (("10:00", 45), ("11:15", 45)):
        make_slot(event, session=make_session(event, kind="talk"), start=start, minutes=end)

    def told() -> str:
        return " ".join((registry["coming"].window(event.pk, "coming", "en")[0].html or "").split())

    with time_machine.travel(at("10:10")):
        note = make_note(event, state="shown")
        before, since = told(), head(event)
        delays.add(event, None, 10, by=None)

    with time_machine.travel(at("10:10")):
        after = told()
    assert f'data-at="{at("10:45").isoformat()}' in before
    assert f'data-at="{at("10:55").isoformat()}' in after
    changes = Change.objects.filter(event_id=event.pk, seq__gt=since)
    assert any("coming" in change.topics.split() for change in changes)
    assert Post.objects.get().version == note.version


def test_nothing_comes_up_without_a_screen_while_cleared_or_once_it_has_stood(
    event: Event,
) -> None:
    make_slot(event, session=make_session(event, kind="talk"), start="10:00", minutes=45)
    make_slot(event, session=make_session(event, kind="talk"), start="11:15", minutes=45)
    now = at("10:10")

    assert displays.coming(event, now) is None
    make_screen(event)
    spell = displays.coming(event, now)
    assert spell is not None
    assert (spell.at, spell.scene) == (at("10:45"), "break")
    steps.take(event, Step.What.CLEAR, by=None)
    assert displays.coming(event, now) is None


def test_sign_of_a_screen_brings_what_stood(event: Event, screen: Screen) -> None:
    post = make_post(event)
    now = timezone.now()
    told = says((post, now - MINUTE, now))

    answers = [guests.beamer(key).post("/screen/here", {"stood": told}) for key in ("a-key", "no")]

    assert [answer.status_code for answer in answers] == [200, 404]
    assert Display.objects.filter(post=post).count() == 1


def test_times_go_with_their_posts(event: Event, screen: Screen) -> None:
    note = make_note(event, state="shown")
    displays.stood(screen, says((note, NOON - MINUTE, NOON)), NOON)

    purge.purge(event)

    assert not Display.objects.exists()


def test_hidden_note_does_not_say_that_it_will_come(event: Event, screen: Screen) -> None:
    note = make_note(event, state="shown")
    moderation.hide(note, by=None)

    assert "note__screen" not in own(event, note)
