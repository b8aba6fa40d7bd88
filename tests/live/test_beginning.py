"""A new event and what belongs to it are one transaction: all of it is there, or nothing."""

import pytest
from django.db import IntegrityError

from agenda.models import Event
from eventhub.live.check_log import check
from eventhub.live.guard import open_log
from eventhub.live.log import TwoEventsError, beginning, changing
from eventhub.live.models import Stream
from tests import factories
from tests.replay import head

pytestmark = pytest.mark.django_db(transaction=True)


def test_rows_of_a_new_event_stand_in_its_log() -> None:
    with beginning(factories.make_event) as (event, log):
        assert open_log() is log
        factories.make_slot(event)

    assert (head(event), check(event.pk), open_log()) == (1, [], None)


def test_event_whose_furnishing_fails_has_never_been() -> None:
    def furnish() -> None:
        with beginning(factories.make_event) as (event, _log):
            factories.make_slot(event)
            factories.make_room(event, "Hall")
            factories.make_room(event, "Hall")

    with pytest.raises(IntegrityError):
        furnish()

    assert (Event.objects.count(), Stream.objects.count(), open_log()) == (0, 0, None)


def test_event_begins_in_no_log_of_another() -> None:
    other = factories.make_event()

    with pytest.raises(TwoEventsError), changing(other), beginning(factories.make_event):
        raise AssertionError

    assert Event.objects.count() == 1
