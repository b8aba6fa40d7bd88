"""A source that lies about whose post it brings changes nobody else's."""

from dataclasses import replace

import pytest

from agenda.models import Event
from eventhub.live.log import changing
from tests.factories import make_batch as batch
from tests.factories import make_incoming, make_note, make_rule, make_source
from wall import ingest
from wall.models import Post, Source


@pytest.mark.each_case
@pytest.mark.parametrize("change", [{"text": "Gefälscht"}, {"gone": True}])
def test_another_source_neither_edits_nor_hides_a_post(
    event: Event, change: dict[str, object]
) -> None:
    make_rule(event)
    item = make_incoming()
    ingest.take(make_source(event), batch(item))
    liar = make_source(event, config={"server": "liar.example", "tag": "handfest"})

    assert ingest.take(liar, batch(replace(item, **change))) == 0  # type: ignore[arg-type]

    post = Post.objects.get()
    assert (post.text, post.state) == (item.text, "shown")


def test_server_a_post_is_at_home_on_puts_right_what_another_told_of_it(event: Event) -> None:
    make_rule(event)
    liar = make_source(event, config={"server": "liar.example", "tag": "handfest"})
    item = make_incoming(text="Wie es gemeint war")
    ingest.take(liar, batch(replace(item, text="Gefälscht")))

    assert ingest.take(make_source(event), batch(item)) == 1
    assert Post.objects.get().text == item.text
    assert ingest.take(make_source(event), batch(replace(item, gone=True))) == 1
    assert Post.objects.get().state == "withdrawn"


def test_post_called_by_an_id_alone_goes_and_never_comes(event: Event) -> None:
    make_rule(event)
    source, other = make_source(event), make_source(event)
    here, late = make_incoming(remote_id="7"), make_incoming(remote_id="8")
    long = make_incoming("https://social.example/" + "x" * 600, remote_id="9")
    ingest.take(source, batch(here, long))

    gone = [make_incoming(key="", remote_id=called, gone=True) for called in ("7", "8", "9", "")]
    gone = [replace(item, key="") for item in gone]
    assert ingest.take(source, batch(*gone), unasked=True) == 2
    assert ingest.take(source, batch(here, late, long)) == 0
    assert ingest.take(other, batch(late)) == 1  # what that one calls 8 is another post

    states = Post.objects.order_by("pk").values_list("origin", "state")
    assert [state for _origin, state in states] == ["withdrawn", "withdrawn", "shown"]


def test_key_that_looks_like_a_made_up_name_buries_nobody(event: Event) -> None:
    make_rule(event)
    source = make_source(event)
    liar = make_source(event, config={"server": "liar.example", "tag": "handfest"})

    ingest.take(liar, batch(make_incoming(f"remote:{source.pk}:8", gone=True)))

    assert ingest.take(source, batch(make_incoming(remote_id="8"))) == 1


def test_edit_and_deletion_in_one_breath_end_as_a_deletion(event: Event) -> None:
    make_rule(event)
    source = make_source(event)
    item = make_incoming(remote_id="7")
    gone = replace(make_incoming(remote_id="7", gone=True), key="")

    assert ingest.take(source, batch(item, gone, replace(item, text="neu"))) == 0
    assert ingest.take(source, batch(item)) == 0
    assert not Post.objects.exists()


def test_what_comes_unasked_moves_neither_cursor_nor_the_next_look(event: Event) -> None:
    make_rule(event)
    source = make_source(event)
    ingest.take(source, batch(cursor="7", wait_s=60))
    source.refresh_from_db()
    next_try = source.next_try_at

    ingest.take(source, batch(make_incoming(), cursor=""), unasked=True)
    source.refresh_from_db()
    assert (source.cursor, source.next_try_at) == ("7", next_try)

    ingest.take(source, batch(make_incoming(), cursor="9"), unasked=True)
    source.refresh_from_db()
    assert (source.cursor, source.next_try_at) == ("9", next_try)


def test_post_in_another_language_or_with_an_unwanted_tag_stays_out(event: Event) -> None:
    make_rule(event)
    source = make_source(event, languages=["de"], exclude_tags=["Werbung"])
    german = make_incoming(language="de")

    assert ingest.take(source, batch(german, make_incoming(language="en"))) == 1
    assert ingest.take(source, batch(make_incoming(tags=("werbung",)))) == 0
    # What stands here is told of an edit all the same.
    assert ingest.take(source, batch(replace(german, text="now", language="en"))) == 1


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
