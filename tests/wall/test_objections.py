"""A post goes at once when its author objects, and is asked about afterwards."""

import gzip
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agenda.models import Event, User
from tests import factories, guests
from tests.replay import assert_replay, keys
from wall import ingest, objections
from wall.models import Action, Author, Objection, Post

pytestmark = pytest.mark.django_db

ADDRESS = "https://social.example/@ada/17"


@pytest.fixture
def mira(event: Event) -> User:
    guests.refill_buckets()
    return factories.make_moderator(event, first_name="Mira")


def foreign(event: Event, **fields: Any) -> Post:
    author = Author.objects.filter(event=event).first() or Author.objects.create(
        event=event, identity="@ada@social.example", network="mastodon", handle="@ada"
    )
    return factories.make_post(event, author=author, **{"url": ADDRESS} | fields)


def standing(event: Event) -> str:
    return Author.objects.get(event=event).standing


def test_objection_hides_at_once_and_blocks_what_comes_next(event: Event) -> None:
    post, other = foreign(event), foreign(event)

    assert_replay(event, lambda: objections.object_to(post, words="Mine!"))

    assert (keys(event), standing(event)) == ([other.key], "blocked")
    fresh = Post.objects.get(pk=post.pk)
    assert (fresh.state, fresh.reason) == ("hidden", "objection")


def test_objecting_twice_is_the_first_objection(event: Event) -> None:
    post = foreign(event)

    assert objections.object_to(post) == objections.object_to(post, words="again")
    assert Objection.objects.count() == 1


def test_reversed_objection_restores_post_and_author(event: Event, mira: User) -> None:
    post = foreign(event)
    objection = objections.object_to(post)

    assert_replay(event, lambda: objections.reverse(objection, by=mira))

    assert (keys(event), standing(event)) == ([post.key], "")
    assert objections.keep(objection, by=mira) is False  # decided already


def test_second_objection_after_a_reversal_is_only_looked_at(event: Event, mira: User) -> None:
    post = foreign(event)
    objections.reverse(objections.object_to(post), by=mira)

    objections.object_to(post, words="But it is mine")

    assert (keys(event), Objection.objects.filter(state="open").count()) == ([post.key], 1)


def test_objection_that_is_kept_stays_hidden(event: Event, mira: User) -> None:
    post = foreign(event)

    assert objections.keep(objections.object_to(post), by=mira) is True

    assert (keys(event), standing(event)) == ([], "blocked")
    assert Action.objects.filter(verb="objection", by=mira).count() == 1


def test_guests_are_not_silenced_by_strangers(event: Event) -> None:
    note = factories.make_note(event)

    objections.object_to(note)

    assert (keys(event), Author.objects.filter(standing="blocked").count()) == ([], 0)


def test_stranger_finds_the_post_and_takes_it_down_without_scripts(event: Event) -> None:
    guests.refill_buckets()
    post, stranger = foreign(event, text="This is mine"), guests.browser()

    found = stranger.get(f"/{event.slug}/objection/", {"about": ADDRESS + "?utm=1"})
    where = f"/{event.slug}/objection/{post.key}/"
    asked = stranger.get(where)
    done = stranger.post(where, {"words": "Please", "contact": "ada@a.example"}, follow=True)

    assert (where in found.content.decode(), "This is mine" in asked.content.decode()) == (
        True,
        True,
    )
    assert (done.status_code, "This is mine" in done.content.decode()) == (200, False)
    assert Objection.objects.get().contact == "ada@a.example"


@pytest.mark.parametrize("state", ["pending", "hidden", "withdrawn"])
def test_what_never_was_on_the_wall_is_not_there(event: Event, state: str) -> None:
    post = foreign(event, state=state)

    assert guests.browser().get(f"/{event.slug}/objection/{post.key}/").status_code == 404


def test_nobody_empties_the_wall_by_objecting(event: Event) -> None:
    guests.refill_buckets()
    posts = [foreign(event) for _ in range(12)]
    stranger = guests.browser()

    answers = [
        stranger.post(f"/{event.slug}/objection/{post.key}/", headers=guests.JSON).status_code
        for post in posts
    ]

    assert sorted(set(answers)) == [200, 429]
    assert len(keys(event)) >= 4


def test_event_hears_nothing_of_objections_of_another(event: Event, mira: User) -> None:
    elsewhere = factories.make_event()
    objection = objections.object_to(foreign(elsewhere, text="Elsewhere"))
    desk = guests.signed_in(mira)

    listed = desk.get(f"/{event.slug}/desk/objections/").content.decode()
    decided = desk.post(f"/{event.slug}/desk/objections/{objection.key}", {"stays": "no"})

    assert ("Elsewhere" in listed, decided.status_code) == (False, 404)


def test_desk_decides_and_learns_of_a_colleague(event: Event, mira: User) -> None:
    objection = objections.object_to(foreign(event))
    desk, where = guests.signed_in(mira), f"/{event.slug}/desk/objections/{objection.key}"

    answers = [
        desk.post(where, {"stays": stays}, headers=guests.JSON).status_code
        for stays in ("yes", "no", "x")
    ]

    assert answers == [200, 409, 422]
    assert Objection.objects.get().state == "kept"


def test_queries_of_the_list_do_not_grow(event: Event, mira: User) -> None:
    desk, asked = guests.signed_in(mira), []
    for _ in range(2):
        objections.object_to(foreign(event))
        desk.get(f"/{event.slug}/desk/objections/")
        with CaptureQueriesContext(connection) as queries:
            desk.get(f"/{event.slug}/desk/objections/")
        asked.append(len(queries))
        objections.object_to(foreign(event))

    assert asked[0] == asked[1]


# --- by address


def test_taken_down_by_address_and_never_coming_back(event: Event, mira: User) -> None:
    post = foreign(event, origin="https://social.example/posts/17")
    desk = guests.signed_in(mira)

    def down(address: str) -> dict[str, int]:
        path = f"/{event.slug}/desk/objections/take-down"
        told: dict[str, int] = desk.post(path, {"address": address}, headers=guests.JSON).json()
        return told

    assert [down(ADDRESS + "/#top"), down("https://social.example/posts/99")] == [
        {"hidden": 1},
        {"hidden": 0},
    ]
    late = factories.make_incoming("https://social.example/posts/99")
    assert ingest.take(factories.make_source(event), factories.make_batch(late)) == 0
    assert Post.objects.get().pk == post.pk


@pytest.mark.parametrize("address", ["", "social.example/1", "javascript:alert(1)", "\0"])
def test_what_is_no_address_is_refused_kindly(event: Event, mira: User, address: str) -> None:
    desk = guests.signed_in(mira)

    answer = desk.post(f"/{event.slug}/desk/objections/take-down", {"address": address})

    assert (answer.status_code, Action.objects.count()) == (422, 0)


def test_each_post_of_the_phones_wall_leads_to_its_objection(event: Event) -> None:
    posts = [foreign(event), factories.make_note(event)]
    house = foreign(event, network="house", badge="organizer")
    guest = guests.browser()

    said = guest.get(f"/{event.slug}/wall/").content.decode()

    where = {post.key: f'href="/{event.slug}/objection/{post.key}/"' for post in [*posts, house]}
    assert [where[post.key] in said for post in posts] == [True, True]
    assert where[house.key] not in said
    page = guest.get(f"/{event.slug}/objection/{posts[0].key}/")
    assert page.status_code == 200


def test_phone_pays_for_that_with_few_bytes(event: Event) -> None:
    """The key stands beside it already: over the wire it is named once."""
    for _ in range(20):
        factories.make_note(event, text="The same words")
    page = guests.browser().get(f"/{event.slug}/wall/").content
    link = re.compile(rb'<a class="post__mine".*?</a>')

    cost = len(gzip.compress(page)) - len(gzip.compress(link.sub(b"", page)))

    assert len(link.findall(page)) == 20
    assert cost / 20 < 12
