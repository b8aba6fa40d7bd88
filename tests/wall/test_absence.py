"""Organizers read on their page that nobody is at the desk, since when and what happens then."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agenda.models import Event, Membership
from eventhub.live import reading
from eventhub.live.log import changing
from tests import factories, guests
from tests.replay import assert_replay
from tests.two_events import Hall
from wall import presence
from wall.absence import line_of
from wall.demo_organizer import add_organizer
from wall.models import Rule
from wall.scheduling import Scheduler

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    return factories.make_event(language="en")


def leave_alone(event: Event, fallback: str = "trusted", *, hours: int = 0) -> Rule:
    rule = factories.make_rule(event, "delayed", fallback=fallback)
    with changing(event) as log:
        rule = log.fresh(rule)
        rule.empty_since = timezone.now() - timedelta(hours=hours)
        log.touch(rule)
    return rule


def home(event: Event) -> str:
    add_organizer(event, "!")
    client = guests.signed_in(Hall(event).person(Membership.Role.ORGANIZER))
    return client.get(f"/{event.slug}/home/").content.decode()


@pytest.mark.parametrize(
    ("fallback", "words"),
    [
        ("hold", "Everything waits."),
        ("trusted", "Only trusted authors come through."),
        ("go_on", "Posts go on as ever."),
    ],
)
def test_page_says_since_when_and_what_happens(event: Event, fallback: str, words: str) -> None:
    rule = leave_alone(event, fallback)
    assert rule.empty_since is not None

    said = home(event)

    since = rule.empty_since.astimezone(event.tz)
    assert f"Nobody at the desk since {since:%H:%M}." in said
    assert words in said


def test_yesterday_is_told_with_its_day(event: Event) -> None:
    rule = leave_alone(event, hours=30)
    assert rule.empty_since is not None

    said = home(event)

    assert (
        str(rule.empty_since.astimezone(event.tz).year)
        in said.partition("Nobody at the desk")[2][:40]
    )


def test_line_is_hidden_while_somebody_is_there(event: Event) -> None:
    factories.make_rule(event, "delayed")

    (line,) = line_of(event.pk, "en")

    assert " hidden" in str(line.html)
    assert "Nobody at the desk" not in str(line.html)


def test_coming_and_going_reach_the_open_page(event: Event) -> None:
    mira = factories.make_moderator(event)
    factories.make_rule(event, "delayed", fallback="hold")

    assert_replay(event, Scheduler().look, topics=["home"])
    empty = [item.html for item in reading.window(event.pk, ["home"], "en").items or []]
    assert_replay(event, lambda: presence.here(event, mira), topics=["home"])
    there = [item.html for item in reading.window(event.pk, ["home"], "en").items or []]

    assert sum("Nobody at the desk" in str(html) for html in empty) == 1
    assert sum("Nobody at the desk" in str(html) for html in there) == 0


def test_event_without_a_rule_says_nothing(event: Event) -> None:
    assert not Rule.objects.filter(event=event).exists()

    assert line_of(event.pk, "en") == []
    assert "Nobody at the desk" not in home(event)
