"""What staff do with a card that has a place: an address, a verb, and what takes it back."""

from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from agenda import arranging
from agenda.arranging import spot_of
from agenda.models import Event, Slot
from agenda.plan_form import number, spot, state
from agenda.views.plan import Done, on_slot, slot_named


@on_slot
def move(event: Event, slot: Slot, sent: QueryDict) -> Done:
    """Into a free place."""
    back = _back(slot)
    moved = arranging.move(slot, spot(event, sent), version=number(sent, "version"))
    undo = (f"slots/{slot.key}/move", back | {"version": moved.version})
    return Done(stands(moved), slot.key, moved.version, undo)


@on_slot
def swap(event: Event, slot: Slot, sent: QueryDict) -> Done:
    """Two cards that have places take each other's (`with`)."""
    other = slot_named(event, sent, "with")
    versions = (number(sent, "version"), number(sent, "with_version"))
    one, two = arranging.swap(slot, other, versions=versions)
    undo = {"with": two.key, "version": one.version, "with_version": two.version}
    titles = {"title": slot.session.title, "other": other.session.title}
    words = _("“%(title)s” and “%(other)s” are swapped") % titles
    return Done(words, slot.key, one.version, (f"slots/{slot.key}/swap", undo))


@on_slot
def cancel(event: Event, slot: Slot, sent: QueryDict) -> Done:
    """It stays where people look for it, and says so."""
    done = arranging.cancel(slot, version=number(sent, "version"))
    words = _("“%(title)s” is cancelled") % {"title": slot.session.title}
    undo = (f"slots/{slot.key}/restore", {"version": done.version})
    return Done(words, slot.key, done.version, undo)


@on_slot
def restore(event: Event, slot: Slot, sent: QueryDict) -> Done:
    done = arranging.restore(slot, version=number(sent, "version"))
    words = _("“%(title)s” takes place") % {"title": slot.session.title}
    undo = (f"slots/{slot.key}/cancel", {"version": done.version})
    return Done(words, slot.key, done.version, undo)


@on_slot
def remove(event: Event, slot: Slot, sent: QueryDict) -> Done:
    """Off the board; it waits in the parking lot, or as `to` says."""
    back = _back(slot)
    card = arranging.take_off(slot, version=number(sent, "version"), to=state(sent))
    words = _("“%(title)s” is off the board") % {"title": card.title}
    undo = (f"cards/{card.key}/place", back | {"version": card.version, "again": "1"})
    return Done(words, card.key, card.version, undo)


def stands(slot: Slot) -> str:
    """ "“Open Data”: 11:45, Room 2", in the active language and the event's zone."""
    words = {
        "title": slot.session.title,
        "time": timezone.localtime(slot.starts_at, slot.event.tz).strftime("%H:%M"),
        "room": slot.room.name if slot.room else _("everywhere"),
    }
    return _("“%(title)s”: %(time)s, %(room)s") % words


def _back(slot: Slot) -> dict[str, Any]:
    """Where it stands now, for whoever brings it back."""
    spot = spot_of(slot)
    minutes = round((spot.ends_at - spot.starts_at).total_seconds() / 60)
    room = spot.room.pk if spot.room is not None else ""
    return {"room": room, "at": spot.starts_at.isoformat(), "minutes": minutes}
