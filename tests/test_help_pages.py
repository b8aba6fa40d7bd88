"""The helper's two pages: come in with what stands behind the #, see what one is here for."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from agenda import helpers
from agenda.models import DoorEntry, Event, Membership, User
from agenda.views import help
from eventhub.live.models import new_key
from tests import at_the_door, factories, guests
from tests.at_the_door import key_of, open_door

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]  # reads pages: once is enough

Role = Membership.Role
SPENT = "This code has been used already. Scan the next one on the organizer's phone."
LATE = "This code is not valid any more. Ask the organizers for a new one."
UNKNOWN = "This code opens nothing here. Scan the one on the organizer's phone."
NO_NAME = "Type your name, so that the others know who helps."


@pytest.fixture(autouse=True)
def full_buckets() -> None:
    guests.refill_buckets()


def come_in(client: Client, event: Event, key: str, name: str = "Jo", visit: str = "") -> str:
    """Where the helper lands, or what they read."""
    form = {"key": key, "name": name, "visit": visit or new_key()}
    answer = client.post(f"/{event.slug}/help", form)
    if answer.status_code == 302:
        return str(answer["Location"])
    problem = re.findall(r'role="alert">([^<]*)<', answer.content.decode())
    return str(problem[0]).replace("&#x27;", "'")


def helper(event: Event, *tasks: str) -> Client:
    """A browser that has come in by the doors of `tasks`."""
    client = guests.browser()
    for task in tasks:
        assert come_in(client, event, key_of(open_door(event, task))) == f"/{event.slug}/helper/"
    return client


def helper_page(client: Client, event: Event) -> tuple[int, str]:
    answer = client.get(f"/{event.slug}/helper/")
    return answer.status_code, answer.content.decode()


# --- coming in


def test_helper_comes_in_with_key_and_name_and_has_the_desk(event: Event) -> None:
    client = helper(event, "desk")

    assert client.get(f"/{event.slug}/desk/").status_code == 200
    assert client.get(f"/{event.slug}/home/").status_code == 404
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/admin/login/")


def test_session_ends_with_the_hour(event: Event) -> None:
    door = open_door(event, hours=3)
    client = guests.browser()
    come_in(client, event, key_of(door))

    stored = Session.objects.get(pk=client.cookies[settings.SESSION_COOKIE_NAME].value)
    assert abs(stored.expire_date - door.until) < timedelta(seconds=1)
    with time_machine.travel(door.until + timedelta(seconds=2)):
        assert client.get(f"/{event.slug}/desk/").status_code == 302
        assert helper_page(client, event)[0] == 403


def test_second_task_makes_the_session_as_long_as_its_hour(event: Event) -> None:
    client = helper(event, "desk")
    later = open_door(event, "stage", hours=5)

    come_in(client, event, key_of(later), name="")

    stored = Session.objects.get(pk=client.cookies[settings.SESSION_COOKIE_NAME].value)
    assert abs(stored.expire_date - later.until) < timedelta(seconds=1)
    assert Membership.objects.get(role=Role.HELPER).tasks == ["desk", "stage"]


def test_account_that_helps_keeps_its_own_session(event: Event) -> None:
    client = guests.signed_in(factories.make_user(password="kupfer-wolke-7314"))
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    before = Session.objects.get(pk=key).expire_date

    come_in(client, event, key_of(open_door(event)), name="")

    assert client.cookies[settings.SESSION_COOKIE_NAME].value == key
    assert Session.objects.get(pk=key).expire_date == before
    assert client.get(f"/{event.slug}/desk/").status_code == 200


def test_answer_that_got_lost_is_found_by_the_same_form_sent_again(event: Event) -> None:
    key, lost, again = key_of(open_door(event)), guests.browser(), guests.browser()
    come_in(lost, event, key, visit="a" * 22)

    assert come_in(again, event, key, visit="a" * 22) == f"/{event.slug}/helper/"
    assert User.objects.filter(username__startswith="helper-").count() == 1
    assert come_in(guests.browser(), event, key, visit="b" * 22) == SPENT


def test_organizer_who_scans_by_mistake_reads_so_and_keeps_the_role(event: Event) -> None:
    user = factories.make_moderator(event)
    client, key = guests.signed_in(user), key_of(open_door(event))
    words = "You run this event already, so nothing has changed for you."

    assert words in client.get(f"/{event.slug}/help").content.decode()
    assert come_in(client, event, key) == words
    assert Membership.objects.get(user=user).role == Role.MODERATOR
    assert helper_page(client, event)[0] == 302


def test_helper_comes_into_a_closed_event_and_strangers_learn_no_more_than_its_name(
    db: None,
) -> None:
    event = factories.make_event(closed=True, hashtag="canaryTag")
    stranger = guests.browser()
    outside = stranger.get(f"/{event.slug}/help")

    client = helper(event, "desk")

    assert (outside.status_code, event.name in outside.content.decode()) == (200, True)
    assert "canaryTag" not in outside.content.decode() + helper_page(stranger, event)[1]
    for page in ("helper/", "desk/", ""):
        assert client.get(f"/{event.slug}/{page}").status_code == 200
    assert "canaryTag" in helper_page(client, event)[1]


# --- one clear sentence


def test_key_that_is_spent_late_foreign_or_guessed_is_one_clear_sentence(event: Event) -> None:
    spent = key_of(open_door(event))
    helper_client = guests.browser()
    come_in(helper_client, event, spent)
    late = key_of(open_door(event, "pitch"))
    foreign = key_of(open_door(factories.make_event(), "stage"))
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        read = [come_in(guests.browser(), event, key) for key in (spent, late)]
    read += [come_in(guests.browser(), event, key) for key in (spent, foreign, "A" * 12, "")]

    assert read == [LATE, LATE, SPENT, UNKNOWN, UNKNOWN, UNKNOWN]
    refused = [what for _, what, _ in at_the_door.book(event)][-4:]
    assert refused == ["late", "late", "spent", "foreign"]


@pytest.mark.parametrize("name", ["", " ", "\u200b"])
def test_name_that_is_missing_is_asked_for_and_the_code_is_kept(event: Event, name: str) -> None:
    key = key_of(open_door(event))
    client = guests.browser()

    answer = client.post(f"/{event.slug}/help", {"key": key, "name": name, "visit": "v" * 22})

    said = answer.content.decode()
    assert (answer.status_code, NO_NAME in said, f'value="{key}"' in said) == (422, True, True)
    assert come_in(client, event, key) == f"/{event.slug}/helper/"


def test_spent_key_is_not_written_into_the_page_again(event: Event) -> None:
    key = key_of(open_door(event))
    come_in(guests.browser(), event, key)

    said = guests.everything_said(
        guests.browser().post(f"/{event.slug}/help", {"key": key, "name": "Kim"})
    )

    assert key not in said


def test_guesser_is_slowed_and_the_neighbour_with_the_right_code_comes_in(event: Event) -> None:
    key = key_of(open_door(event))

    read = [come_in(guests.browser(), event, f"GUESS{number}") for number in range(70)]
    right = come_in(guests.browser(), event, key)

    assert set(read[: int(help._guesses.at_once)]) == {UNKNOWN}
    assert read[-1].startswith("Too many wrong codes.")
    assert right == f"/{event.slug}/helper/"
    assert DoorEntry.objects.exclude(what__in=["opened", "joined"]).count() == 0


def test_form_from_elsewhere_is_refused(event: Event) -> None:
    key = key_of(open_door(event))

    answer = guests.browser(checks_csrf=True).post(
        f"/{event.slug}/help", {"key": key, "name": "Jo"}
    )

    assert (answer.status_code, helpers.helpers_of(event).count()) == (403, 0)


# --- what am I here for


@pytest.mark.parametrize(
    ("tasks", "headings", "to_desk"),
    [
        (["desk"], ["Desk"], True),
        (["pitch"], ["Pitches"], False),
        (["stage"], ["Stage"], False),
        (["desk", "pitch", "stage"], ["Desk", "Pitches", "Stage"], True),
    ],
)
def test_page_says_what_one_is_here_for(
    event: Event, tasks: list[str], headings: list[str], to_desk: bool
) -> None:
    status, page = helper_page(helper(event, *tasks), event)

    assert status == 200
    assert re.findall(r"<h2>([^<]+)</h2>", page) == headings
    assert (f'href="/{event.slug}/desk/"' in page) == to_desk
    assert ("<now-next" in page) == (tasks != ["desk"])
    assert "Thank you, <bdi>Jo</bdi>!" in page


def test_helper_for_pitches_finds_pitch_and_board_once_there_is_a_barcamp(event: Event) -> None:
    client = helper(event, "pitch")
    ways = [f'href="/{event.slug}/pitch/"', f'href="/{event.slug}/home/barcamp/"']

    before = helper_page(client, event)[1]
    factories.make_barcamp(event)
    after = helper_page(client, event)[1]

    assert [way in before for way in ways] == [False, False]
    assert [way in after for way in ways] == [True, True]


def test_hour_stands_in_the_events_own_zone(db: None) -> None:
    event = factories.make_event(zone="Asia/Tokyo")
    client = guests.browser()
    door = open_door(event)
    come_in(client, event, key_of(door))

    page = helper_page(client, event)[1]

    assert f"<time>{door.until.astimezone(event.tz):%H:%M}</time>" in page


def test_helper_who_was_sent_away_finds_no_page_any_more(event: Event) -> None:
    client = helper(event, "desk")
    helpers.revoke(Membership.objects.get(role=Role.HELPER), by=None)

    asked = [f"/{event.slug}/desk/", f"/{event.slug}/helper/", f"/poll/{event.slug}?topics=desk"]

    assert [client.get(where).status_code for where in asked] == [404, 403, 403]
    assert client.post(f"/{event.slug}/desk/mode", {"mode": "free"}).status_code == 404
    assert "You have no task here" in helper_page(client, event)[1]


def test_signing_off_ends_the_task(event: Event) -> None:
    client = helper(event, "desk")

    client.post("/logout/")

    assert list(helpers.helpers_of(event)) == []
    assert helper_page(client, event)[0] == 403


def test_stranger_reads_that_there_is_no_task(event: Event) -> None:
    for client in (guests.browser(), guests.guest(event), guests.signed_in(factories.make_user())):
        assert helper_page(client, event)[0] == 403
