"""What is written row by row, and what `rows` writes of the same, cannot be told apart."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from django.db import IntegrityError, connection, models
from django.test.utils import CaptureQueriesContext, isolate_apps

from agenda.models import Event
from eventhub.live import rows
from eventhub.live.log import BATCH, Told, changing
from eventhub.live.models import Change
from tests.factories import (
    at,
    make_author,
    make_barcamp,
    make_period,
    make_post,
    make_proposal,
    make_rule,
    make_screen,
    make_slot,
    make_source,
)
from wall.models import Author, Post

pytestmark = [pytest.mark.django_db, pytest.mark.each_case]

BERLIN = timezone(timedelta(hours=2))
MAKERS: list[Callable[[Event], models.Model]] = [
    make_author,
    make_barcamp,
    make_period,
    make_post,
    make_proposal,
    make_rule,
    make_screen,
    make_slot,
    make_source,
]


def stored(row: models.Model) -> dict[str, Any]:
    [values] = type(row)._base_manager.filter(pk=row.pk).values()
    return values


def odd_post(event: Event, **fields: Any) -> Post:
    """Of every kind of value one that a database could get wrong."""
    values: dict[str, Any] = {
        "event": event,
        "origin": "https://example.org/ä?b=%s&c=%%",
        "network": "mastodon",
        "text": "„100 %“ Grüße, %s, {} '; -- \\ 👩‍💻\n\n",
        "facets": [{"kind": "tag", "start": 0, "end": 4, "value": "Grüße %s"}],
        "sensitive": True,
        "written_at": datetime(2026, 3, 29, 2, 30, 0, 7, tzinfo=BERLIN),
        "received_at": at("10:00"),
        "state": Post.State.HIDDEN,
        "shown_seq": 2**62,
    }
    return Post(**values | fields)


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_inserted_row_is_as_if_it_were_saved(
    event: Event, make: Callable[[Event], models.Model]
) -> None:
    row = make(event)
    wanted, number = stored(row), row.pk
    type(row)._base_manager.filter(pk=number)._raw_delete(using="default")
    row._state.adding = True
    row.pk = None

    with changing(event):
        rows.insert([row])

    assert row.pk is not None
    assert not row._state.adding
    assert row._state.db == "default"
    assert stored(row) == wanted | {"id": row.pk}


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_updated_row_is_as_if_it_were_saved(
    event: Event, make: Callable[[Event], models.Model]
) -> None:
    row = make(event)
    wanted = stored(row)

    with changing(event):
        rows.update([row])

    assert stored(row) == wanted


def test_values_of_every_kind_arrive_as_bulk_create_brings_them(event: Event) -> None:
    ours, plain = odd_post(event), odd_post(event, origin="another")

    with changing(event):
        rows.insert([ours])
        Post.objects.bulk_create([plain])

    apart = {"id", "key", "origin"}
    assert {k: v for k, v in stored(ours).items() if k not in apart} == {
        k: v for k, v in stored(plain).items() if k not in apart
    }
    assert stored(ours)["origin"] == "https://example.org/ä?b=%s&c=%%"
    assert stored(ours)["written_at"] == ours.written_at


def test_changed_values_of_every_kind_arrive(event: Event) -> None:
    post = make_post(event)
    keep = stored(post)
    odd = odd_post(event)
    names = ["text", "facets", "sensitive", "written_at", "state", "shown_seq"]
    for name in names:
        setattr(post, name, getattr(odd, name))
    post.url = "not to be written"

    with changing(event):
        rows.update([post], names)

    assert stored(post) == keep | {name: getattr(odd, name) for name in names}


def test_of_more_rows_than_fit_in_a_statement_each_gets_its_own_number(event: Event) -> None:
    posts = [odd_post(event, origin=f"{number}") for number in range(BATCH + 1)]

    with changing(event), CaptureQueriesContext(connection) as queries:
        rows.insert(posts)

    assert dict(Post.objects.values_list("pk", "origin")) == {
        post.pk: post.origin for post in posts
    }
    assert len(queries) <= 8  # SQLite takes 999 values at a time


def test_row_gets_the_number_that_its_key_got_later(event: Event) -> None:
    author = Author(event=event, identity="late", network="mastodon")
    post = odd_post(event, author=author)
    author.save()

    with changing(event):
        rows.insert([post])

    assert stored(post)["author_id"] == author.pk


def test_row_without_what_it_needs_is_refused(event: Event) -> None:
    posts = [odd_post(event), odd_post(event, origin="other")]
    vars(posts[1])["written_at"] = None

    with pytest.raises(IntegrityError), changing(event):
        rows.insert(posts)

    assert not Post.objects.exists()


def test_of_rows_that_collide_none_is_written(event: Event) -> None:
    with pytest.raises(IntegrityError), changing(event):
        rows.insert([odd_post(event), odd_post(event)])

    assert not Post.objects.exists()


def test_row_that_is_gone_is_passed_over(event: Event) -> None:
    gone, here = make_post(event), make_post(event)
    Post.objects.filter(pk=gone.pk)._raw_delete(using="default")
    gone.text = here.text = "neu"

    with changing(event):
        rows.update([gone, here], ["text"])

    assert list(Post.objects.values_list("pk", "text")) == [(here.pk, "neu")]


def test_change_is_written_in_the_order_of_its_columns(event: Event) -> None:
    with changing(event) as log:
        log.tell("presence", topics=("desk", "wall"), object_id=7, key="the-key")

    change = Change.objects.get(event_id=event.pk)
    assert (change.seq, change.topics, change.kind) == (1, "desk wall", "presence")
    assert (change.object_id, change.key) == (7, "the-key")
    assert [field.attname for field in Change._meta.concrete_fields] == list(Told._fields)


@isolate_apps("eventhub.live")
def test_time_that_is_set_on_saving_is_set_here_too() -> None:
    class Stamped(models.Model):
        saved_at = models.DateTimeField(auto_now=True)

        class Meta:
            app_label = "live"

        def __str__(self) -> str:
            return str(self.saved_at)

    row = Stamped()
    [value] = rows._values(rows._columns(Stamped, None), row, new=True)

    assert row.saved_at is not None
    assert value == connection.ops.adapt_datetimefield_value(row.saved_at)


@isolate_apps("eventhub.live")
def test_model_that_the_database_fills_in_is_refused() -> None:
    class Filled(models.Model):
        width = models.IntegerField(db_default=5)

        class Meta:
            app_label = "live"

        def __str__(self) -> str:
            return str(self.width)

    with pytest.raises(TypeError, match="fills in"):
        rows.insert([Filled()])


def test_nothing_asks_nothing(django_assert_num_queries: Callable[[int], Any]) -> None:
    with django_assert_num_queries(0):
        rows.insert([])
        rows.update([])
