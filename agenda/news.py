"""What is new about a slot, in one line: that it moved, and from where; that it is cancelled."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agenda.models import Event, Slot


def is_new(slot: Slot, event: Event) -> bool:
    """Whether there is something to tell: cancelled, or moved since moves are news."""
    if slot.cancelled:
        return True
    if slot.moved_at is None or slot.was_starts_at is None:
        return False
    return slot.moved_at >= event.news_from


def news(slot: Slot, event: Event) -> str:
    """In the active language and the event's zone; "" if there is nothing new.

    Asks nothing where `was_room` was fetched before (`with_names()`).
    """
    if slot.cancelled:
        return _("is cancelled")
    if slot.was_starts_at is None or not is_new(slot, event):
        return ""
    words = _clocks(slot.starts_at, slot.was_starts_at, event)
    words["room"] = slot.room.name if slot.room else _("everywhere")
    words["old_room"] = slot.was_room.name if slot.was_room else ""
    if slot.room_id == slot.was_room_id:
        return _("now at %(time)s instead of %(old_time)s") % words
    if slot.starts_at != slot.was_starts_at:
        return _("now at %(time)s, %(room)s, instead of %(old_time)s") % words
    if not words["old_room"]:
        return _("now: %(room)s") % words
    return _("now %(room)s instead of %(old_room)s") % words


def _clocks(now: datetime, before: datetime, event: Event) -> dict[str, str]:
    """Both times, with the day of the week if they lie on two days."""
    same_day = event.day_of(now) == event.day_of(before)
    pattern = "H:i" if same_day else "D H:i"
    local = (timezone.localtime(at, event.tz) for at in (now, before))
    return dict(zip(("time", "old_time"), (date_format(at, pattern) for at in local), strict=True))
