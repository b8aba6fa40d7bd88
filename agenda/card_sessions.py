"""Keep a card and its session alike, whichever of the two is written. Places nothing."""

from collections.abc import Sequence

from agenda.models import Barcamp, Proposal, Session
from agenda.programme import session_changed
from eventhub.live.log import Log


def write_session(log: Log, proposal: Proposal) -> None:
    """Keep the session of a placed proposal as its card is. Nothing if it has none."""
    session = proposal.session
    if session is None:
        return
    now = (proposal.title, proposal.host, proposal.text)
    if (session.title, session.host, session.abstract) != now:
        session.title, session.host, session.abstract = now
        session.save()
        session_changed(session)


def session_of(proposal: Proposal) -> Session:
    """The session that stands on the programme for it, made now; whoever asks saves the link."""
    if proposal.session is None:
        proposal.session = Session.objects.create(
            event_id=proposal.event_id,
            kind=Session.Kind.BARCAMP,
            title=proposal.title,
            host=proposal.host,
            abstract=proposal.text,
        )
    return proposal.session


def follow(log: Log, sessions: Sequence[Session], gone: bool) -> None:
    """Keep cards as their sessions are: renamed elsewhere, or deleted, which declines them."""
    known = {session.pk: session for session in sessions}
    for proposal in Proposal.objects.filter(session__in=list(known)):
        card = log.fresh(proposal)
        session = known[card.session_id or 0]
        if gone:
            card.session = None
            if card.state in Proposal.LIVING:
                card.state = Proposal.State.DECLINED
            leave_stage(log, card)
        else:
            card.title, card.host, card.text = session.title, session.host, session.abstract
        log.touch(card)


def leave_stage(log: Log, proposal: Proposal) -> None:
    barcamp = Barcamp.objects.filter(event_id=proposal.event_id, on_stage=proposal).first()
    if barcamp is not None:
        barcamp = log.fresh(barcamp)
        barcamp.on_stage = barcamp.on_stage_at = None
        log.touch(barcamp)
