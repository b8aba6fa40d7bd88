"""What a file says of barcamp sessions is left aside: their cards and the board are the truth.

Knows them by guid, and where a format has none by title and time. Compares nothing else.
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from agenda.exchange import texts
from agenda.exchange.matching import Existing
from agenda.exchange.plan import Plan

Spot = tuple[str, datetime]


def leave_aside(plan: Plan, existing: Existing) -> Plan:
    """`plan` without what is a card here, and without those who only speak there."""
    if not existing.cards:
        return plan
    cards = _in(plan, existing)
    there = [session for session in plan.sessions if session.origin not in cards]
    gone = {name for one in plan.sessions if one.origin in cards for name in one.speakers}
    gone -= {name for session in there for name in session.speakers}
    return replace(
        plan,
        sessions=there,
        slots=[slot for slot in plan.slots if slot.session not in cards],
        speakers=[speaker for speaker in plan.speakers if speaker.origin not in gone],
    )


def _in(plan: Plan, existing: Existing) -> set[str]:
    """What the file calls the sessions that are cards."""
    sessions = {row.pk: row for row in existing.sessions if row.pk in existing.cards}
    slots = [row for row in existing.slots if row.session_id in sessions]
    guids = {row.guid for row in sessions.values()} | {row.guid for row in slots}
    spots: set[Spot] = {
        (texts.line(sessions[row.session_id].title).casefold(), row.starts_at) for row in slots
    }
    titles = {session.origin: session.title.casefold() for session in plan.sessions}
    found = {one.origin for one in plan.sessions if one.guid and UUID(one.guid) in guids}
    for slot in plan.slots:
        known = bool(slot.guid) and UUID(slot.guid) in guids
        if known or (titles.get(slot.session, ""), slot.starts_at) in spots:
            found.add(slot.session)
    return found
