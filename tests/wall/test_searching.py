"""Search over all posts of an event: every word, in any case, of text, name or handle."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agenda.models import Event
from tests.factories import make_event, make_post
from wall import searching
from wall.models import Author, Post

pytestmark = [pytest.mark.django_db, pytest.mark.each_case]


def found(event: Event, words: str, **more: Any) -> list[Post]:
    return list(searching.posts(event, words, **more))


@pytest.mark.parametrize(
    "words",
    ["offene", "OFFENE daten", "übung", "Übung", "ÜBUNG", "ada", "@ada@social", "ada daten"],
)
def test_post_is_found_by_its_words_and_its_author(event: Event, words: str) -> None:
    post = make_post(event, text="Offene Daten: eine Übung")
    make_post(event, text="Etwas anderes", author_name="Bob", author_handle="@bob@b.example")

    assert found(event, words) == [post]


@pytest.mark.parametrize("words", ["fehlt", "offene fehlt", "%", "_"])
def test_what_is_not_there_is_not_found(event: Event, words: str) -> None:
    make_post(event, text="Offene Daten")

    assert found(event, words) == []


def test_newest_come_first_and_taken_back_ones_never(event: Event) -> None:
    posts = [make_post(event, state=state) for state in ("shown", "pending", "hidden")]
    make_post(event, state="withdrawn")
    make_post(make_event())

    assert found(event, "") == posts[::-1]
    assert found(event, "", state="hidden") == posts[2:]


def test_author_narrows_it(event: Event) -> None:
    author = Author.objects.create(event=event, identity="@a@b.example", network="mastodon")
    post = make_post(event, author=author)
    make_post(event)

    assert found(event, "post", author=author) == [post]


def test_search_asks_the_same_however_many(event: Event) -> None:
    asked = []
    for _ in range(3):
        make_post(event, text="offene Daten")
        with CaptureQueriesContext(connection) as queries:
            [post.event.slug for post in found(event, "offene daten")]
        asked.append(len(queries))

    assert asked[0] == asked[2]
