"""How screens follow the programme: chosen on a page, told to every screen, taken back."""

import json
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agenda.models import Event, Membership
from eventhub.live.topics import registry
from tests import guests
from tests.factories import make_event, make_screen, make_user
from tests.replay import assert_replay, head
from wall import actions, direction
from wall.models import Action, Direction
from wall.turns import OPTIONAL

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    made = make_event(language="en", zone="UTC")
    make_screen(made, key="a-key")
    return made


@pytest.fixture
def ina(event: Event) -> Client:
    user = make_user()
    Membership.objects.create(user=user, event=event, role=Membership.Role.ORGANIZER)
    return guests.signed_in(user)


def turns(event: Event) -> dict[str, list[str]]:
    window = registry["screen"].window(event.pk, "screen", "en")
    html = next(unescape(one.html or "") for one in window if "data-screen" in (one.html or ""))
    found: dict[str, list[str]] = json.loads(html.split('data-turns="')[1].split('"></data>')[0])
    return found


def form(event: Event, **fields: Any) -> dict[str, Any]:
    now = direction.values(event)
    shown = [name for name in OPTIONAL if name not in now["left_out"]]
    plain = {name: now[name] for name in direction.FIELDS if name not in ("left_out",)}
    filled = plain | {"shown": shown, "was": json.dumps(now)} | fields
    return {name: value for name, value in filled.items() if value is not False}


def test_direction_is_told_to_every_screen(event: Event) -> None:
    make_screen(event, name="Foyer", key="b-key")

    assert_replay(
        event,
        lambda: direction.direct(event, {"left_out": ["wifi", "wall"], "slide_s": 20}, by=None),
        topics=["screen", "screens"],
    )

    assert turns(event)["break"] == ["hint", "nownext", "changes", "placards"]
    assert Direction.objects.get(event=event).slide_s == 20


def test_wall_in_talks_only_if_it_is_wanted(event: Event) -> None:
    assert turns(event)["talk"] == ["talk"]

    direction.direct(event, {"wall_in_talks": True}, by=None)

    assert turns(event)["talk"] == ["talk", "wall"]


def test_defaults_need_no_row_and_wishing_for_them_tells_nothing(event: Event) -> None:
    before = head(event)

    assert direction.direct(event, direction.values(event), by=None) is None

    assert head(event) == before
    assert not Direction.objects.exists()


def test_undo_leaves_what_somebody_has_changed_since(event: Event) -> None:
    deed = direction.direct(event, {"slide_s": 20, "welcome": "Hello"}, by=None)
    assert deed is not None
    direction.direct(event, {"welcome": "Welcome"}, by=None)

    assert actions.undo(deed, by=None) is True

    row = Direction.objects.get(event=event)
    assert (row.slide_s, row.welcome) == (15, "Welcome")


def test_two_organizers_change_different_things_and_both_hold(event: Event) -> None:
    seen = direction.values(event)
    direction.direct(event, seen | {"slide_s": 20}, by=None, seen=seen)

    direction.direct(event, seen | {"ending_minutes": 5}, by=None, seen=seen)

    row = Direction.objects.get(event=event)
    assert (row.slide_s, row.ending_minutes) == (20, 5)


# --- the page


def test_page_shows_the_defaults_and_keeps_what_was_chosen(event: Event, ina: Client) -> None:
    where = f"/{event.slug}/home/direction/"
    page = ina.get(where).content.decode()
    assert 'name="ending_minutes" type="number" inputmode="numeric" min="0" max="60"' in page
    assert page.count("checked") == len(OPTIONAL)

    answer = ina.post(
        where, form(event, welcome="  Moin!  ", wall_in_talks="on", shown=["hint", "wall"])
    )

    assert (answer.status_code, answer.headers["Location"]) == (302, f"{where}?saved=1")
    row = Direction.objects.get(event=event)
    assert (row.welcome, row.wall_in_talks, set(row.left_out)) == (
        "Moin!",
        True,
        set(OPTIONAL) - {"hint", "wall"},
    )
    assert ina.get(where).content.decode().count("checked") == 3


def test_conflict_is_told_and_shows_what_is_there_now(event: Event, ina: Client) -> None:
    mine = form(event, welcome="Mine")
    direction.direct(event, {"welcome": "Theirs"}, by=None)

    answer = ina.post(f"/{event.slug}/home/direction/", mine)

    assert answer.status_code == 409
    assert 'value="Theirs"' in answer.content.decode()
    assert Direction.objects.get(event=event).welcome == "Theirs"


@pytest.mark.parametrize(
    ("field", "odd"),
    [
        ("ending_minutes", "61"),
        ("ending_minutes", "soon"),
        ("shown", ["talk"]),
        ("slide_s", "5"),
        ("welcome", "x" * 5000),
    ],
)
def test_odd_input_is_answered_in_words_and_kept_for_correction(
    event: Event, ina: Client, field: str, odd: Any
) -> None:
    answer = ina.post(
        f"/{event.slug}/home/direction/", form(event, next_stop="Dresden") | {field: odd}
    )

    page = answer.content.decode()
    assert (answer.status_code, 'role="alert"' in page) == (422, True)
    assert 'value="Dresden"' in page
    assert not Direction.objects.exists()


def test_form_that_forgot_what_it_was_made_from_is_taken(event: Event, ina: Client) -> None:
    answer = ina.post(f"/{event.slug}/home/direction/", form(event, welcome="Moin", was="[broken"))

    assert answer.status_code == 302
    assert Action.objects.get(event=event).verb == "direct"


def test_plan_asks_as_much_for_many_slots_as_for_one(event: Event) -> None:
    from tests.factories import make_room, make_slot

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            registry["screen"].window(event.pk, "screen", "en")
        return len(found)

    make_slot(event, room=make_room(event))
    queries()
    one = queries()
    for clock in ("11:00", "12:00", "13:00"):
        make_slot(event, room=make_room(event), start=clock)
    make_screen(event, name="Foyer", key="b-key")

    assert queries() == one
