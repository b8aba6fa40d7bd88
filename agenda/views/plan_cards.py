"""What staff do with the card of a proposal: an address, a verb, and what takes it back."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from agenda import arranging
from agenda.models import Event, Proposal
from agenda.plan_form import number, spot, state
from agenda.proposals import State
from agenda.views.plan import Done, card_named, on_card, slot_named
from agenda.views.plan_slots import stands


@on_card
def place(event: Event, card: Proposal, sent: QueryDict) -> Done:
    """Into a free cell; what has a place already is repeated there if `again` says so."""
    to = _as_it_waited(card)
    again, version = sent.get("again") == "1", number(sent, "version")
    slot = arranging.place(card, spot(event, sent), version=version, again=again)
    undo = (f"slots/{slot.key}/remove", {"version": slot.version, "to": to})
    return Done(stands(slot), slot.key, slot.version, undo)


@on_card
def exchange(event: Event, card: Proposal, sent: QueryDict) -> Done:
    """A waiting card takes the place of one (`with`) that waits from then on."""
    slot, to = slot_named(event, sent, "with"), _as_it_waited(card)
    other = arranging.proposal_of(slot)
    versions = (number(sent, "version"), number(sent, "with_version"))
    made = arranging.exchange(card, slot, versions=versions, to=state(sent))
    undo: tuple[str, dict[str, Any]] | None = None
    if other is not None:
        form = {"with": made.key, "version": made.version, "with_version": made.version}
        undo = (f"cards/{other.key}/exchange", form | {"to": to})
    return Done(stands(made), made.key, made.version, undo)


@on_card
def put_back(event: Event, card: Proposal, sent: QueryDict) -> Done:
    """Let it wait in the queue or in the parking lot (`to`)."""
    was = card.state
    done = arranging.put_back(card, state(sent), version=number(sent, "version"))
    return _waits(done, was)


@on_card
def decline(event: Event, card: Proposal, sent: QueryDict) -> Done:
    was = card.state
    return _waits(arranging.decline(card, version=number(sent, "version")), was)


@on_card
def merge(event: Event, card: Proposal, sent: QueryDict) -> Done:
    """One session instead of two: this card goes into the one named by `into`."""
    into = card_named(event, sent, "into")
    versions = (number(sent, "version"), number(sent, "into_version"))
    host, to = into.host, _as_it_waited(card)
    gave_place = into.session is None or not into.session.slots.exists()
    gone, merged = arranging.merge(card, into, versions=versions)
    words = _("“%(title)s” is part of “%(other)s” now")
    words %= {"title": gone.title, "other": merged.title}
    seen = max(gone.version, merged.version)
    undo = {"host": host, "gave_place": int(gave_place), "to": to, "version": seen}
    return Done(words, merged.key, merged.version, (f"cards/{gone.key}/part", undo))


@on_card
def part(event: Event, card: Proposal, sent: QueryDict) -> Done:
    """Undo a merge."""
    done = arranging.part(
        card,
        host=sent.get("host", "")[:200],
        gave_place=sent.get("gave_place") == "1",
        to=state(sent),
        version=number(sent, "version"),
    )
    words = _("“%(title)s” stands for itself again") % {"title": done.title}
    return Done(words, done.key, done.version)


def _as_it_waited(card: Proposal) -> str:
    return card.state if card.state in Proposal.LIVING else State.PARKED


def _waits(card: Proposal, was: str) -> Done:
    said = {
        State.OPEN: _("“%(title)s” waits for a place"),
        State.PARKED: _("“%(title)s” is in the parking lot"),
        State.HELD: _("“%(title)s” waits for a look"),
    }
    words = said.get(State(card.state), _("“%(title)s” is declined")) % {"title": card.title}
    undo = None
    if was in Proposal.LIVING and was != card.state:
        undo = (f"cards/{card.key}/back", {"to": was, "version": card.version})
    return Done(words, card.key, card.version, undo)
