"""How the cards of the staff's board are drawn: of a proposal in all its places, and what is none.

A card is drawn once for each version; what changes without one stands in `depends_on`.
"""

from collections.abc import Sequence

from django.db.models import Prefetch, Q
from django.utils.safestring import SafeString

from agenda.models import Proposal, Slot
from agenda.models.barcamp import ProposalQuerySet
from agenda.models.programme import SlotQuerySet
from eventhub.live.fragments import fragment
from eventhub.live.topics import Rendered


def cards_of(event_id: int) -> ProposalQuerySet:
    """What is drawn of proposals: four queries, however many."""
    slots = Slot.objects.select_related("room").order_by("starts_at", "pk")
    return (
        Proposal.objects.filter(event_id=event_id, event__barcamp__isnull=False)
        .select_related("event", "session")
        .prefetch_related(Prefetch("session__slots", slots))
        .in_order()
    )


def others_of(event_id: int) -> Sequence[Slot]:
    """What stands on the board and is no card of it: in its rooms, or everywhere."""
    slots = Slot.objects.filter(event_id=event_id).with_names().select_related("event")
    return list(beside_cards(slots.in_order()))


def beside_cards(slots: SlotQuerySet) -> SlotQuerySet:
    """Those of `slots` that no card of the board belongs to, but its rooms or everybody."""
    return slots.filter(
        Q(room=None) | Q(room__barcamp=True), session__proposal=None, event__barcamp__isnull=False
    )


def places_of(proposal: Proposal) -> list[Slot]:
    """Where it stands, by time. No query after `cards_of`."""
    return list(proposal.session.slots.all()) if proposal.session is not None else []


def version_of(proposal: Proposal) -> int:
    """Whoever has seen it at this version has seen the card and all of its places."""
    return max(proposal.version, *(slot.version for slot in places_of(proposal)), 0)


def card(proposal: Proposal, slot: Slot | None) -> SafeString:
    """The card at one of its places, or where it waits."""
    event = proposal.event
    version = version_of(proposal)
    context = {
        "event": event,
        "card": proposal,
        "slot": slot,
        "version": version,
        "locked": slot is not None and slot.fixed,
    }
    where = (slot.key, slot.room.name if slot.room else "") if slot is not None else ()
    look = (event.zone, event.slug, proposal.votes, version, *where)
    return fragment("agenda/_plan_card.html", proposal, context, depends_on=look)


def is_shown(proposal: Proposal) -> bool:
    return proposal.state in Proposal.LIVING or bool(places_of(proposal))


def on_plan(proposal: Proposal) -> Rendered:
    """All that the board shows of a proposal: a card for each place, or one that waits."""
    version = version_of(proposal)
    if not is_shown(proposal):
        return Rendered(proposal.key, version, proposal.order, None)
    cards = [card(proposal, slot) for slot in places_of(proposal)] or [card(proposal, None)]
    return Rendered(proposal.key, version, proposal.order, _together(proposal.key, cards))


def other_on_plan(slot: Slot) -> Rendered:
    return Rendered(slot.key, slot.version, slot.order, _together(slot.key, [other(slot)]))


def other(slot: Slot) -> SafeString:
    """A slot that is no card: locked, for organizers to move in the day grid."""
    event = slot.event
    context = {"event": event, "slot": slot, "version": slot.version, "locked": True}
    look = (event.zone, event.slug)
    return fragment("agenda/_plan_card.html", slot, context, depends_on=look)


def _together(key: str, cards: Sequence[str]) -> str:
    return f'<div data-key="{key}">{"".join(cards)}</div>'
