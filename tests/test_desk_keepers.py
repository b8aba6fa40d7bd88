"""Keepers of one desk: the next post, stops, authors, declining together, searching."""

from typing import Any

import pytest
from django.test import Client

from agenda.models import Event, User
from eventhub.live import reading
from tests import factories, guests
from tests.factories import make_author, make_moderator, make_note, make_post
from tests.replay import assert_replay
from tests.test_desk import act, lists_of, state_of
from wall import moderation, presence, waiting
from wall.likeness import fingerprint
from wall.models import Action, Author, Post, Presence

pytestmark = pytest.mark.django_db

SPAM = "Jetzt gratis Guthaben sichern, nur heute, nur kurz"


@pytest.fixture
def mira(event: Event) -> User:
    guests.refill_buckets()
    return make_moderator(event, first_name="Mira")


@pytest.fixture
def desk(mira: User) -> Client:
    return guests.signed_in(mira)


def alike(event: Event, count: int, **fields: Any) -> list[Post]:
    texts = [f"{SPAM} https://flut.example/{number}" for number in range(count)]
    return [make_post(event, text=text, likeness=fingerprint(text), **fields) for text in texts]


def ask(client: Client, event: Event, what: str, **fields: object) -> dict[str, object]:
    answer = client.post(f"/{event.slug}/desk/{what}", fields, headers=guests.JSON)
    assert answer.status_code == 200
    said: dict[str, object] = answer.json()
    return said


def key_of(said: dict[str, object]) -> object:
    card = said["next"]
    return card["key"] if isinstance(card, dict) else None


# --- who has which post


def test_two_moderators_are_given_different_posts(event: Event, desk: Client) -> None:
    posts = [make_post(event, state="pending") for _ in range(3)]
    ole = guests.signed_in(make_moderator(event, first_name="Ole"))

    given = [key_of(ask(client, event, "next")) for client in (desk, ole, desk)]

    assert given == [posts[0].key, posts[1].key, posts[0].key]


def test_answer_brings_the_next_post_with_it(event: Event, desk: Client, mira: User) -> None:
    first, second = (make_post(event, state="pending") for _ in range(2))

    _, said = act(desk, first, "show", version=first.version, next=1)
    _, last = act(desk, second, "hide", version=second.version, next=1)

    assert (key_of(said), last["next"]) == (second.key, None)
    assert Presence.objects.get().user == mira


def test_post_passed_over_comes_again_after_the_others(event: Event, desk: Client) -> None:
    first, second = (make_post(event, state="pending") for _ in range(2))

    given = [key_of(ask(desk, event, "next", after=key)) for key in (first.key, second.key)]

    assert given == [second.key, first.key]


def test_desk_that_says_it_is_open_hears_what_waits(event: Event, desk: Client) -> None:
    alike(event, 3, state="pending")
    make_post(event, state="pending")

    said = ask(desk, event, "here", post="")

    assert (said["count"], list(dict(said["piles"]).values())) == (4, [3])  # type: ignore[call-overload]
    ask(desk, event, "leave")
    assert not Presence.objects.exists()


def test_desk_hears_what_it_has_before_it_as_the_server_knows(event: Event, desk: Client) -> None:
    first, second = (make_post(event, state="pending") for _ in range(2))
    ask(desk, event, "next")
    ask(desk, event, "next", after=first.key)

    said = ask(desk, event, "here", post=first.key, was=first.key)

    assert said["at"] == second.key == Presence.objects.get().post.key  # type: ignore[union-attr]


@pytest.mark.parametrize("key", ["x", "", "²", "a" * 300, "\x00"])
def test_unknown_post_before_somebody_is_none(event: Event, desk: Client, key: str) -> None:
    ask(desk, event, "here", post=key)

    assert Presence.objects.get().post is None


# --- more than a desk holds


def test_window_holds_the_oldest_and_the_count_is_true(event: Event, desk: Client) -> None:
    posts = [make_post(event, state="pending") for _ in range(waiting.WINDOW + 5)]

    page = desk.get(f"/{event.slug}/desk/").content.decode()
    window = reading.window(event.pk, ["desk"], "en").items or []

    oldest = [post.key for post in posts[: waiting.WINDOW]]
    assert lists_of(page)["pending"] == oldest
    assert "<b data-count>65</b>" in page
    assert [item.key for item in window if item.key in {post.key for post in posts}] == oldest


def test_desk_with_room_is_given_what_waits_beyond(event: Event, desk: Client) -> None:
    posts = [make_post(event, state="pending") for _ in range(waiting.WINDOW + 5)]
    for post in posts[:3]:
        moderation.show(post, by=None)

    last = posts[waiting.WINDOW - 1].pk
    said = desk.get(f"/{event.slug}/desk/queue?from={last}", headers=guests.JSON).json()

    assert said["count"] == waiting.WINDOW + 2
    assert [item["key"] for item in said["items"]] == [
        post.key for post in posts[waiting.WINDOW : waiting.WINDOW + 3]
    ]


def test_who_looks_at_what_is_replayable(event: Event, mira: User) -> None:
    post = make_post(event, state="pending")

    assert_replay(event, lambda: presence.here(event, mira, post), topics=["desk"])
    assert_replay(event, lambda: presence.leave(event, mira), topics=["desk"])


# --- single posts, and their authors


def test_time_for_second_thoughts_is_stopped_and_goes_on(event: Event, desk: Client) -> None:
    factories.make_rule(event, "delayed", fallback="go_on")
    post = make_post(event, state="pending", due_at=factories.at("11:00"))
    page = desk.get(f"/{event.slug}/desk/").content.decode()

    _, said = act(desk, post, "hold", version=post.version)

    stopped = Post.objects.get(pk=post.pk)
    assert "data-due=" in page
    assert (stopped.due_at, stopped.reason, stopped.state) == (None, "held", "pending")
    act(desk, post, "undo", decision=said["undo"])
    assert Post.objects.get(pk=post.pk).due_at is not None


def test_post_is_linked_to_a_session(event: Event, desk: Client) -> None:
    post, session = make_post(event), factories.make_session(event, "Podium")

    act(desk, post, "link", session=session.pk)
    linked = Post.objects.get(pk=post.pk).session
    act(desk, post, "link", session="")

    assert (linked, Post.objects.get(pk=post.pk).session) == (session, None)


def test_session_of_another_event_is_not_found(event: Event, desk: Client) -> None:
    elsewhere = factories.make_session(factories.make_event())

    assert act(desk, make_post(event), "link", session=elsewhere.pk)[0] == 404


@pytest.mark.each_case
@pytest.mark.parametrize(
    ("deed", "standing"), [("block", "blocked"), ("clear", ""), ("trust", "trusted")]
)
def test_author_is_judged_by_one_of_their_posts(
    event: Event, desk: Client, deed: str, standing: str
) -> None:
    author = make_author(event)
    post = make_post(event, author=author)

    status, said = act(desk, post, deed)

    action = Action.objects.get()
    assert (status, Author.objects.get().standing) == (200, standing)
    assert said["undo_at"] == f"/{event.slug}/desk/log/{action.pk}/undo"
    assert state_of(post) == ("hidden" if deed == "block" else "shown")


def test_guest_is_blocked_by_one_of_their_notes(event: Event, desk: Client) -> None:
    mine = [make_note(event, attendee=factories.make_attendee(event)) for _ in range(1)]
    other = make_note(event)

    act(desk, mine[0], "block")

    assert (state_of(mine[0]), state_of(other)) == ("hidden", "shown")


def test_nobody_is_judged_for_a_post_that_nobody_is_known_to_have_written(
    event: Event, desk: Client
) -> None:
    assert act(desk, make_post(event), "block")[0] == 409


def test_page_of_a_post_shows_what_else_its_author_wrote(event: Event, desk: Client) -> None:
    author = make_author(event)
    post, other = make_post(event, author=author), make_post(event, author=author)
    stranger = make_post(event, author=make_author(event))

    page = desk.get(f"/{event.slug}/desk/posts/{post.key}/").content.decode()

    assert (post.key in page, other.key in page, stranger.key in page) == (True, True, False)


# --- many at once


def test_alike_posts_are_counted_declined_and_taken_back(event: Event, desk: Client) -> None:
    spam = [*alike(event, 3, state="pending"), *alike(event, 3)]
    genuine = [make_post(event, state="pending"), make_post(event)]
    form = {"post": spam[0].key, "by": "like"}

    sheet = desk.get(f"/{event.slug}/desk/decline", form, headers=guests.HTML).content.decode()
    answer = desk.post(f"/{event.slug}/desk/declined", form, headers=guests.HTML)

    action = Action.objects.get()
    done = desk.get(answer["Location"]).content.decode()
    assert "6" in sheet.partition("desk-sure__button")[2].partition("</button>")[0]
    assert {state_of(post) for post in spam} == {"hidden"}
    assert [state_of(post) for post in genuine] == ["pending", "shown"]
    assert f'formaction="/{event.slug}/desk/log/{action.pk}/undo"' in done


@pytest.mark.parametrize("by", ["", "author", "like", "x"])
def test_nothing_in_common_declines_nothing(event: Event, desk: Client, by: str) -> None:
    post = make_post(event, state="pending")

    answer = desk.post(f"/{event.slug}/desk/declined", {"by": by, "word": "x"})

    assert (answer.status_code, state_of(post)) == (422, "pending")


def test_word_and_server_decline(event: Event, desk: Client) -> None:
    author = make_author(event, host="flut.example")
    one = make_post(event, text="Ein Troll war hier")
    other = make_post(event, author=author)
    where = f"/{event.slug}/desk/declined"

    desk.post(where, {"by": "word", "word": "troll"})
    assert (state_of(one), state_of(other)) == ("hidden", "shown")
    desk.post(where, {"by": "host", "post": other.key})
    assert state_of(other) == "hidden"


@pytest.mark.parametrize("wrong", ["days=x", "days=0", "post=", "word=%00", "by=host", "by=²"])
def test_odd_questions_are_answered(event: Event, desk: Client, wrong: str) -> None:
    assert desk.get(f"/{event.slug}/desk/decline?{wrong}").status_code == 200


# --- searching


@pytest.mark.each_case
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=Lastenrad", [1]),
        ("state=hidden", [2]),
        ("reason=link", [0]),
        ("network=bluesky", [1]),
        ("session=", [0, 1, 2]),
        ("state=x&reason=y&session=z&q=%00", [0, 1, 2]),
        ("q=Lastenrad&state=hidden", []),
    ],
)
def test_search_finds_by_words_and_filters(
    event: Event, desk: Client, asked: str, found: list[int]
) -> None:
    posts = [
        make_post(event, state="pending", reason="link", text="Ein Link"),
        make_post(event, network="bluesky", text="Unser Lastenrad"),
        make_post(event, state="hidden", text="Nichts"),
    ]
    elsewhere = make_post(factories.make_event(), text="Lastenrad")

    page = desk.get(f"/{event.slug}/desk/search?{asked}").content.decode()

    assert [number for number, post in enumerate(posts) if post.key in page] == found
    assert elsewhere.key not in page
