"""What happens to a proposal when slots of its session are written, by whomever. Knows no verbs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from agenda.models.barcamp import Proposal
from agenda.models.programme import Slot

if TYPE_CHECKING:
    from eventhub.live.log import Log

MANY = 200  # more are not named in one question


def follow_slots(log: "Log", slots: Sequence[Slot]) -> None:
    """Touch the proposals of these slots: they are drawn by whether they are placed.

    What takes place lives: put there or restored, it is no longer taken back, declined or merged.
    """
    found = Proposal.objects.filter(event=log.event_id).exclude(session=None)
    sessions = {slot.session_id for slot in slots}
    taking_place = {slot.session_id for slot in slots if slot.pk is not None and not slot.cancelled}
    for proposal in found.filter(session__in=sessions) if len(sessions) < MANY else found:
        if proposal.session_id not in sessions:
            continue
        card = log.known(proposal)
        if card.session_id in taking_place and card.state not in Proposal.LIVING:
            card.state, card.merged_into = Proposal.State.OPEN, None
        log.touch(card)
