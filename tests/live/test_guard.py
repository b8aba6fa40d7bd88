"""Rows that people see do not go behind the log's back, not even along with something else."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models.signals import pre_delete

from agenda.models import Event, Session, Slot
from eventhub.live import guard
from eventhub.live.guard import LogClosedError
from eventhub.live.log import changing
from eventhub.live.models import Shown
from tests.factories import make_event, make_note, make_slot
from wall.models import Post

pytestmark = pytest.mark.django_db


@pytest.fixture
def unwatched() -> Iterator[None]:
    """As it would be without the guard's watch over slots."""
    pre_delete.disconnect(guard._about_to_go, sender=Slot)
    yield
    guard.watch(Slot)


@pytest.mark.parametrize("by", ["session", "queryset", "attendee", "event"])
def test_cascade_over_shown_rows_is_refused_outside_the_log(event: Event, by: str) -> None:
    slot, note = make_slot(event), make_note(event)
    row = {"session": slot.session, "attendee": note.attendee, "event": event}
    sessions = Session.objects.filter(pk=slot.session_id)

    with pytest.raises(LogClosedError), transaction.atomic():
        row.get(by, sessions).delete()  # type: ignore[union-attr]

    assert (event.slots.count(), event.posts.count(), event.sessions.count()) == (1, 1, 1)


def test_cascade_is_refused_in_the_log_of_another_event(event: Event) -> None:
    slot = make_slot(event)

    with pytest.raises(LogClosedError), changing(make_event()):
        slot.session.delete()

    assert event.slots.count() == 1


def test_cascade_goes_through_in_the_own_log(event: Event) -> None:
    slot = make_slot(event)

    with changing(event):
        slot.session.delete()

    assert event.slots.count() == 0


@pytest.mark.usefixtures("unwatched")
def test_cascade_would_pass_unseen_without_the_watch(event: Event) -> None:
    """Negative control: no method of the slot is called."""
    make_slot(event).session.delete()

    assert event.slots.count() == 0


def test_every_model_that_people_see_is_watched() -> None:
    shown = [model for model in apps.get_models() if issubclass(model, Shown)]

    assert {Slot, Post} < set(shown)
    assert [model for model in shown if not pre_delete.has_listeners(model)] == []
