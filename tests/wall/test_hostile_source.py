"""A source that lies about whose post it brings changes nobody else's."""

from dataclasses import replace

import pytest

from agenda.models import Event
from eventhub.live.log import changing
from tests.factories import make_batch as batch
from tests.factories import make_incoming, make_note, make_rule, make_source
from wall import ingest
from wall.models import Post, Source


@pytest.mark.parametrize("change", [{"text": "Gefälscht"}, {"gone": True}])
def test_another_source_neither_edits_nor_hides_a_post(
    event: Event, change: dict[str, object]
) -> None:
    make_rule(event)
    item = make_incoming()
    ingest.take(make_source(event), batch(item))

    assert ingest.take(make_source(event), batch(replace(item, **change))) == 0  # type: ignore[arg-type]

    post = Post.objects.get()
    assert (post.text, post.state) == (item.text, "shown")


def test_key_that_names_a_guests_note_is_another_post(event: Event) -> None:
    make_rule(event)
    note = make_note(event)
    item = replace(make_incoming(), key=note.origin, gone=False)

    assert ingest.take(make_source(event), batch(item)) == 1
    assert ingest.take(make_source(event), batch(replace(item, gone=True))) == 0

    note.refresh_from_db()
    assert note.state == "shown"
    assert Post.objects.count() == 2


def test_answer_that_was_on_its_way_when_the_source_was_paused_is_read_again_later(
    event: Event,
) -> None:
    source = make_source(event)
    item = make_incoming()
    _pause(source, paused=True)  # `source` itself is what the collector still holds

    assert ingest.take(source, batch(item, cursor="7")) == 0
    source.refresh_from_db()
    assert (Post.objects.count(), source.cursor) == (0, "")

    _pause(source, paused=False)
    assert ingest.take(source, batch(item, cursor="7")) == 1
    source.refresh_from_db()
    assert source.cursor == "7"


def _pause(source: Source, *, paused: bool) -> None:
    with changing(source.event_id) as log:
        fresh = log.fresh(source)
        fresh.paused = paused
        log.touch(fresh)
