"""The stage page and its forms: who may, what each button does, what is refused in which words."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from agenda.models import Event, Membership, User
from tests import factories, guests
from tests.replay import assert_replay
from wall import cue_topics, notices, steps
from wall.models import Action, Delay, Screen, Step

# Pages and forms over the same queries: once is enough.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

What = Step.What


@pytest.fixture
def helper(event: Event) -> User:
    guests.refill_buckets()
    user = factories.make_user(first_name="Mira")
    Membership.objects.create(user=user, event=event, role=Membership.Role.HELPER, tasks=["stage"])
    return user


@pytest.fixture
def client(helper: User) -> Client:
    return guests.signed_in(helper)


@pytest.fixture
def foyer(event: Event) -> Screen:
    return factories.make_screen(event, name="Foyer", wiring=Screen.Wiring.SHARED)


def press(client: Client, event: Event, path: str, **data: object) -> tuple[int, dict[str, object]]:
    answer = client.post(f"/{event.slug}/stage/{path}", data, headers=guests.JSON)
    return answer.status_code, answer.json()


def by_hand(event: Event) -> list[tuple[str, str, str]]:
    rows = Step.objects.filter(event=event).select_related("screen").order_by("pk")
    return [(r.what, r.screen.name if r.screen else "", r.text) for r in rows]


# --- the page


def test_technician_reads_why_there_is_nothing_to_switch(
    client: Client, event: Event, foyer: Screen
) -> None:
    """Hidden by the style sheet as soon as there is a cue; the way to set it for organizers."""

    def ways(visitor: Client) -> bool:
        page = visitor.get(f"/{event.slug}/stage/cues").content.decode()
        assert 'class="line__unshared"' in page
        return f'href="/{event.slug}/home/screens/"' in page

    organizer = factories.make_user()
    Membership.objects.create(user=organizer, event=event, role=Membership.Role.ORGANIZER)

    assert [ways(client), ways(guests.signed_in(organizer))] == [False, True]


def test_helper_page_links_the_stage(client: Client, event: Event) -> None:
    assert f'href="/{event.slug}/stage/"' in client.get(f"/{event.slug}/helper/").content.decode()


def test_page_asks_as_often_for_three_screens_as_for_one(
    client: Client, event: Event, foyer: Screen
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/{event.slug}/stage/").status_code == 200
        return len(queries)

    factories.make_post(event)
    steps.take(event, What.LOGO, by=None, screen=foyer)
    asked()
    one = asked()
    for number in range(2):
        screen = factories.make_screen(event, name=f"S{number}", wiring=Screen.Wiring.SHARED)
        steps.take(event, What.LOGO, by=None, screen=screen)
        factories.make_post(event)

    assert asked() == one


def test_panel_says_what_stands_where_since_when_and_by_whom(
    client: Client, event: Event, helper: User, foyer: Screen
) -> None:
    factories.make_screen(factories.make_event(), name="Elsewhere")
    notices.show(event, "Kaffee ist da", by=helper, screen=foyer)

    page = client.get(f"/{event.slug}/stage/").content.decode()

    assert [word in page for word in ("Kaffee ist da", "Foyer", "Mira")] == [True] * 3
    assert "Elsewhere" not in page


def test_open_stage_pages_follow_steps_screens_and_delays(
    event: Event, helper: User, foyer: Screen
) -> None:
    with translation.override("de"):
        assert_replay(event, lambda: steps.take(event, What.FREEZE, by=helper, screen=foyer))
        post = factories.make_post(event)
        assert_replay(event, lambda: steps.spotlight(post, by=helper), topics=["cues"])


def test_spots_are_the_newest_posts_that_stand_on_the_wall(event: Event) -> None:
    posts = [factories.make_post(event) for _ in range(3)]
    factories.make_post(event, state="hidden")

    with translation.override("en"):
        assert [spot.key for spot in cue_topics.spots(event)] == [p.key for p in posts[::-1]]


# --- steps


def test_steps_are_taken_ended_and_undone(client: Client, event: Event, foyer: Screen) -> None:
    status, said = press(client, event, "steps/logo", on="")
    assert (status, by_hand(event)) == (200, [("logo", "", "")])
    press(client, event, "steps/freeze", on=foyer.key)
    press(client, event, "steps/logo", end="all")
    assert by_hand(event) == [("freeze", "Foyer", "")]
    press(client, event, "steps/freeze", end=foyer.key)
    assert by_hand(event) == []

    undone, _said = press(client, event, f"undo/{Action.objects.latest('pk').pk}")

    assert (undone, by_hand(event)) == (200, [("freeze", "Foyer", "")])
    assert said["undo"] == Action.objects.earliest("pk").pk


def test_odd_wishes_change_nothing(client: Client, event: Event) -> None:
    foreign = factories.make_screen(factories.make_event())
    brake = Action.objects.create(event=event, verb="brake")
    wishes = [
        ("steps/brake", {"on": ""}),
        ("steps/lottery", {"on": ""}),
        ("steps/spotlight", {"on": ""}),
        ("steps/logo", {"on": foreign.key}),
        ("steps/logo", {"end": foreign.key}),
        ("notice", {"text": "Hi", "on": foreign.key}),
        ("screens/explode", {"on": ""}),
        ("late", {"on": foreign.key, "minutes_late": "10"}),
        ("late", {"on_time": "x"}),
        (f"undo/{brake.pk}", {}),
    ]

    path = f"/{event.slug}/stage/"
    answers = [client.post(f"{path}{where}", data).status_code for where, data in wishes]

    assert (answers, by_hand(event)) == ([404] * len(wishes), [])


def test_without_scripts_the_page_comes_back_with_the_way_back(
    client: Client, event: Event
) -> None:
    answer = client.post(f"/{event.slug}/stage/steps/logo", {"on": ""}, follow=True)

    page = answer.content.decode()
    assert answer.redirect_chain == [(f"/{event.slug}/stage/", 302)]
    assert f'formaction="/{event.slug}/stage/undo/{Action.objects.get().pk}"' in page


# --- notices


def test_notice_is_shown_for_some_minutes(client: Client, event: Event, foyer: Screen) -> None:
    status, _said = press(client, event, "notice", text="Hallo", minutes="5", on=foyer.key)

    step = Step.objects.get()
    assert (status, step.text, step.screen) == (200, "Hallo", foyer)
    assert step.until is not None
    assert step.until - step.since == timedelta(minutes=5)


@pytest.mark.parametrize(
    "data", [{"text": "x" * 5000}, {"text": " "}, {"text": "Hi", "minutes": "99999"}]
)
def test_notice_that_does_not_fit_is_refused_in_words_and_kept_in_the_form(
    client: Client, event: Event, data: dict[str, str]
) -> None:
    status, said = press(client, event, "notice", **data)
    page = client.post(f"/{event.slug}/stage/notice", data)

    assert (status, page.status_code, by_hand(event)) == (422, 422, [])
    error = said["error"]
    assert isinstance(error, dict)
    assert error["message"].endswith(".")
    assert data["text"] in page.content.decode()


def test_second_writer_is_told_what_stands_and_may_replace_it(
    client: Client, event: Event, helper: User
) -> None:
    ben = factories.make_moderator(event, first_name="Ben")
    first = notices.show(event, "Von Ben", by=ben)

    status, said = press(client, event, "notice", text="Von Mira", on="")
    seen = f"all {notices.mark_of(first)}"
    again, _said = press(client, event, "notice", text="Von Mira", on="", seen=seen)

    assert (status, "Ben" in str(said), again) == (409, True, 200)
    assert by_hand(event) == [("notice", "", "Von Mira")]


# --- screens, posts, delays


def test_screens_go_on_load_anew_and_show_the_test_picture(
    client: Client, event: Event, foyer: Screen
) -> None:
    factories.make_screen(event)

    for verb in ("next", "anew"):
        press(client, event, f"screens/{verb}", on="")
    press(client, event, "screens/test", on=foyer.key)

    rows = Screen.objects.filter(event=event)
    assert rows.filter(nudged_at=None).count() == rows.filter(reload_at=None).count() == 0
    assert by_hand(event) == [("test", "Foyer", "")]
    press(client, event, "steps/test", end=foyer.key)
    assert by_hand(event) == []


def test_post_is_shown_alone_and_a_hidden_one_is_refused(client: Client, event: Event) -> None:
    post, hidden = factories.make_post(event), factories.make_post(event, state="hidden")

    answers = [press(client, event, f"posts/{p.key}/spotlight")[0] for p in (post, hidden)]

    assert (answers, Step.objects.get().post) == ([200, 409], post)


def test_delay_is_of_the_room_of_the_chosen_screen_and_two_taps_are_two(client: Client) -> None:
    now = timezone.now()
    event = factories.make_event(
        starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1)
    )
    guests.refill_buckets()
    room = factories.make_room(event)
    screen = factories.make_screen(event, room=room)
    own = guests.signed_in(factories.make_moderator(event))
    other = guests.signed_in(factories.make_moderator(event, "moni"))

    def late(who: Client, seen: int = 0) -> int:
        form = {"on": screen.key, "minutes_late": "10", "late": f"{room.pk} {seen}"}
        return press(who, event, "late", **form)[0]

    # One thumb, twice before its page has heard of it; then somebody whose page has not either.
    assert (late(own), late(own), late(other)) == (200, 200, 409)
    assert list(Delay.objects.values_list("room", "minutes")) == [(room.pk, 10)] * 2
    # What was seen of the other's is no news, and what came of the other after it is.
    assert (late(other, seen=20), late(own, seen=20)) == (200, 409)
    assert press(own, event, "late", on_time=str(room.pk))[0] == 200
    assert not Delay.objects.exists()
    assert press(client, event, "late", on_time="all")[0] == 404
