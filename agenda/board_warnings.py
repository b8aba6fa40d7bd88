"""What will not go well on the board: said in words, and blocking nothing. Writes nothing.

A session is big if it is one of the biggest of the board, as many as there are time rows (so many
could each have a row of their own), and draws half as many as the biggest. Who stars a session or
would come to it wishes for it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import combinations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agenda.clashes import Kind as ClashKind
from agenda.clashes import clashes
from agenda.models import Event, Period, Proposal, Room, Slot, Star, Vote
from agenda.room_choice import expected

BIG_FROM = 15  # heads; fewer are nobody's crowd
TORN_FROM = 3  # guests; one or two find a way


class Kind(StrEnum):
    HOST = "host"
    ROOM = "room"
    SMALL = "small"
    WISH = "wish"
    BIG = "big"
    TORN = "torn"


@dataclass(frozen=True, slots=True)
class Warning:
    """One thing that will not go well. `on_cards`: for each slot (its key) what its card says."""

    kind: Kind
    at: datetime
    words: str
    on_cards: Mapping[str, str] = field(default_factory=dict)


def of_board(event: Event) -> list[Warning]:
    """Every warning of the board, in the active language: six queries at most."""
    slots = list(Slot.objects.of(event).select_related("session__proposal", "room").in_order())
    periods = list(Period.objects.filter(event=event))
    return found(event, slots, periods, wishes(event))


def wishes(event: Event) -> dict[int, set[int]]:
    """Session -> the guests who starred it or would come to it, or to what it took in.

    Three queries, two while nobody has voted.
    """
    found: dict[int, set[int]] = {}
    stars = Star.objects.filter(session__event=event).values_list("session_id", "attendee_id")
    for session, attendee in stars:
        found.setdefault(session, set()).add(attendee)
    votes = Vote.objects.filter(proposal__event=event).values_list("proposal_id", "attendee_id")
    if voted := list(votes):
        rows = Proposal.objects.filter(event=event).values_list("pk", "session_id", "merged_into")
        cards = {pk: (session, into) for pk, session, into in rows}
        for proposal, attendee in voted:
            for session in _sessions_of(cards, proposal):
                found.setdefault(session, set()).add(attendee)
    return found


def _sessions_of(
    cards: Mapping[int, tuple[int | None, int | None]], proposal: int
) -> Iterator[int]:
    """The session of a card, and of what the card became part of."""
    at: int | None = proposal
    while at is not None and at in cards:
        session, at = cards[at]
        if session is not None:
            yield session


def found(
    event: Event,
    slots: Iterable[Slot],
    periods: Sequence[Period],
    wished: Mapping[int, Collection[int]],
) -> list[Warning]:
    """By time, the gravest first. `slots` with names and proposals; asks nothing."""
    placed = [slot for slot in slots if not slot.cancelled]
    said = [*_clashes(event, placed), *_too_small(placed), *_wishes(event, placed)]
    for row in _side_by_side(placed, periods):
        said += _big(event, row, _biggest(placed, len(periods)))
        said += _torn(event, row, wished)
    order = list(Kind)
    return sorted(said, key=lambda one: (one.at, order.index(one.kind)))


def _clashes(event: Event, placed: list[Slot]) -> Iterable[Warning]:
    """Of a session with a card: what only concerns the fixed programme is the day grid's."""
    for clash in clashes(placed):
        one, other = clash.one, clash.other
        if _card(one) is None and _card(other) is None:
            continue
        words = {"name": clash.name, "one": one.session.title, "other": other.session.title}
        if clash.kind is ClashKind.ROOM:
            line = _("%(name)s is taken twice: “%(one)s” and “%(other)s”.") % words
            on = _("room taken twice")
            yield Warning(Kind.ROOM, other.starts_at, line, {one.key: on, other.key: on})
            continue
        words |= {"one_room": _room(one.room), "other_room": _room(other.room)}
        line = _(
            "%(name)s is in two places: “%(one)s” (%(one_room)s) and “%(other)s” (%(other_room)s)."
        )
        on_cards = {
            one.key: _("%(name)s is also in “%(other)s”") % words,
            other.key: _("%(name)s is also in “%(one)s”") % words,
        }
        yield Warning(Kind.HOST, other.starts_at, line % words, on_cards)


def _too_small(placed: list[Slot]) -> Iterable[Warning]:
    for slot in placed:
        heads, seats = _heads(slot), slot.room.capacity if slot.room else None
        if heads is None or seats is None or heads <= seats:
            continue
        words = {"title": slot.session.title, "room": _room(slot.room), "seats": seats, "n": heads}
        if _by_hands(slot):
            line = _("%(room)s is too small for “%(title)s”: %(n)d hands, %(seats)d seats.")
            on = _("%(n)d hands, %(seats)d seats")
        else:
            line = _("%(room)s is too small for “%(title)s”: %(n)d would come, %(seats)d seats.")
            on = _("%(n)d would come, %(seats)d seats")
        yield Warning(Kind.SMALL, slot.starts_at, line % words, {slot.key: on % words})


def _wishes(event: Event, placed: list[Slot]) -> Iterable[Warning]:
    for slot in placed:
        card = _card(slot)
        if card is None:
            continue
        words = {"title": slot.session.title}
        if card.not_before is not None and slot.starts_at < card.not_before:
            words["time"] = _clock(event, card.not_before)
            line = _("“%(title)s” should not begin before %(time)s.") % words
            on = _("wished: not before %(time)s") % words
            yield Warning(Kind.WISH, slot.starts_at, line, {slot.key: on})
        if card.not_after is not None and slot.ends_at > card.not_after:
            words["time"] = _clock(event, card.not_after)
            line = _("“%(title)s” should be over by %(time)s.") % words
            on = _("wished: over by %(time)s") % words
            yield Warning(Kind.WISH, slot.starts_at, line, {slot.key: on})


def _side_by_side(placed: list[Slot], periods: Sequence[Period]) -> Iterable[list[Slot]]:
    """The sessions that guests choose between: those of each time row."""
    for period in periods:
        row = [
            slot
            for slot in placed
            if slot.room_id is not None
            and slot.starts_at < period.ends_at
            and slot.ends_at > period.starts_at
        ]
        if len(row) > 1:
            yield row


def _biggest(placed: list[Slot], how_many: int) -> set[int]:
    heads = {slot.session_id: _heads(slot) or 0 for slot in placed}
    least = max([BIG_FROM, *(n / 2 for n in heads.values())])
    crowds = sorted((pk for pk in heads if heads[pk] >= least), key=lambda pk: (-heads[pk], pk))
    return set(crowds[:how_many])


def _big(event: Event, row: list[Slot], biggest: Collection[int]) -> Iterable[Warning]:
    big = [slot for slot in row if slot.session_id in biggest]
    if len({slot.session_id for slot in big}) < 2:
        return
    titles = ", ".join(f"“{slot.session.title}”" for slot in big)
    words = {"time": _clock(event, big[0].starts_at), "titles": titles}
    line = _("At %(time)s the big ones stand side by side: %(titles)s.") % words
    on = _("beside another big one")
    yield Warning(Kind.BIG, big[0].starts_at, line, {slot.key: on for slot in big})


def _torn(event: Event, row: list[Slot], wished: Mapping[int, Collection[int]]) -> list[Warning]:
    """How many guests of one row want to be in two rooms, and between which two most of them."""
    torn: set[int] = set()
    worst: tuple[int, Slot, Slot] | None = None
    for one, other in combinations(row, 2):
        if one.session_id == other.session_id:
            continue
        both = set(wished.get(one.session_id, ())) & set(wished.get(other.session_id, ()))
        torn |= both
        if both and (worst is None or len(both) > worst[0]):
            worst = (len(both), one, other)
    if worst is None or len(torn) < TORN_FROM:
        return []
    most, one, other = worst
    words = {"time": _clock(event, one.starts_at), "n": len(torn), "most": most}
    words |= {"one": one.session.title, "other": other.session.title}
    line = _(
        "At %(time)s %(n)d guests are torn, %(most)d of them between “%(one)s” and “%(other)s”."
    )
    on = ngettext("%(n)d guest also wants “%(title)s”", "%(n)d guests also want “%(title)s”", most)
    on_cards = {
        slot.key: on % {"n": most, "title": rival.session.title}
        for slot, rival in ((one, other), (other, one))
        if most >= TORN_FROM
    }
    return [Warning(Kind.TORN, one.starts_at, line % words, on_cards)]


def _card(slot: Slot) -> Proposal | None:
    found: Proposal | None = getattr(slot.session, "proposal", None)
    return found


def _heads(slot: Slot) -> int | None:
    card = _card(slot)
    return expected(card) if card is not None else None


def _by_hands(slot: Slot) -> bool:
    card = _card(slot)
    return card is not None and card.hands is not None


def _room(room: Room | None) -> str:
    return room.name if room else _("everywhere")


def _clock(event: Event, moment: datetime) -> str:
    return timezone.localtime(moment, event.tz).strftime("%H:%M")
