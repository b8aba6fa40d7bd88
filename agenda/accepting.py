"""Place what was suggested, as a whole or card by card. Overwrites nobody.

A suggestion holds nothing back: meanwhile the board goes on, and what no longer fits is refused
with its reason.
"""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from agenda import barcamp
from agenda.barcamp import PlaceTaken
from agenda.clashes import names, people
from agenda.models import Event, Period, Proposal, Room, Slot, Suggestion
from agenda.proposals import ProposalChanged
from agenda.suggesting import Content, State
from agenda.waiting import fits_wish
from eventhub.live.log import changing


class StaleCard(Exception):
    """It cannot be placed as it was suggested; `message` says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def accept(suggestion: Suggestion, key: str | None = None) -> list[Content]:
    """Place one card (its key) or all that are open; those that were not, each with its reason.

    One change for each card, so that one refusal takes none of the others along. What was placed
    meanwhile where it was suggested counts as placed. Harmless when repeated.
    """
    if suggestion.state != State.READY:
        return []
    said = {
        card["key"]: _placed(suggestion.event, card)
        for card in suggestion.content["cards"]
        if card["state"] != "placed" and key in (None, card["key"])
    }
    with changing(suggestion.event_id):  # two helpers may accept at once: neither forgets
        current = Suggestion.objects.filter(pk=suggestion.pk).first()
        if current is not None:
            _note(current, said)
    return [card | {"said": said[card["key"]]} for card in suggestion.content["cards"]
            if said.get(card["key"])]  # fmt: skip


def _note(suggestion: Suggestion, said: dict[str, str]) -> None:
    cards = suggestion.content["cards"]
    for card in cards:
        if card["key"] in said and card["state"] != "placed":
            card["said"] = said[card["key"]]
            card["state"] = "refused" if card["said"] else "placed"
    if all(card["state"] == "placed" for card in cards):
        suggestion.state = State.DONE
    suggestion.save(update_fields=["state", "content"])


def _placed(event: Event, card: Content) -> str:
    """Why it was not placed, "" if it stands there now."""
    try:
        with changing(event):
            _place(event, card)
    except (PlaceTaken, ProposalChanged, StaleCard) as stale:
        return stale.message
    return ""


def _place(event: Event, card: Content) -> None:
    """Under the lock: what is looked at here stays as it is until the card is placed."""
    proposal = Proposal.objects.of(event).filter(key=card["key"]).first()
    if proposal is None:
        raise ProposalChanged(None)
    room = Room.objects.filter(event=event, pk=card["room"], barcamp=True).first()
    period = Period.objects.filter(event=event, pk=card["period"]).first()
    starts_at = datetime.fromisoformat(card["starts_at"])
    ends_at = datetime.fromisoformat(card["ends_at"])
    if room is None or period is None or (period.starts_at, period.ends_at) != (starts_at, ends_at):
        raise StaleCard(_("The rooms or time rows have changed. Ask for a new suggestion."))
    own = proposal.session.slots.all() if proposal.session is not None else ()
    if not any((slot.room_id, slot.starts_at) == (room.pk, starts_at) for slot in own):
        _refuse_new_wishes(proposal, room, starts_at, ends_at)
        _refuse_hosts(event, proposal, starts_at, ends_at)
    barcamp.place(proposal, room, starts_at, ends_at)


def _refuse_new_wishes(
    proposal: Proposal, room: Room, starts_at: datetime, ends_at: datetime
) -> None:
    if starts_at <= timezone.now():
        raise StaleCard(_("This time has begun by now."))
    if not fits_wish(proposal, starts_at, ends_at):
        raise StaleCard(_("Its host wishes another time by now."))
    if proposal.hands is not None and (room.capacity or proposal.hands) < proposal.hands:
        words = _("%(n)d hands were counted by now; %(room)s has %(seats)d seats.")
        raise StaleCard(
            words % {"n": proposal.hands, "room": room.name, "seats": room.capacity or 0}
        )


def _refuse_hosts(event: Event, proposal: Proposal, starts_at: datetime, ends_at: datetime) -> None:
    wanted = names(proposal.host)
    for slot in Slot.objects.of(event).with_names().between(starts_at, ends_at):
        if not slot.cancelled and (busy := people(slot).keys() & wanted.keys()):
            words = _("%(name)s is in “%(title)s” at this time by now.")
            name = wanted[min(busy)]
            raise StaleCard(words % {"name": name, "title": slot.session.title})
