"""The desk and the screen as pages: see, decide, take back; enter with a key."""

import re

import pytest
from django.conf import settings as configured
from django.test import Client
from pytest_django import Settings

from agenda.models import Event, User
from tests import factories, guests
from tests.factories import make_moderator, make_note, make_post, make_screen
from wall import moderation
from wall.models import Decision, Post, Rule

# Pages and forms over the same queries: once is enough.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

KEY = "beamer-key-0123456789"


@pytest.fixture
def mira(event: Event) -> User:
    guests.refill_buckets()
    return make_moderator(event, first_name="Mira")


@pytest.fixture
def desk(mira: User) -> Client:
    return guests.signed_in(mira)


def act(client: Client, post: Post, deed: str, **fields: object) -> tuple[int, dict[str, object]]:
    """What the desk's script is answered."""
    answer = client.post(
        f"/{post.event.slug}/desk/posts/{post.key}/{deed}", fields, headers=guests.JSON
    )
    said: dict[str, object] = answer.json()
    return answer.status_code, said


def state_of(post: Post) -> str:
    return Post.objects.get(pk=post.pk).state


def lists_of(page: str) -> dict[str, list[str]]:
    """The keys in each list of the desk, in order."""
    return {
        part.partition('"')[0]: re.findall(r'data-key="([^"]+)"', part.partition("</section>")[0])
        for part in page.split('data-list="')[1:]
    }


# --- the desk


def test_desk_lists_what_waits_oldest_first_and_what_was_decided(
    event: Event, desk: Client
) -> None:
    waiting = [make_note(event, state="pending"), make_post(event, state="pending")]
    shown = [make_post(event), make_post(event)]
    hidden = make_post(event, state="hidden")
    source = factories.make_source(event)

    lists = lists_of(desk.get(f"/{event.slug}/desk/").content.decode())

    assert lists["pending"] == [post.key for post in waiting]
    assert lists["shown"] == [post.key for post in reversed(shown)]
    assert (lists["hidden"], lists["source"]) == ([hidden.key], [source.key])
    assert lists["mode"][:1] == [Rule.objects.get().key]


def test_desk_is_kept_nowhere(event: Event, desk: Client) -> None:
    assert "no-store" in desk.get(f"/{event.slug}/desk/")["Cache-Control"]


def test_post_is_shown_hidden_and_taken_back(event: Event, desk: Client, mira: User) -> None:
    post = make_post(event, state="pending")

    shown = act(desk, post, "show", version=post.version)
    undone = act(desk, post, "undo", decision=shown[1]["undo"])

    first, second = Decision.objects.order_by("pk")
    assert shown == (200, {"changed": True, "state": "shown", "undo": first.pk})
    assert undone == (200, {"changed": True, "state": "pending", "undo": second.pk})
    assert (first.by, second.by, state_of(post)) == (mira, mira, "pending")


def test_deciding_twice_changes_once(event: Event, desk: Client) -> None:
    post = make_post(event)

    answers = [act(desk, post, "hide")[1] for _ in range(2)]

    assert [answer["changed"] for answer in answers] == [True, False]
    assert Decision.objects.count() == 1


def test_decision_about_something_not_seen_is_refused(event: Event, desk: Client) -> None:
    post = make_post(event, state="pending")
    moderation.show(post, by=make_moderator(event, first_name="Jo"))

    status, said = act(desk, post, "hide", version=post.version)

    sentence = guests.in_english("%(name)s has decided this in the meantime.", name="Jo")
    assert (status, said) == (
        409,
        {"error": {"code": "decided_meanwhile", "message": sentence}},
    )
    assert state_of(post) == "shown"


def test_undo_takes_back_no_decision_of_a_colleague(event: Event, desk: Client) -> None:
    post = make_post(event, state="pending")
    mine = act(desk, post, "show")[1]["undo"]
    moderation.hide(post, by=make_moderator(event))

    status, _ = act(desk, post, "undo", decision=mine)

    assert (status, state_of(post)) == (409, "hidden")


def test_undo_takes_back_no_decision_about_another_post(event: Event, desk: Client) -> None:
    first, second = make_post(event), make_post(event)
    act(desk, first, "hide")
    decision = act(desk, second, "hide")[1]["undo"]

    assert act(desk, first, "undo", decision=decision)[0] == 409
    assert (state_of(first), state_of(second)) == ("hidden", "hidden")


@pytest.mark.parametrize("decision", ["", "x", "-1", "²", "1" * 30, "0x1", "1.5"])
def test_undo_of_no_decision_is_refused(event: Event, desk: Client, decision: str) -> None:
    assert act(desk, make_post(event), "undo", decision=decision)[0] == 422


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "²"])
def test_odd_version_is_no_reason_to_break(event: Event, desk: Client, version: str) -> None:
    assert act(desk, make_post(event), "hide", version=version)[0] == 200


@pytest.mark.parametrize("key", ["x", "a" * 22, "../x", "%2e%2e", "\x00"])
def test_post_that_does_not_exist_is_not_found(event: Event, desk: Client, key: str) -> None:
    assert desk.post(f"/{event.slug}/desk/posts/{key}/show").status_code == 404


def test_mode_is_switched(event: Event, desk: Client) -> None:
    where = f"/{event.slug}/desk/mode"

    answers = [
        desk.post(where, {"mode": mode}, headers=guests.JSON) for mode in ["review", "review", "x"]
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 422]
    assert [answer.json()["changed"] for answer in answers[:2]] == [True, False]
    assert Rule.objects.get().mode == "review"


@pytest.mark.parametrize("deed", ["show", "hide", "mode", "undo"])
def test_desk_works_without_javascript(event: Event, desk: Client, deed: str) -> None:
    post = make_post(event, state="pending")
    form = {"version": post.version, "mode": "review"}
    if deed == "undo":
        form["decision"] = act(desk, post, "show")[1]["undo"]
    path = "mode" if deed == "mode" else f"posts/{post.key}/{deed}"

    answer = desk.post(f"/{event.slug}/desk/{path}", form, headers=guests.HTML)

    assert (answer.status_code, answer["Location"]) == (302, f"/{event.slug}/desk/")
    expected = {"show": "shown", "hide": "hidden"}.get(deed, "pending")
    assert state_of(post) == expected


# --- the screen


def test_screen_enters_with_its_key_and_keeps_it_from_scripts(
    event: Event, settings: Settings
) -> None:
    guests.refill_buckets()
    settings.TLS = True
    screen = make_screen(event, key=KEY)
    post = make_post(event)
    client = guests.browser()

    before = client.get("/screen").content.decode()
    answer = client.post("/screen/enter", {"key": KEY})
    page = client.get("/screen").content.decode()

    cookie = answer.cookies[configured.SCREEN_COOKIE_NAME]
    assert (answer.status_code, answer.content) == (204, b"")
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", True)
    assert (event.name in before, "<screen-enter" in before) == (False, True)
    assert (event.name in page, post.key in page, screen.name in page) == (True, True, True)
    assert KEY not in page


@pytest.mark.parametrize("key", ["", "x", KEY + " ", KEY.upper(), "a" * 5000, "\x00"])
def test_wrong_key_opens_no_screen_and_sets_no_cookie(event: Event, key: str) -> None:
    guests.refill_buckets()
    make_screen(event, key=KEY)

    answer = guests.browser().post("/screen/enter", {"key": key})

    assert (answer.status_code, answer.cookies.output()) == (404, "")


def test_guessing_keys_has_an_end_for_the_guesser_only(event: Event) -> None:
    guests.refill_buckets()
    make_screen(event, key=KEY)

    answers = [guests.browser().post("/screen/enter", {"key": "x"}).status_code for _ in range(40)]
    elsewhere = guests.browser(address="192.0.2.9").post("/screen/enter", {"key": KEY})

    assert answers[:30] == [404] * 30
    assert answers[-1] == 503
    assert elsewhere.status_code == 204


def test_screen_speaks_the_language_of_its_event(event: Event) -> None:
    make_screen(event, key=KEY)

    page = guests.beamer(KEY).get("/screen", headers={"Accept-Language": "en"}).content.decode()

    assert '<html lang="de"' in page


def test_screen_shows_hashtag_address_and_qr_code(event: Event) -> None:
    make_screen(event, key=KEY)

    page = guests.beamer(KEY).get("/screen", HTTP_HOST="10.0.0.9:8000").content.decode()

    assert "#handfest" in page
    assert "10.0.0.9:8000" in page
    assert f"/{event.code}<" in page
    assert f'src="/{event.slug}/qr.svg"' in page
