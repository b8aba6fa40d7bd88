"""A new event is one page: everything there afterwards, nothing of the demo, or nothing at all."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client

from agenda.models import Barcamp, Event, Membership, Room, Upload, User
from eventhub.live.check_log import check
from tests import factories, guests
from tests.test_import_page import TABLE
from wall import founding
from wall.demo_organizer import add_organizer
from wall.models import Rule, Screen, Source

pytestmark = pytest.mark.django_db

WISH = founding.Wish("Forum Süd", "ForumSued", date(2027, 3, 27), date(2027, 3, 28))
FORM = {
    "name": "Forum Süd",
    "place": "Alte Börse",
    "hashtag": "#ForumSued",
    "first_day": "2027-03-27",
    "last_day": "",
    "opens": "09:00",
    "closes": "18:00",
    "rooms": "Saal\r\n\r\nRaum 1\r\nSaal",
    "zone": "Europe/Berlin",
    "language": "de",
    "server": "mastodon.example",
}


@pytest.fixture
def organizer(event: Event) -> User:
    guests.refill_buckets()
    user = factories.make_user("orga", is_staff=True)
    Membership.objects.create(user=user, event=event, role=Membership.Role.ORGANIZER)
    return user


@pytest.fixture
def client(organizer: User) -> Client:
    return guests.signed_in(organizer)


def send(client: Client, **fields: Any) -> Any:
    return client.post("/events/new", FORM | fields)


def test_event_has_rooms_screen_source_rule_and_its_organizer(organizer: User) -> None:
    founded = founding.found(replace(WISH, rooms=["Saal", "Raum 1"]), by=organizer)

    event = founded.event
    assert [room.name for room in event.rooms.all()] == ["Saal", "Raum 1"]
    assert Screen.objects.with_key(founded.screen_key) == Screen.objects.get(event=event)
    assert Screen.objects.get(event=event).room == event.rooms.get(name="Saal")
    source = Source.objects.get(event=event)
    assert (source.adapter, source.config["tag"]) == ("mastodon", "ForumSued")
    assert Rule.objects.get(event=event).mode == Rule.Mode.REVIEW
    assert list(Event.objects.organized_by(organizer).filter(pk=event.pk)) == [event]
    assert check(event.pk) == []


def test_address_says_the_name_and_is_nobody_elses(organizer: User) -> None:
    slugs = [founding.found(WISH, by=organizer).event.slug for _ in range(3)]

    assert slugs == ["forum-sued", "forum-sued-2", "forum-sued-3"]


@pytest.mark.parametrize("ticked", [True, False])
def test_event_has_a_barcamp_if_it_is_ticked(client: Client, ticked: bool) -> None:
    send(client, **({"barcamp": "on"} if ticked else {}))

    event = Event.objects.get(slug="forum-sued")
    assert Barcamp.objects.filter(event=event).exists() == ticked
    assert check(event.pk) == []


@pytest.mark.parametrize("name", ["Admin", "Events", "API", "!!!", "\u6f22\u5b57"])
def test_name_that_gives_no_address_gets_another(organizer: User, name: str) -> None:
    founding.found(replace(WISH, name=name), by=organizer).event.full_clean()


def test_frame_is_typed_at_the_place_also_over_the_change_of_the_clock() -> None:
    starts_at, ends_at = founding.frame(WISH)  # the clock is changed in the night between

    assert starts_at.astimezone(UTC) == datetime(2027, 3, 27, 8, tzinfo=UTC)
    assert ends_at.astimezone(UTC) == datetime(2027, 3, 28, 16, tzinfo=UTC)


def test_party_ends_on_the_day_on_which_it_began(organizer: User) -> None:
    night = replace(WISH, last_day=WISH.first_day, opens=time(20), closes=time(6))

    event = founding.found(night, by=organizer).event

    assert event.has_several_days is False
    assert event.day_of(event.starts_at) == WISH.first_day


@pytest.mark.each_case
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("broken", "error"),
    [({"server": "no server"}, ValueError), ({"rooms": [None]}, IntegrityError)],
)
def test_failure_leaves_nothing_behind(
    organizer: User, broken: dict[str, Any], error: type[Exception]
) -> None:
    before = Event.objects.count()

    with pytest.raises(error):
        founding.found(replace(WISH, **broken), by=organizer)

    left = Room.objects.count(), Screen.objects.count(), Source.objects.count()
    assert (Event.objects.count(), left) == (before, (0, 0, 0))


# --- the page


def test_page_makes_the_event_and_says_the_screens_address_once(
    client: Client, organizer: User
) -> None:
    answer = send(client)

    event = Event.objects.get(slug="forum-sued")
    assert answer["Location"] == "/forum-sued/home/"
    assert (event.hashtag, event.place) == ("ForumSued", "Alte Börse")
    assert [room.name for room in event.rooms.all()] == ["Saal", "Raum 1"]
    pages = [client.get("/forum-sued/home/").content.decode() for _ in range(2)]
    assert ["/screen#" in page for page in pages] == [True, False]
    key = pages[0].partition("/screen#")[2].partition('"')[0]
    assert Screen.objects.with_key(key) == Screen.objects.get(event=event)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("hashtag", "two words"),
        ("first_day", ""),
        ("first_day", "31.02.2027"),
        ("last_day", "2027-03-26"),
        ("last_day", "2027-05-01"),
        ("opens", "25:00"),
        ("zone", "Europe/Atlantis"),
        ("server", "not a server"),
        ("language", "xx"),
        ("rooms", "x" * 61),
        ("rooms", "\n".join(map(str, range(101)))),
        ("name", "\0"),
    ],
)
def test_page_names_what_is_wrong_and_keeps_what_was_typed(
    client: Client, field: str, value: str
) -> None:
    before = Event.objects.count()

    answer = send(client, **{"place": "Kept", field: value})

    assert (answer.status_code, Event.objects.count()) == (422, before)
    assert 'value="Kept"' in answer.content.decode()


def test_file_says_the_days_and_waits_to_be_confirmed(client: Client) -> None:
    file = SimpleUploadedFile("programm.csv", TABLE.encode())

    answer = send(client, first_day="", file=file)

    upload = Upload.objects.get()
    event = upload.event
    assert answer["Location"] == f"/{event.slug}/home/import/{upload.key}/"
    assert event.starts_at.astimezone(event.tz).date() == date(2026, 10, 7)
    assert bytes(upload.content) == TABLE.encode()
    assert not event.sessions.exists()


def test_file_that_cannot_be_read_makes_no_event(client: Client) -> None:
    before = Event.objects.count()

    answer = send(client, file=SimpleUploadedFile("programm.csv", b"no table"))

    assert (answer.status_code, Event.objects.count()) == (422, before)


def test_only_organizers_and_superusers_find_the_page(event: Event, client: Client) -> None:
    root = factories.make_user(is_superuser=True)
    people = [root, factories.make_moderator(event), factories.make_user(is_staff=True)]

    codes = [guests.signed_in(person).get("/events/new").status_code for person in people]

    assert codes == [200, 404, 404]


def test_admin_leads_to_the_page(event: Event) -> None:
    add_organizer(event, "!")
    page = guests.signed_in(User.objects.get(username="organisation")).get("/admin/")

    assert page.content.decode().count('href="/events/new"') == 1
