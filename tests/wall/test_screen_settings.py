"""How screens are set, by one organizer or two at once; tested, loaded anew, signed off."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agenda.models import Event, Membership
from tests import factories, guests
from tests.replay import assert_replay, head
from wall import screen_form, screens, screens_topics, steps
from wall.models import Screen, Step

pytestmark = pytest.mark.django_db


@pytest.fixture
def screen(event: Event) -> Screen:
    guests.refill_buckets()
    return factories.make_screen(event, key="a-key")


@pytest.fixture
def client(event: Event) -> Client:
    user = factories.make_user()
    Membership.objects.create(user=user, event=event, role=Membership.Role.ORGANIZER)
    return guests.signed_in(user)


def form_of(screen: Screen) -> dict[str, Any]:
    """What a browser would send of the page as it is now."""
    now = screens.settings_of(Screen.objects.get(pk=screen.pk))
    fields = (
        "name",
        "stands",
        "wiring",
        "view",
        "theme",
        "distance_m",
        "picture_cm",
        "language",
        "slides",
    )
    filled = screen_form.filled(now)
    return {name: filled[name] for name in fields} | {"was": screen_form.written(now)}


def save(client: Client, screen: Screen, form: dict[str, Any], **options: Any) -> Any:
    return client.post(f"/{screen.event.slug}/home/screens/{screen.key}/", form, **options)


def test_everything_is_set_at_once(event: Event, client: Client, screen: Screen) -> None:
    room = factories.make_room(event, "Room 2")
    new = {"name": "Left", "stands": str(room.pk), "wiring": "shared", "theme": "dark"}
    more = {
        "distance_m": "30",
        "picture_cm": "420",
        "language": "en",
        "slides": ["wall", "hint"],
        "view": "auto",
    }

    answer = save(client, screen, form_of(screen) | new | more)

    now = Screen.objects.get(pk=screen.pk)
    assert answer.status_code == 302
    assert (now.name, now.stands, now.wiring, now.theme) == ("Left", str(room.pk), "shared", "dark")
    assert (now.distance_m, now.picture_cm) == (30, 420)
    assert (now.language, "wall" in now.left_out) == ("en", False)
    assert "nownext" in now.left_out


def test_setting_is_replayable(event: Event, screen: Screen) -> None:
    was = screens.settings_of(screen)

    assert_replay(
        event,
        lambda: screens.set_up(screen, was | {"name": "Left", "place": "foyer"}, was=was),
        topics=["screen", "screens"],
    )


def test_nothing_new_tells_nothing(event: Event, client: Client, screen: Screen) -> None:
    before = head(event)

    assert save(client, screen, form_of(screen)).status_code == 302
    assert head(event) == before


def test_two_who_set_different_things_both_count(client: Client, screen: Screen) -> None:
    first, second = form_of(screen), form_of(screen)

    save(client, screen, first | {"name": "Left"})
    answer = save(client, screen, second | {"theme": "dark"})

    now = Screen.objects.get(pk=screen.pk)
    assert (answer.status_code, now.name, now.theme) == (302, "Left", "dark")


def test_two_who_set_the_same_are_told_what_is_there_now(client: Client, screen: Screen) -> None:
    first, second = form_of(screen), form_of(screen)

    save(client, screen, first | {"name": "Left"})
    answer = save(client, screen, second | {"name": "Right"})

    assert answer.status_code == 409
    assert 'value="Left"' in answer.content.decode()
    assert Screen.objects.get(pk=screen.pk).name == "Left"
    told = save(client, screen, second | {"name": "Right"}, headers=guests.JSON)
    assert (told.status_code, told.json()["error"]["code"]) == (409, "changed_meanwhile")


def test_open_page_learns_that_somebody_has_set_it(event: Event, screen: Screen) -> None:
    """By the mark in the item of its topic; a nudge or a sign of life is none of it."""
    was = screens.settings_of(screen)
    screens.nudge(screen)
    marks = [mark_on(event, screen)]

    screens.set_up(screen, was | {"picture_cm": 300}, was=was)
    marks.append(mark_on(event, screen))

    assert marks == [screens.mark_of(was), screens.mark_of(was | {"picture_cm": 300})]
    assert marks[0] != marks[1]


def mark_on(event: Event, screen: Screen) -> str:
    html = str(screens_topics.states(event.pk, "en", [screen.pk])[screen.pk].html)
    return html.partition('data-mark="')[2].partition('"')[0]


def test_two_who_agree_do_not_clash(client: Client, screen: Screen) -> None:
    form = form_of(screen) | {"name": "Left"}

    assert [save(client, screen, form).status_code for _ in range(2)] == [302, 302]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", ""),
        ("name", "x" * 61),
        ("stands", "999999"),
        ("stands", "roof"),
        ("view", "lottery"),
        ("distance_m", "1"),
        ("distance_m", "1e9"),
        ("picture_cm", "0"),
        ("slides", ["talk"]),
        ("language", "xx"),
    ],
)
def test_odd_settings_are_refused(
    event: Event, client: Client, screen: Screen, name: str, value: Any
) -> None:
    before = head(event)

    answer = save(client, screen, form_of(screen) | {name: value})

    assert (answer.status_code, head(event)) == (422, before)


def test_room_of_another_event_is_no_place(client: Client, screen: Screen) -> None:
    foreign = factories.make_room(factories.make_event())

    assert save(client, screen, form_of(screen) | {"stands": str(foreign.pk)}).status_code == 422


@pytest.mark.parametrize("was", ["", "x", "[]", "[" * 3000, '{"name": 7}'])
def test_forged_memory_of_what_was_breaks_nothing(client: Client, screen: Screen, was: str) -> None:
    answer = save(client, screen, form_of(screen) | {"name": "Left", "was": was})

    assert answer.status_code in {302, 409}


# --- deeds


def press(client: Client, screen: Screen, deed: str, **form: str) -> int:
    where = f"/{screen.event.slug}/home/screens/{screen.key}/{deed}"
    return client.post(where, form).status_code


def test_test_picture_stands_until_somebody_ends_it(client: Client, screen: Screen) -> None:
    press(client, screen, "test", stands="yes")
    press(client, screen, "test", stands="yes")
    assert [step.what for step in Step.objects.all()] == ["test"]

    press(client, screen, "test", stands="no")
    assert press(client, screen, "test", stands="no") == 302
    assert Step.objects.count() == 0


def test_test_picture_ends_by_itself(event: Event, screen: Screen) -> None:
    step = screens.show_test(screen, by=None)
    assert step.until is not None
    assert screens.tested(event) == {screen.pk}

    assert steps.end_due(step.until) == 1
    assert screens.tested(event) == set()


@pytest.mark.each_case
@pytest.mark.parametrize("verb", [screens.reload, screens.nudge, screens.revoke])
def test_deed_is_replayable(event: Event, screen: Screen, verb: Any) -> None:
    assert_replay(event, lambda: verb(screen), topics=["screen", "screens"])


def test_revoked_screen_opens_nothing_and_is_gone(client: Client, screen: Screen) -> None:
    assert press(client, screen, "revoke") == 302

    assert press(client, screen, "revoke") == 404
    assert press(client, screen, "test") == 404
    assert "data-screen=" not in guests.beamer("a-key").get("/screen").content.decode()
    polled = guests.beamer("a-key").get(f"/poll/{screen.event.slug}?topics=screen")
    assert polled.status_code == 403


def test_stage_helper_tests_and_reloads_but_sets_nothing(event: Event, screen: Screen) -> None:
    user = factories.make_user()
    role = Membership.Role.HELPER
    Membership.objects.create(user=user, event=event, role=role, tasks=["stage"])
    helper = guests.signed_in(user)

    assert [press(helper, screen, deed) for deed in ("test", "reload", "revoke")] == [302, 302, 404]
    assert save(helper, screen, form_of(screen)).status_code == 404


def test_page_shows_a_moderator_no_way_to_set(event: Event, screen: Screen) -> None:
    page = guests.signed_in(factories.make_moderator(event)).get(f"/{event.slug}/home/screens/")

    assert f"/home/screens/{screen.key}/test" in page.content.decode()
    assert f"/home/screens/{screen.key}/&quot;" not in page.content.decode()
    assert "screens/add" not in page.content.decode()


def test_queries_of_the_page_do_not_grow(event: Event, client: Client, screen: Screen) -> None:
    asked = []
    for more in (0, 2):
        for number in range(more):
            factories.make_screen(event, key=f"k{number}")
        client.get(f"/{event.slug}/home/screens/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/{event.slug}/home/screens/")
        asked.append(len(queries))

    assert asked[0] == asked[1]
