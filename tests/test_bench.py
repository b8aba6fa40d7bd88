"""What the measurements rest on: their event shows what is written there, or they wait for ever."""

import pytest

from agenda.models import Event
from bench import event
from tests.wall.test_ingest import take_note
from wall.models import Post


@pytest.mark.django_db
def test_note_in_the_event_of_the_measurements_is_shown_at_once() -> None:
    event.furnish()

    taken = take_note(Event.objects.get(slug=event.SLUG))

    assert taken.post.state == Post.State.SHOWN
