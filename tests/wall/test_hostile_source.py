"""A source that lies about whose post it brings changes nobody else's."""

from dataclasses import replace

import pytest

from agenda.models import Event
from tests.factories import make_batch as batch
from tests.factories import make_incoming, make_note, make_rule, make_source
from wall import ingest
from wall.models import Post


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
