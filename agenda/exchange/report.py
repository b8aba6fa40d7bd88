"""What an import found, would do or did, for the person who handed in the file. Decides nothing."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agenda.exchange.difference import Difference
from agenda.exchange.plan import Oddity, PlannedSlot
from agenda.models import Event, Slot

MAX_ENTRIES = 300  # of new, changed and gone things each; the counts are complete


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing by its name. `fields` are the words for what changes of it."""

    kind: str  # "session", "slot", "room", "track", "speaker"
    name: str
    where: str = ""  # time and room
    fields: tuple[str, ...] = ()


@dataclass(slots=True)
class Report:
    """`counts`: of every kind how many are new, changed, gone and kept though in no file."""

    format: str = ""
    written: bool = False
    refused: str = ""  # why nothing could be read
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    new: list[Entry] = field(default_factory=list)
    changed: list[Entry] = field(default_factory=list)
    gone: list[Entry] = field(default_factory=list)
    kept: list[Entry] = field(default_factory=list)
    oddities: list[Oddity] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether something changes."""
        return any(one[key] for one in self.counts.values() for key in ("new", "changed", "gone"))

    def as_json(self) -> dict[str, Any]:
        """For `Upload.report`; a list of its names and counts, never more than some 100 KB."""
        return asdict(self)

    def lines(self) -> Iterator[str]:
        """For a terminal: what changes, then what was odd."""
        if self.refused:
            yield self.refused
            return
        signs = (("+", self.new), ("~", self.changed), ("-", self.gone), ("=", self.kept))
        for sign, entries in signs:
            for entry in entries:
                about = ", ".join(filter(None, [entry.where, *entry.fields]))
                yield f"{sign} {entry.name}" + (f" ({about})" if about else "")
        for oddity in self.oddities:
            yield f"! {oddity.where}: {oddity.words}" if oddity.where else f"! {oddity.words}"
        yield self.summary()

    def summary(self) -> str:
        """One line: "12 sessions new, 3 changed, 1 gone; 2 remarks"."""
        sessions = self.counts.get("sessions", Counter())
        slots = self.counts.get("slots", Counter())
        words = [
            _("sessions: %(new)d new, %(changed)d changed, %(gone)d gone") % _three(sessions),
            _("times: %(new)d new, %(changed)d changed, %(gone)d gone") % _three(slots),
        ]
        if self.oddities:
            count = len(self.oddities)
            words.append(
                ngettext("%(count)d remark", "%(count)d remarks", count) % {"count": count}
            )
        return "; ".join(words)


def _three(counts: dict[str, int]) -> dict[str, int]:
    return {key: counts.get(key, 0) for key in ("new", "changed", "gone")}


def describe(event: Event, difference: Difference) -> Report:
    """The report of a difference, in the active language and the event's zone."""
    plan = difference.plan
    report = Report(plan.format, oddities=list(plan.oddities))
    for kind, part in difference.parts().items():
        report.counts[kind] = {
            "new": len(part.new),
            "changed": len(part.changed),
            "gone": len(part.gone),
            "kept": len(part.kept),
        }
    _sessions(event, difference, report)
    _slots(event, difference, report)
    for kind in ("rooms", "tracks", "speakers"):
        part, one = difference.parts()[kind], kind[:-1]
        report.new += [Entry(one, entry.name) for entry in part.new]
        report.changed += [
            Entry(one, changed.row.name, fields=_fields(changed.values)) for changed in part.changed
        ]
        report.gone += [Entry(one, row.name) for row in part.gone]
    for entries in (report.new, report.changed, report.gone, report.kept):
        del entries[MAX_ENTRIES:]
    _look_outside(event, difference, report)
    return report


def _sessions(event: Event, difference: Difference, report: Report) -> None:
    """A session that is new or goes stands there with its first place."""
    planned = {slot.session: slot for slot in reversed(difference.plan.slots)}
    placed = {slot.session_id: slot for slot in reversed(difference.existing.slots)}
    part = difference.sessions
    rooms = {room.pk: room.name for room in difference.existing.rooms}
    for entry in part.new:
        slot = planned.get(entry.origin)
        where = _where(event, slot, slot.room) if slot else ""
        report.new.append(Entry("session", entry.title, where))
    for changed in part.changed:
        report.changed.append(Entry("session", changed.row.title, fields=_fields(changed.values)))
    for rows, entries in ((part.gone, report.gone), (part.kept, report.kept)):
        for row in rows:
            there = placed.get(row.pk)
            where = _where(event, there, rooms.get(there.room_id or 0, "")) if there else ""
            entries.append(Entry("session", row.title, where))


def _slots(event: Event, difference: Difference, report: Report) -> None:
    """Slots of sessions that are new or go are told with them."""
    existing, part = difference.existing, difference.slots
    titles = {session.pk: session.title for session in existing.sessions}
    new_titles = {s.origin: s.title for s in difference.plan.sessions}
    rooms = {room.pk: room.name for room in existing.rooms}
    told = {session.origin for session in difference.sessions.new}
    going = {session.pk for session in difference.sessions.gone}
    report.new += [
        Entry("slot", new_titles[slot.session], _where(event, slot, slot.room))
        for slot in part.new
        if slot.session not in told
    ]
    report.changed += [
        Entry(
            "slot",
            titles[changed.row.session_id],
            _where(event, changed.planned, changed.planned.room),
            _fields(changed.values),
        )
        for changed in part.changed
    ]
    report.gone += [
        Entry("slot", titles[row.session_id], _where(event, row, rooms.get(row.room_id or 0, "")))
        for row in part.gone
        if row.session_id not in going
    ]


def _where(event: Event, slot: PlannedSlot | Slot, room: str) -> str:
    start = timezone.localtime(slot.starts_at, event.tz)
    return ", ".join(filter(None, [f"{start:%Y-%m-%d %H:%M}", room]))


def _look_outside(event: Event, difference: Difference, report: Report) -> None:
    count = sum(
        slot.starts_at < event.starts_at or slot.ends_at > event.ends_at
        for slot in difference.plan.slots
    )
    if count:
        words = ngettext(
            "%(count)d session lies outside the days of the event.",
            "%(count)d sessions lie outside the days of the event.",
            count,
        )
        report.oddities.append(Oddity("", words % {"count": count}))


def _fields(values: dict[str, Any]) -> tuple[str, ...]:
    words = {
        "name": _("name"),
        "where": _("where it is"),
        "capacity": _("seats"),
        "colour": _("colour"),
        "organisation": _("organisation"),
        "bio": _("about"),
        "link": _("address of a page"),
        "title": _("title"),
        "subtitle": _("subtitle"),
        "kind": _("kind"),
        "host": _("host"),
        "abstract": _("abstract"),
        "description": _("description"),
        "language": _("language"),
        "hashtag": _("hashtag"),
        "links": _("links"),
        "track": _("track"),
        "speakers": _("speakers"),
        "starts_at": _("starts"),
        "ends_at": _("ends"),
        "cancelled": _("cancelled"),
        "fixed": _("fixed"),
        "session": _("session"),
        "room": _("room"),
    }
    return tuple(words[key] for key in words if key in values)
