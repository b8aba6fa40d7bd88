"""The barcamp on phones as a topic for everybody: how far it is, and what was proposed.

What is placed is the programme's. Who proposed, who votes and how many is in none of it, the
latter until the phase shows totals.
"""

from collections.abc import Mapping, Sequence

from agenda import phases
from agenda.models import Barcamp, Event, Proposal
from agenda.models.barcamp import ProposalQuerySet
from eventhub.live.fragments import each, fragment
from eventhub.live.topics import Grant, Rendered, Topic, registry


def register() -> None:
    registry.add(Topic("board", lambda event_id, visitor: Grant("board"), _render, _window))


def _render(
    event_id: int, name: str, kind: str, object_ids: Sequence[int], language: str
) -> Mapping[int, Rendered]:
    if kind == Barcamp.kind:
        return each(name, _barcamps(event_id), lead, language)
    if kind != Proposal.kind:
        return {}
    barcamp = _barcamps(event_id)
    if not barcamp:
        return {}
    cards = waiting(event_id).filter(pk__in=object_ids)
    return each(name, cards, lambda card: on_card(card, barcamp[0]), language)


def _window(event_id: int, name: str, language: str) -> Sequence[Rendered]:
    found = _barcamps(event_id)
    if not found:
        return []
    head = list(each(name, found, lead, language).values())
    cards = waiting(event_id).in_order()
    return head + list(each(name, cards, lambda card: on_card(card, found[0]), language).values())


def _barcamps(event_id: int) -> list[Barcamp]:
    found = Barcamp.objects.filter(event_id=event_id).select_related("event", "on_stage")
    return list(found)


def waiting(event_id: int) -> ProposalQuerySet:
    """What guests read as proposals: public, and without a place yet."""
    return Proposal.objects.filter(event_id=event_id).public().unplaced()


def lead(barcamp: Barcamp) -> Rendered:
    """How far the barcamp is, what may be done now, and why not the rest."""
    stage = barcamp.on_stage
    context = {
        "barcamp": barcamp,
        "event": barcamp.event,
        "phases": _steps(barcamp),
        "stage": stage,
        "reasons": [(deed.value, phases.why_not(deed, barcamp.phase)) for deed in phases.Deed],
    }
    look = (barcamp.event.slug, stage.version if stage is not None else 0)
    html = fragment("agenda/_board_lead.html", barcamp, context, depends_on=look)
    return Rendered(barcamp.key, barcamp.version, 0, html)


def on_card(proposal: Proposal, barcamp: Barcamp) -> Rendered:
    """A proposal as everybody reads it; in the active language."""
    event: Event = barcamp.event
    votes, hands = counts(proposal, barcamp)
    context = {"proposal": proposal, "event": event, "votes": votes, "hands": hands}
    html = fragment(
        "agenda/_board_card.html", proposal, context, depends_on=(event.slug, votes, hands)
    )
    return Rendered(proposal.key, proposal.version, proposal.order, html)


def counts(proposal: Proposal, barcamp: Barcamp) -> tuple[int | None, int | None]:
    """Votes and hands as the public may know them: None while people decide, or for good."""
    if not phases.shows_totals(barcamp.phase):
        return None, None
    return proposal.votes, proposal.hands if barcamp.hands_public else None


def _steps(barcamp: Barcamp) -> list[dict[str, object]]:
    """The way of a barcamp, and where it is."""
    at = list(Barcamp.Phase).index(Barcamp.Phase(barcamp.phase))
    return [
        {"phase": phase, "now": number == at, "past": number < at}
        for number, phase in enumerate(Barcamp.Phase)
    ]
