"""The fields that schedule.xml and schedule.json share, as frab, pretalx and wafer fill them.

Turns entries of either file into a plan, tolerantly; knows neither XML nor JSON.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from agenda.exchange import frab_times, texts
from agenda.exchange.frab_times import Day
from agenda.exchange.plan import Oddity, Plan, PlannedSession, PlannedSlot, PlannedSpeaker
from agenda.exchange.words import gettext as _

GENERATOR = "Eventhub"
# What neither file has a place for, whoever wrote it. What is cancelled is left out of them.
NEVER_SAID = {"session.hashtag", "slot.fixed", "slot.cancelled"}

_SLUG = re.compile(r"[a-z0-9_]{4,}-[a-z0-9\-_]{4,}")
_OUR_SESSION = re.compile(r"#session-([0-9a-f-]{36})$")
_KINDS = {
    "workshop": re.compile(r"workshop|hands.?on|tutorial|seminar|training", re.IGNORECASE),
    "panel": re.compile(r"panel|podium|discussion|diskussion", re.IGNORECASE),
    "break": re.compile(r"\b(?:break|pause|lunch|dinner|coffee|mittag|kaffee)", re.IGNORECASE),
    "barcamp": re.compile(r"barcamp|unconference", re.IGNORECASE),
}


@dataclass(slots=True)
class Person:
    """`identity`: a code or number of the file's own making."""

    name: str
    identity: str = ""
    guid: str = ""
    organisation: str = ""
    bio: str = ""
    link: str = ""


@dataclass(slots=True)
class Entry:
    """One event of the file, as its texts say; "" where there is nothing."""

    id: str = ""
    guid: str = ""
    code: str = ""
    date: str = ""
    start: str = ""
    end: str = ""
    duration: str = ""
    room: str = ""
    track: str = ""
    type: str = ""
    title: str = ""
    subtitle: str = ""
    abstract: str = ""
    description: str = ""
    language: str = ""
    slug: str = ""
    logo: str = ""
    origin_url: str = ""
    persons: list[Person] = field(default_factory=list)
    links: list[dict[str, str]] = field(default_factory=list)


class Gathering:
    """Takes the entries one after the other; `ours`: we wrote the file ourselves."""

    def __init__(self, plan: Plan, *, zone: str, base_url: str, day_change: str, ours: bool):
        self.plan = plan
        self.zone = ZoneInfo(zone)
        self.base_url = base_url
        self.day_change = day_change
        self.ours = ours
        self.sessions: set[str] = set()
        self.speakers: set[tuple[str, str]] = set()
        self.numbers: set[str] = set()
        self.often: Counter[str] = Counter()
        self.first: dict[str, str] = {}

    def odd(self, where: str, words: str) -> None:
        self.plan.oddities.append(Oddity(where, words))

    def strange(self, where: str, words: str) -> None:
        """Something against the rules of the format that harms nobody: told once, with a count."""
        self.often[words] += 1
        self.first.setdefault(words, where)

    def finish(self) -> Plan:
        """Say what was strange, and what the file was silent about."""
        foreign = {"session.host", *nowhere_said(self.plan)}
        self.plan.silent |= {"session.unplaced"} if self.ours else foreign
        for words, count in self.often.items():
            where = self.first[words]
            self.odd(where if count == 1 else f"{where} (+{count - 1})", words)
        return self.plan

    def take(self, entry: Entry, day: Day) -> None:
        origin = self._origin(entry, day)
        ours = _OUR_SESSION.search(entry.origin_url) if self.ours else None
        session = entry.code or (ours[1] if ours else origin)
        shared = bool(entry.code or ours)
        if not shared or session not in self.sessions:
            self.sessions.add(session)
            guid = ours[1] if ours else entry.guid
            self.plan.sessions.append(self._session(entry, session, guid))
        self._check(entry, origin)
        number = int(entry.id) if entry.id.isascii() and entry.id.isdigit() else None
        if entry.id in self.numbers and not entry.code:
            self.odd(origin, _("The number {id} stands here a second time.").format(id=entry.id))
        self.numbers.add(entry.id)
        if (times := self._times(entry, day, origin)) is None:
            return
        slot = PlannedSlot(origin, session, entry.room, *times, guid=entry.guid, number=number)
        self.plan.slots.append(slot)

    def _origin(self, entry: Entry, day: Day) -> str:
        """By what the file knows this: stable from one edition to the next, if it can be."""
        if not entry.guid:
            self.strange(entry.id or entry.title, _("This has no GUID; its number is taken."))
        if entry.guid or entry.id:
            return entry.guid or entry.id
        origin = f"{entry.title} {entry.date or day.date} {entry.start} {entry.room}"
        self.odd(entry.title, _("This has neither number nor GUID; title and time are taken."))
        return origin

    def _session(self, entry: Entry, origin: str, guid: str) -> PlannedSession:
        plain = (lambda text: text) if self.ours else texts.without_markup
        session = PlannedSession(origin, entry.title, guid)
        session.subtitle = plain(entry.subtitle)
        session.kind = entry.type if self.ours else kind(entry.type)
        session.track = "" if entry.track == "No Track" else entry.track  # wafer's word for none
        session.abstract = plain(entry.abstract)
        session.description = plain(entry.description)
        session.language = entry.language
        session.links = [found for link in entry.links if (found := self._link(link, origin))]
        if self.ours:
            session.host = ", ".join(person.name for person in entry.persons if not person.guid)
        for person in entry.persons:
            if person.guid or not self.ours:
                session.speakers.append(self._speaker(person))
        return session

    def _speaker(self, person: Person) -> str:
        origin = person.identity or person.guid or person.name
        if (origin, person.name) not in self.speakers:
            self.speakers.add((origin, person.name))
            self.plan.speakers.append(
                PlannedSpeaker(
                    origin,
                    person.name,
                    person.guid,
                    person.organisation,
                    person.bio if self.ours else texts.without_markup(person.bio),
                    person.link,
                )
            )
        return origin

    def _link(self, link: dict[str, str], where: str) -> dict[str, str] | None:
        address = link["url"].strip()
        if address and "//" not in address and ":" not in address and self.base_url:
            self.strange(where, _("The address of a link was not complete; it was completed."))
            address = urljoin(self.base_url, address)
        if not texts.web_address(address):
            self.strange(where, _("A link that leads to no web page was left out."))
            return None
        return {"title": link["title"], "url": address}

    def _check(self, entry: Entry, where: str) -> None:
        if entry.logo and not entry.logo.startswith(("http://", "https://")):
            self.strange(where, _("The address of a logo is not complete; it is not needed here."))
        if entry.slug and not _SLUG.fullmatch(entry.slug):
            self.strange(where, _("The short name in addresses is not one; it is not needed here."))

    def _times(self, entry: Entry, day: Day, where: str) -> tuple[datetime, datetime] | None:
        """Aware, or None with a remark if nobody can tell when this begins."""
        start = frab_times.start(entry.date, entry.start, day, self.zone, self.day_change)
        if start is None:
            self.odd(where, _("It is not said when this starts; it was not placed."))
            return None
        if (end := frab_times.moment(entry.end, self.zone)) is not None:
            return start, end
        lasts, is_proper = frab_times.duration(entry.duration)
        if lasts is None:
            self.odd(where, _("It is not said how long this takes; it was not placed."))
            return None
        if not is_proper:
            words = _("The duration “{duration}” was taken for {minutes} minutes.")
            minutes = lasts // timedelta(minutes=1)
            self.odd(where, words.format(duration=entry.duration, minutes=minutes))
        return start, start + lasts


def nowhere_said(plan: Plan) -> set[str]:
    """What not one session of a foreign file says: it knows nothing of that, and clears nothing."""
    fields = ("subtitle", "track", "speakers", "abstract", "description", "language", "links")
    return {
        f"session.{name}"
        for name in fields
        if not any(getattr(session, name) for session in plan.sessions)
    }


def kind(words: str) -> str:
    """One of Session.Kind for what a file calls the type, e.g. "Long talk (45 minutes)"."""
    return next((kind for kind, known in _KINDS.items() if known.search(words)), "talk")
