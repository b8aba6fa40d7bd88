"""What a screen shows: switched by the event's staff, told to this screen, chosen among slides."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agenda import phases
from agenda.models import Event, Membership, Slot
from eventhub.live.log import changing
from eventhub.live.topics import registry
from tests import factories, guests
from tests.replay import assert_replay, head
from wall import directing, screens, slides, steps
from wall.models import Screen, Step

pytestmark = pytest.mark.django_db

View = Screen.View


def page(event: Event, key: str = "a-key") -> str:
    return unescape(guests.beamer(key).get("/screen").content.decode())


@pytest.fixture
def event() -> Event:
    made = factories.make_event(language="en")
    factories.make_screen(made, key="a-key")
    return made


def screen_of(event: Event) -> Screen:
    return Screen.objects.get(event=event, name="Main hall", revoked_at=None)


def test_switching_is_told_to_every_screen_of_the_event(event: Event) -> None:
    room = factories.make_room(event, "Room 2")

    assert_replay(
        event, lambda: screens.switch(screen_of(event), view="door", room=room), topics=["screen"]
    )

    (item,) = [one for one in registry["screen"].window(event.pk, "screen", "en") if one.order]
    assert f'data-view="door" data-room="{room.pk}" value="Room 2"' in (item.html or "")


def test_switching_to_what_it_shows_tells_nothing(event: Event) -> None:
    screens.switch(screen_of(event), view="board")
    before = head(event)

    assert screens.switch(screen_of(event), view="board") is False
    assert head(event) == before


def test_room_is_kept_while_something_else_is_shown(event: Event) -> None:
    room = factories.make_room(event)
    screens.switch(screen_of(event), view="door", room=room)

    screens.switch(screen_of(event), view="wall")

    assert (screen_of(event).view, screen_of(event).room) == ("wall", room)


def test_room_of_another_event_and_unknown_views_are_refused(event: Event) -> None:
    elsewhere = factories.make_room(factories.make_event())

    with pytest.raises(ValueError, match="another event"):
        screens.switch(screen_of(event), view="door", room=elsewhere)
    with pytest.raises(ValueError, match="lottery"):
        screens.switch(screen_of(event), view="lottery")


def test_revoked_screen_is_in_no_list(event: Event) -> None:
    factories.make_screen(event, name="Old", revoked_at=factories.at("10:00"))

    assert list(screens.of(event)) == [screen_of(event)]
    window = registry["screen"].window(event.pk, "screen", "en")
    assert sum("data-screen=" in (one.html or "") for one in window) == 1


def begins_with(event: Event) -> slides.Beginning:
    at = timezone.now()
    return slides.first(directing.plan_of(event, at), screen_of(event), at)


@pytest.mark.parametrize(
    ("phase", "scene", "shown"),
    [
        ("collect", "break", "wall"),
        ("pitch", "pitch", "pitch"),
        ("board", "board", "board"),
        ("running", "break", "board"),
        ("closed", "break", "wall"),
    ],
)
def test_screen_follows_the_barcamp(event: Event, phase: str, scene: str, shown: str) -> None:
    assert begins_with(event) == slides.Beginning("break", "wall")
    factories.make_barcamp(event)

    phases.enter(event, phase)

    assert begins_with(event) == slides.Beginning(scene, shown)
    assert f'<body class="screen" data-scene="{scene}">' in page(event)
    assert re.findall(r'data-slide="(\w+)"[^>]* data-shown', page(event)) == [shown]


@pytest.mark.parametrize("view", [view for view in View if view != View.AUTO])
def test_screen_that_was_set_shows_that(event: Event, view: str) -> None:
    factories.make_barcamp(event)
    screens.switch(screen_of(event), view=view)

    assert begins_with(event).slide == view


def test_screen_opens_in_the_scene_of_its_own_place(event: Event) -> None:
    room, other = (factories.make_room(event, name) for name in ("Room 1", "Room 2"))
    now = timezone.now()
    with changing(event) as log:
        session = factories.make_session(event, kind="workshop")
        starts, ends = now - timedelta(minutes=20), now + timedelta(minutes=40)
        log.add(Slot(event=event, session=session, room=room, starts_at=starts, ends_at=ends))
    own = factories.make_screen(event, name="Room 1", key="in-the-room", room=room)
    elsewhere = factories.make_screen(event, name="Room 2", key="next-door", room=other)

    plan = directing.plan_of(event, now)
    shown = [slides.first(plan, screen, now).scene for screen in (own, elsewhere)]

    assert shown[0] == "talk"
    assert shown[1] != "talk"


def test_pitch_of_an_event_without_barcamp_is_the_wall(event: Event) -> None:
    screens.switch(screen_of(event), view="pitch")

    assert begins_with(event).slide == "wall"


def test_logo_of_one_screen_is_the_logo_of_no_other(event: Event) -> None:
    other = factories.make_screen(event, name="Foyer", key="other")
    steps.take(event, Step.What.LOGO, by=None, screen=other)

    assert begins_with(event).slide == "wall"
    at = timezone.now()
    assert slides.first(directing.plan_of(event, at), other, at).slide == "logo"


def test_screen_speaks_its_own_language_before_that_of_the_event(event: Event) -> None:
    assert '<html lang="en"' in page(event)
    with changing(event) as log:
        screen = log.fresh(screen_of(event))
        screen.language = "de"
        log.touch(screen)

    assert '<html lang="de"' in page(event)
    assert 'language="de" build=' in page(event)


def test_staff_switches_by_a_plain_form(event: Event) -> None:
    client = guests.signed_in(factories.make_moderator(event))
    room = factories.make_room(event, "Room 2")

    answer = client.post(
        f"/{event.slug}/home/screens/{screen_of(event).key}", {"show": f"door {room.pk}"}
    )

    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        f"/{event.slug}/home/screens/#screens",
    )
    assert (screen_of(event).view, screen_of(event).room) == ("door", room)
    shown = client.get(f"/{event.slug}/home/screens/").content.decode()
    assert f'<option value="door {room.pk}" selected>' in shown


def test_organizer_comes_back_to_her_page(event: Event) -> None:
    organizer = factories.make_user()
    Membership.objects.create(user=organizer, event=event, role=Membership.Role.ORGANIZER)
    client = guests.signed_in(organizer)

    home = client.get(f"/{event.slug}/home/").content.decode()
    assert '<input type="hidden" name="page" value="home">' in home
    answer = client.post(
        f"/{event.slug}/home/screens/{screen_of(event).key}", {"show": "wall", "page": "home"}
    )

    assert answer.headers["Location"] == f"/{event.slug}/home/#screens"


@pytest.mark.parametrize("show", ["", "door x", "door 999999", "lottery", "door 1 2", "\0", "²"])
def test_odd_wishes_are_not_there_and_change_nothing(event: Event, show: str) -> None:
    client = guests.signed_in(factories.make_moderator(event))

    answer = client.post(f"/{event.slug}/home/screens/{screen_of(event).key}", {"show": show})

    assert (answer.status_code, screen_of(event).view) == (404, "auto")


def test_queries_of_the_list_do_not_grow(event: Event) -> None:
    client = guests.signed_in(factories.make_moderator(event))
    asked = []
    for _ in range(2):
        client.get(f"/{event.slug}/home/screens/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/{event.slug}/home/screens/")
        asked.append(len(queries))
        for _more in range(2):
            factories.make_screen(event, name="Foyer")
            factories.make_room(event)

    assert asked[0] == asked[1]
