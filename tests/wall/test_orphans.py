"""Posts whose source is taken away leave with it, unless another can answer for them."""

from dataclasses import replace

import pytest
from django.utils import translation

from agenda.models import Event
from eventhub.live.check_log import check
from tests.factories import (
    make_batch,
    make_incoming,
    make_moderator,
    make_post,
    make_rule,
    make_source,
)
from wall import ingest, moderation, source_keeping
from wall.models import Post, Source
from wall.sources.base import Incoming

pytestmark = pytest.mark.django_db


def brought(source: Source, *items: Incoming) -> list[tuple[str, str]]:
    ingest.take(source, make_batch(*items))
    return states(source.event)


def states(event: Event) -> list[tuple[str, str]]:
    return list(Post.objects.filter(event=event).order_by("pk").values_list("origin", "state"))


def test_posts_that_left_are_judged_anew_when_a_source_brings_them_again(event: Event) -> None:
    make_rule(event)
    first, other = make_incoming(remote_id="1"), make_incoming(remote_id="2")
    brought(source := make_source(event), first, other)
    moderation.hide(Post.objects.get(origin=other.key), by=None)

    assert source_keeping.remove(source, by=None) == 1
    assert states(event) == [(first.key, "hidden"), (other.key, "hidden")]
    again = make_source(event)
    edited = replace(first, text="Neu gesagt", remote_id="77")

    # What a person has hidden stays hidden; what left with the source is back, as it is now.
    assert brought(again, edited, other) == [(first.key, "shown"), (other.key, "hidden")]
    post = Post.objects.get(origin=first.key)
    assert (post.text, post.remote_id, post.source) == ("Neu gesagt", "77", again)
    assert check(event.pk) == []


def test_post_that_nobody_could_ask_about_is_not_shown_by_hand(event: Event) -> None:
    ada = make_moderator(event)
    brought(source := make_source(event), item := make_incoming())
    source_keeping.remove(source, by=ada)

    with translation.override("en"), pytest.raises(moderation.DecidedMeanwhileError) as caught:
        moderation.show(Post.objects.get(), by=ada)

    assert caught.value.message.startswith("Its source was removed")
    assert states(event) == [(item.key, "hidden")]


@pytest.mark.parametrize(
    ("adapter", "config", "stays"),
    [
        ("mastodon", {"server": "https://social.example", "tag": "Handfest"}, True),
        ("mastodon", {"server": "https://social.example", "tag": "anders"}, False),
        ("mastodon", {"server": "https://anders.example", "tag": "handfest"}, False),
        ("bluesky", {"tag": "handfest"}, False),
    ],
)
def test_posts_stay_where_another_source_can_answer_for_them(
    event: Event, adapter: str, config: dict[str, str], stays: bool
) -> None:
    source = make_source(event)
    post = make_post(event, source=source)
    other = make_source(event, adapter=adapter, config=config)

    source_keeping.remove(source, by=None)

    post.refresh_from_db()
    assert (post.state, post.source) == (("shown", other) if stays else ("hidden", None))


def test_another_server_takes_the_posts_of_the_former_one_away(event: Event) -> None:
    source = make_source(event)
    post = make_post(event, source=source)

    def change(**config: str) -> None:
        wish = source_keeping.Wish(name="x", config=source.config | config)
        source.refresh_from_db()
        source_keeping.change(source, wish, seen=source_keeping.mark_of(source), by=None)
        post.refresh_from_db()

    change(tag="neu")
    assert (post.state, post.source) == ("shown", source)
    change(server="https://anders.example")
    assert (post.state, post.source) == ("hidden", None)
