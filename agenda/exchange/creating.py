"""Make the event that a file is about: its name, days and zone. Knows no format."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.text import slugify
from django.utils.translation import gettext as _

from agenda.exchange.plan import Plan, UnreadableError
from agenda.models import Event
from agenda.models.event import RESERVED

DOORS_OPEN, DOORS_CLOSE = time(9), time(18)  # of a day of which the file says no hour
LONGEST_DAYS = 60  # from the first to the last; a year off is a mistake in one line


def create_event(plan: Plan, **fields: Any) -> Event:
    """The event alone, without its programme; `fields` say more or otherwise than the file.

    UnreadableError if neither says a name and days; ValidationError if a field cannot be so.
    """
    zone = fields.get("zone") or plan.event.zone or Event._meta.get_field("zone").default
    said: dict[str, Any] = {
        "name": plan.event.name,
        "place": plan.event.place,
        "hashtag": plan.event.hashtag,
        "zone": zone,
        **fields,
    }
    if not said["name"]:
        raise UnreadableError(_("The file does not say what the event is called."))
    if not {"starts_at", "ends_at"} <= said.keys():
        first, last = frame(plan, ZoneInfo(zone))
        said = {"starts_at": first, "ends_at": last} | said
    said.setdefault("slug", free_slug(said["name"]))
    event = Event(**said)
    event.full_clean()
    event.save()
    return event


def frame(plan: Plan, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """[start, end) of the event in UTC, by its sessions and, if the file has them, its days."""
    starts = [slot.starts_at for slot in plan.slots]
    ends = [slot.ends_at for slot in plan.slots]
    if day := plan.event.first_day:
        first = datetime.combine(day, DOORS_OPEN, zone)
        if all(start.astimezone(zone).date() > day for start in starts):
            starts.append(first)
    if day := plan.event.last_day or plan.event.first_day:
        last = datetime.combine(day, DOORS_CLOSE, zone)
        if all(end.astimezone(zone).date() < day for end in ends):
            ends.append(last)
    if not starts or not ends:
        raise UnreadableError(_("The file does not say on which days the event is."))
    first, last = min(starts).astimezone(UTC), max(ends).astimezone(UTC)
    if last - first > timedelta(days=LONGEST_DAYS):
        raise UnreadableError(
            _("The sessions of the file lie more than {count} days apart.").format(
                count=LONGEST_DAYS
            )
        )
    return first, last


def free_slug(name: str) -> str:
    """An address that no event has: "bits-und-baeume-2", say."""
    german = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
    stem = slugify(name.lower().translate(german))[:40].strip("-") or "event"
    taken = {*RESERVED, *Event.objects.filter(slug__startswith=stem).values_list("slug", flat=True)}
    slug, number = stem, 1
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug
