"""The page of whoever runs the event: its numbers, what is missing, its doors and their book."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from agenda import helpers
from agenda.models import Answer, Door, Event, Membership, User
from agenda.views.doors import next_time, proposed
from tests import factories, guests
from tests.at_the_door import enter, key_of, open_door
from tests.test_public_pages import read_qr
from wall import moderation
from wall.demo_organizer import add_organizer
from wall.models import Post
from wall.numbers import numbers

# Pages and forms over the same queries: once is enough.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

Role = Membership.Role


@pytest.fixture
def organizer(event: Event) -> User:
    user = factories.make_user(first_name="Orga", is_staff=True)
    Membership.objects.create(user=user, event=event, role=Role.ORGANIZER)
    return user


@pytest.fixture
def client(organizer: User) -> Client:
    return guests.signed_in(organizer)


def read(client: Client, event: Event, path: str = "") -> str:
    answer = client.get(f"/{event.slug}/home/{path}")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def line(page: str, part: str) -> str:
    """The words of one line of numbers."""
    found = re.findall(rf'data-part="{part}"[^>]*>(.*?)</li>', page)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


# --- numbers


def test_numbers_count_what_goes_on_and_nothing_of_another_event(event: Event) -> None:
    now = timezone.now()
    long_ago = now - timedelta(hours=1)
    mira = factories.make_moderator(event, first_name="Mira")
    for where in (event, factories.make_event()):
        asleep = factories.make_attendee(where)
        type(asleep).objects.filter(pk=asleep.pk).update(created_at=long_ago)
        writer = factories.make_attendee(where)
        type(writer).objects.filter(pk=writer.pk).update(created_at=long_ago)
        factories.make_note(where, attendee=writer)
        factories.make_note(where, attendee=writer)
        factories.make_attendee(where)
        ago = now - timedelta(minutes=7)
        factories.make_post(where, state="pending", received_at=ago)
        factories.make_post(where, state="pending", received_at=now)
        factories.make_post(where, state="withdrawn")
        factories.make_screen(where)
        Answer.objects.create(event=where, question="good", text="All", origin="a")
        Answer.objects.create(event=where, question="action", text="Go", origin="b")
        moderation.hide(factories.make_post(where), by=mira)

    found = numbers(event, now)

    assert (found.guests, found.active) == (3, 2)
    counted = (found.waiting, found.shown, found.not_shown, found.withdrawn)
    assert counted == (2, 2, 1, 1)
    assert found.networks == [("note", 2)]
    assert (found.waits_minutes, found.is_slow) == (7, True)
    assert [count for _, count in found.answers] == [1, 0, 0, 1]
    assert (found.deciding, found.screens) == (["Mira"], 1)


def test_numbers_of_an_event_that_has_not_begun_are_all_nothing(event: Event) -> None:
    found = numbers(event, timezone.now())

    assert (found.guests, found.waiting, found.shown, found.all_answers) == (0, 0, 0, 0)
    assert (found.waits_for, found.is_slow, found.deciding) == (None, False, [])


def test_page_says_the_numbers_and_says_them_again_when_asked(event: Event, client: Client) -> None:
    before = read(client, event)
    late = timezone.now() - timedelta(minutes=3)
    factories.make_post(event, state="pending", received_at=late)
    factories.make_note(event)

    after = client.get(f"/{event.slug}/home/numbers").json()["html"]

    assert line(before, "waiting") == "0 are waiting to be looked at"
    assert line(after.replace("\n", ""), "waiting") == (
        "1 is waiting to be looked at the oldest for 3 minutes"
    )
    assert line(after.replace("\n", ""), "shown") == "1 on the wall Notes of guests 1"
    assert line(after.replace("\n", ""), "guests").startswith("1 guest has joined in 1 of them")


def test_withdrawn_and_hidden_notes_leave_no_word_on_the_page(event: Event, client: Client) -> None:
    for state in Post.State.values:
        factories.make_note(event, text="canary-text", state=state)

    assert "canary-text" not in read(client, event)


# --- where it leads


def test_page_offers_desk_admin_report_and_sign_out(event: Event, client: Client) -> None:
    page = read(client, event)

    links = set(re.findall(r'href="([^"]+)"', page)) | set(re.findall(r'action="([^"]+)"', page))
    home = f"/{event.slug}/home/"
    expected = {f"/{event.slug}/desk/", f"/admin/agenda/event/{event.pk}/change/", "/logout/"}
    expected |= {f"{home}report.md", f"{home}report.csv", f"{home}doors/desk"}
    assert expected <= links


# --- who comes here


def test_organizer_lands_on_this_page_after_signing_in(event: Event, settings: Settings) -> None:
    guests.refill_buckets()
    settings.PASSWORD_HASHERS = guests.FAST_HASHERS
    user = factories.make_user("orga", password="kupfer-wolke-7314")
    Membership.objects.create(user=user, event=event, role=Role.ORGANIZER)

    form = {"username": "orga", "password": "kupfer-wolke-7314"}
    answer = guests.browser().post("/login/", form)

    assert answer["Location"] == f"/{event.slug}/home/"


def test_desk_leads_organizers_and_helpers_to_their_page(event: Event, client: Client) -> None:
    helper = guests.signed_in(enter(event, key_of(open_door(event))).user)
    moderator = guests.signed_in(factories.make_moderator(event))

    pages = [each.get(f"/{event.slug}/desk/").content.decode() for each in (client, helper)]
    neither = moderator.get(f"/{event.slug}/desk/").content.decode()

    for page, own in zip(pages, ["home", "helper"], strict=True):
        assert f'href="/{event.slug}/{own}/"' in page
    assert not any(f'href="/{event.slug}/{own}/"' in neither for own in ("home", "helper"))


# --- doors


def test_organizer_opens_a_door_and_its_code_leads_to_the_key_behind_the_hash(
    event: Event, client: Client
) -> None:
    answer = client.post(f"/{event.slug}/home/doors", {"task": "desk", "until": "18:00"})

    door = Door.objects.get(event=event)
    assert answer["Location"] == f"/{event.slug}/home/doors/desk"
    assert f"{door.until.astimezone(event.tz):%H:%M}" == "18:00"
    picture = client.get(f"/{event.slug}/home/doors/desk/qr.svg", HTTP_HOST="10.0.0.9:8000")
    address = read_qr(picture.content.decode())
    assert address == f"http://10.0.0.9:8000/{event.slug}/help#{key_of(door)}"
    assert "no-store" in picture["Cache-Control"]


def test_key_stands_in_no_address(event: Event, client: Client) -> None:
    door = open_door(event)
    key = key_of(door)

    pages = [read(client, event, path) for path in ("", "doors/desk", "doors/stage")]
    addresses = " ".join(re.findall(r'(?:href|src|action|formaction)="([^"]*)"', " ".join(pages)))

    assert key not in addresses.replace("-", "")
    assert [key in page.replace("-", "") for page in pages] == [False, True, False]


@pytest.mark.parametrize("until", ["", "soon", "25:00", "18:61", "-1:00", "18:00+02:00", "١٨:٠٠"])
def test_hour_that_is_none_is_asked_for_again(event: Event, client: Client, until: str) -> None:
    answer = client.post(f"/{event.slug}/home/doors", {"task": "desk", "until": until})

    assert answer.status_code == 422
    assert guests.in_english("Type a time such as 18:00.") in answer.content.decode()
    assert not Door.objects.exists()


def test_hour_is_the_next_one_at_the_place_of_the_event() -> None:
    event = factories.make_event(zone="Asia/Tokyo")  # 9 hours ahead
    now = factories.at("10:00")  # 19:00 there

    found = [next_time(event, clock, now) for clock in ("19:01", "19:00", "8:00", "23:59:00")]

    day = timedelta(days=1)
    assert found == [
        factories.at("10:01"),
        factories.at("10:00") + day,
        factories.at("23:00"),
        factories.at("14:59"),
    ]


def test_hour_that_is_proposed_is_the_end_of_the_day(event: Event) -> None:
    assert proposed(event, factories.at("09:00")) == event.ends_at
    assert proposed(event, factories.at("19:00")) == factories.at("23:00")


def test_unknown_task_is_no_door(event: Event, client: Client) -> None:
    home = f"/{event.slug}/home/doors"

    assert client.get(f"{home}/admin").status_code == 404
    assert client.post(home, {"task": "organizer", "until": "18:00"}).status_code == 404
    assert client.get(f"{home}/stage/qr.svg").status_code == 404
    assert client.post(f"{home}/stage/shut").status_code == 404


def test_door_that_is_over_shows_no_code(event: Event, client: Client) -> None:
    door = open_door(event)
    with time_machine.travel(door.until):
        client = guests.signed_in(User.objects.get(first_name="Orga"))
        page = read(client, event, "doors/desk")
        picture = client.get(f"/{event.slug}/home/doors/desk/qr.svg")

    assert ("qr.svg" in page, picture.status_code) == (False, 404)


def test_organizer_sends_a_helper_away_and_reads_it_in_the_book(
    event: Event, client: Client
) -> None:
    enter(event, key_of(open_door(event)), "Jo")
    (helper,) = helpers.helpers_of(event)
    before = read(client, event)

    answer = client.post(f"/{event.slug}/home/helpers/{helper.pk}/revoke")

    after = read(client, event)
    assert (answer.status_code, answer["Location"]) == (302, f"/{event.slug}/home/#helpers")
    assert "Send away" in before
    assert "Send away" not in after
    assert "<b><bdi>Jo</bdi></b> sent away (by <bdi>Orga</bdi>)" in after


def test_only_helpers_of_this_event_are_sent_away(event: Event, client: Client) -> None:
    other = factories.make_event()
    foreign = enter(other, key_of(open_door(other))).membership
    own = Membership.objects.get(user__first_name="Orga")

    codes = [
        client.post(f"/{event.slug}/home/helpers/{one.pk}/revoke").status_code
        for one in (foreign, own)
    ]

    assert codes == [404, 404]
    assert Membership.objects.active().count() == 2


def test_organizer_shuts_a_door(event: Event, client: Client) -> None:
    open_door(event)

    client.post(f"/{event.slug}/home/doors/desk/shut")

    assert not Door.objects.get().is_open()
    assert "no code is shown" in read(client, event)


def test_long_book_keeps_its_newest_lines_in_sight(event: Event, client: Client) -> None:
    for number in range(7):
        enter(event, key_of(open_door(event)), f"Nr. {number}")
    (helper, *_) = helpers.helpers_of(event)
    helpers.revoke(helper, by=None)

    book, _, older = read(client, event).partition('<ul class="book">')[2].partition("<details")

    assert (book.count("<li"), older.count("<li") > 6) == (6, True)
    assert book.index("sent away") < book.index("Nr. 6")
    assert "Nr. 6" not in older.partition("</details>")[0]


def test_admin_calls_a_helper_by_the_name_that_was_typed(event: Event) -> None:
    add_organizer(event, "!")
    helper = enter(event, key_of(open_door(event)), "Jo Brandt").user

    page = guests.signed_in(User.objects.get(username="organisation")).get(
        "/admin/agenda/membership/"
    )

    assert "Jo Brandt" in page.content.decode()
    assert helper.username not in page.content.decode()
