"""What screens have said of themselves goes with the purge; the screens are set up for the next."""

from datetime import date

import pytest

from agenda.models import Event
from tests import two_events
from wall import purge, signs
from wall.models import Display, Pairing, Screen, Sign

pytestmark = pytest.mark.django_db


def test_signs_and_pairings_go_and_the_screens_stay() -> None:
    _a, b = two_events.furnish_two()
    Event.objects.filter(pk=b.event.pk).update(purge_on=date(2020, 1, 1))
    over = Event.objects.get(pk=b.event.pk)

    gone = purge.purge(over)

    assert (gone["signs"], gone["pairings"]) == (1, 1)
    rows = [model.objects.filter(screen__event=over) for model in (Sign, Pairing, Display)]
    assert [found.count() for found in rows] == [0, 0, 0]
    assert Screen.objects.filter(event=over).count() == 1


def test_screen_that_is_on_gives_no_purge_to_do_every_hour() -> None:
    _a, b = two_events.furnish_two()
    purge.purge(b.event)

    signs.here(b.screen, signs.Said(slide="logo"))

    assert purge.count(b.event) == {}
