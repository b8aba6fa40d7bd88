"""Make a plan fit our tables, and say what was mended. Whatever comes out can be stored as it is.

Knows no format and no database. Refuses only what is too much.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from agenda.exchange import identities, texts
from agenda.exchange.identities import MAX_NUMBER
from agenda.exchange.plan import (
    Oddity,
    Plan,
    PlannedRoom,
    PlannedSession,
    PlannedSlot,
    PlannedSpeaker,
    PlannedTrack,
    UnreadableError,
)
from agenda.exchange.words import gettext as _
from eventhub.zones import known_zones

KINDS = ("talk", "panel", "workshop", "break", "barcamp")
MAX_TEXT_CHARS = 50_000
MAX_ROOMS = 500
MAX_TRACKS = 1000
MAX_LINKS = 30
MAX_SPEAKERS = 100  # of one session
MAX_ODDITIES = 300
LONGEST = timedelta(days=14)
YEARS = range(1970, 2200)


@dataclass
class _Notes:
    """What was odd, in the order in which it was met; many alike are counted, not listed."""

    oddities: list[Oddity] = field(default_factory=list)
    more: int = 0

    def __call__(self, where: str, words: str) -> None:
        if len(self.oddities) < MAX_ODDITIES:
            self.oddities.append(Oddity(texts.line(where)[:80], texts.line(words)[:400]))
        else:
            self.more += 1


def tidy(plan: Plan, *, max_sessions: int) -> Plan:
    """`plan` itself, mended. UnreadableError if it holds more than an event can."""
    _count(plan, max_sessions)
    notes = _Notes()
    for oddity in plan.oddities:
        notes(oddity.where, oddity.words)
    _event(plan, notes)
    tracks = _tracks(plan, notes)
    rooms = _rooms(plan, notes)
    plan.speakers = _speakers(plan, notes)
    plan.sessions = [s for s in plan.sessions if _session(s, tracks, notes)]
    plan.slots = [slot for slot in plan.slots if _slot(slot, rooms, notes)]
    identities.part(plan)
    plan.sessions = identities.once(plan.sessions, notes)
    _appearances(plan, notes)
    plan.slots = identities.once(_placed(plan, notes), notes, tell=False)
    identities.number(plan.slots)
    if not plan.sessions:
        # Else a file that lost its content would empty a whole programme.
        raise UnreadableError(_("There is no session in the file."))
    plan.oddities = notes.oddities
    if notes.more:
        words = _("{count} more remarks of this kind are left out.").format(count=notes.more)
        plan.oddities.append(Oddity("", words))
    return plan


def _count(plan: Plan, max_sessions: int) -> None:
    """Before anything is looked at: what is too much is not worth a look."""
    if len(plan.sessions) > max_sessions or len(plan.slots) > 2 * max_sessions:
        raise UnreadableError(
            _("The file has {count} sessions; at most {most} can be imported.").format(
                count=max(len(plan.sessions), len(plan.slots)), most=max_sessions
            )
        )
    if len(plan.speakers) > 4 * max_sessions:
        raise UnreadableError(_("The file names too many people."))
    if len(plan.rooms) > MAX_ROOMS or len(plan.tracks) > MAX_TRACKS:
        raise UnreadableError(_("The file has too many rooms or tracks."))


def _event(plan: Plan, notes: _Notes) -> None:
    event = plan.event
    event.name = texts.clip(texts.line(event.name), 120)
    event.place = texts.clip(texts.line(event.place), 120)
    event.hashtag = texts.hashtag(event.hashtag)
    if event.zone and event.zone not in known_zones():
        notes(event.zone, _("This time zone is not known; the event's own is taken."))
        event.zone = ""
    if event.first_day and event.last_day and event.last_day < event.first_day:
        notes(event.name, _("The last day is before the first one; the sessions' days are taken."))
        event.first_day = event.last_day = None


def _tracks(plan: Plan, notes: _Notes) -> dict[str, str]:
    """The tracks' names as they are stored, by how the file has them; each track once."""
    kept: dict[str, PlannedTrack] = {}
    names: dict[str, str] = {}
    for track in [*plan.tracks, *(PlannedTrack(s.track) for s in plan.sessions if s.track)]:
        name = texts.clip(texts.line(track.name), 80)
        names[track.name] = name
        if name and name not in kept:
            colour = track.colour.lower()
            if colour and not texts.is_colour(colour):
                notes(name, _("The colour of this track is not one; it stays without."))
                colour = ""
            kept[name] = PlannedTrack(name, colour)
    plan.tracks = [*kept.values()]
    return names


def _rooms(plan: Plan, notes: _Notes) -> dict[str, str]:
    """As `_tracks`, for rooms; those that only a slot names are added."""
    kept: dict[str, PlannedRoom] = {}
    names: dict[str, str] = {}
    guids: set[str] = set()
    for room in [*plan.rooms, *(PlannedRoom(slot.room) for slot in plan.slots if slot.room)]:
        name = texts.clip(texts.line(room.name), 60)
        names[room.name] = name
        if not name or name in kept:
            continue
        room.name, room.where = name, texts.clip(texts.line(room.where), 120)
        if room.capacity is not None and not 0 < room.capacity <= MAX_NUMBER:
            room.capacity = None
        room.guid = identities.guid(room.guid, name, guids, notes)
        kept[name] = room
    plan.rooms = [*kept.values()]
    if len(plan.rooms) > MAX_ROOMS:
        raise UnreadableError(_("The file has too many rooms or tracks."))
    return names


def _speakers(plan: Plan, notes: _Notes) -> list[PlannedSpeaker]:
    """Each once: many formats name a person anew in each of their sessions."""
    kept = {(s.origin, s.name): s for s in reversed(plan.speakers) if _speaker(s, notes)}
    return identities.once([*reversed(kept.values())], notes)


def _speaker(speaker: PlannedSpeaker, notes: _Notes) -> bool:
    speaker.origin = texts.identity(speaker.origin or speaker.name)
    speaker.name = texts.clip(texts.line(speaker.name), 120)
    speaker.organisation = texts.clip(texts.line(speaker.organisation), 120)
    speaker.bio = texts.clip(texts.text(speaker.bio), MAX_TEXT_CHARS)
    speaker.link = texts.web_address(speaker.link)
    if not speaker.name:
        notes(speaker.origin, _("Somebody without a name was left out."))
    return bool(speaker.name)


def _session(session: PlannedSession, tracks: dict[str, str], notes: _Notes) -> bool:
    title = texts.line(session.title)
    session.origin = texts.identity(session.origin or title)
    if not title:
        notes(session.origin, _("A session without a title was left out."))
        return False
    session.title = texts.clip(title, 200)
    if session.title != title:
        notes(session.origin, _("The title is too long; it was shortened."))
    session.subtitle = texts.clip(texts.line(session.subtitle), 200)
    session.host = texts.clip(texts.line(session.host), 200)
    session.abstract = texts.clip(texts.text(session.abstract), MAX_TEXT_CHARS)
    session.description = texts.clip(texts.text(session.description), MAX_TEXT_CHARS)
    session.language = texts.language(session.language)
    session.hashtag = texts.hashtag(session.hashtag)
    session.kind = session.kind if session.kind in KINDS else "talk"
    session.track = tracks.get(session.track, "")
    links = [texts.link(link) for link in session.links[:MAX_LINKS]]
    session.links = [link for link in links if link]
    if len(session.links) < len(links):
        notes(session.origin, _("A link that leads to no web page was left out."))
    return True


def _slot(slot: PlannedSlot, rooms: dict[str, str], notes: _Notes) -> bool:
    slot.origin = texts.identity(slot.origin or slot.session)
    slot.session = texts.identity(slot.session)
    slot.room = rooms.get(slot.room, "")
    slot.sequence = slot.sequence if 0 <= slot.sequence <= MAX_NUMBER else 0
    if slot.starts_at.tzinfo is None or slot.ends_at.tzinfo is None:
        raise UnreadableError(_("The file has times without a time zone."))
    if slot.ends_at <= slot.starts_at:
        notes(slot.origin, _("This ends before it starts; it was not placed in the programme."))
        return False
    if slot.ends_at - slot.starts_at > LONGEST or slot.starts_at.year not in YEARS:
        notes(slot.origin, _("This time cannot be right; it was not placed in the programme."))
        return False
    return True


def _placed(plan: Plan, notes: _Notes) -> list[PlannedSlot]:
    sessions = {session.origin for session in plan.sessions}
    placed = []
    for slot in plan.slots:
        if slot.session in sessions:
            placed.append(slot)
        else:
            notes(slot.origin, _("A time without a session was left out."))
    return placed


def _appearances(plan: Plan, notes: _Notes) -> None:
    known = {speaker.origin for speaker in plan.speakers}
    for session in plan.sessions:
        wanted = [*dict.fromkeys(texts.identity(origin) for origin in session.speakers)]
        session.speakers = [origin for origin in wanted if origin in known][:MAX_SPEAKERS]
        if len(session.speakers) < len(wanted):
            notes(session.origin, _("Somebody who speaks here is not in the file's list."))
