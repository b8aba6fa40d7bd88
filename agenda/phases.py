"""What may be done in which phase of a barcamp, and why not in another. Decides nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agenda.models import Barcamp, Event
from eventhub.live.log import Log, changing

Phase = Barcamp.Phase


class Deed(StrEnum):
    """What guests do with their phones; helpers may do all of it until the barcamp is closed."""

    PROPOSE = "propose"
    CORRECT = "correct"  # title, text, hosts, wishes of one's own
    WITHDRAW = "withdraw"
    VOTE = "vote"
    PLACE = "place"  # one's own, where the organizer allows it


ALLOWED: dict[str, frozenset[Deed]] = {
    Phase.COLLECT: frozenset({Deed.PROPOSE, Deed.CORRECT, Deed.WITHDRAW, Deed.VOTE}),
    Phase.PITCH: frozenset({Deed.PROPOSE, Deed.CORRECT, Deed.WITHDRAW, Deed.VOTE}),
    # The grid has gaps, and somebody always has one more idea: it goes to the parking lot.
    Phase.BOARD: frozenset({Deed.PROPOSE, Deed.CORRECT, Deed.WITHDRAW, Deed.PLACE}),
    Phase.RUNNING: frozenset({Deed.PROPOSE, Deed.CORRECT, Deed.WITHDRAW, Deed.PLACE}),
    Phase.CLOSED: frozenset(),
}
_EARLY: dict[Deed, Promise | str] = {
    Deed.PLACE: _("Sessions get their places after the pitches."),
}
_LATE: dict[Deed, Promise | str] = {
    Deed.PROPOSE: _("The barcamp is over, nothing can be proposed any more."),
    Deed.CORRECT: _("The barcamp is over, nothing can be changed any more."),
    Deed.WITHDRAW: _("The barcamp is over, nothing can be changed any more."),
    Deed.VOTE: _("The sessions are chosen. Star on the board where you want to go."),
    Deed.PLACE: _("The barcamp is over, nothing can be changed any more."),
}


class NotNow(Exception):
    """The phase does not allow it (any more); `message` says why in one sentence."""

    def __init__(self, deed: Deed, phase: str) -> None:
        super().__init__(f"{deed} in {phase}")
        self.deed = deed
        self.phase = phase

    @property
    def message(self) -> str:
        return why_not(self.deed, self.phase)


class PhaseChanged(Exception):
    """Somebody else has switched meanwhile; `barcamp` is as it is now."""

    def __init__(self, barcamp: Barcamp) -> None:
        super().__init__(barcamp.phase)
        self.barcamp = barcamp

    @property
    def message(self) -> str:
        words = _("Somebody was faster: it is “%(phase)s” by now.")
        return str(words) % {"phase": self.barcamp.get_phase_display()}


def allows(phase: str, deed: Deed) -> bool:
    return deed in ALLOWED[phase]


def why_not(deed: Deed, phase: str) -> str:
    """Why `deed` is not for guests in `phase`, in the active language; "" if it is."""
    if allows(phase, deed):
        return ""
    early = phase in (Phase.COLLECT, Phase.PITCH)
    return str(_EARLY[deed] if early and deed in _EARLY else _LATE[deed])


def shows_totals(phase: str) -> bool:
    """Whether guests may read how many would come: not while people still decide."""
    return phase not in (Phase.COLLECT, Phase.PITCH)


def require(barcamp: Barcamp, deed: Deed) -> None:
    """Raises NotNow; asked inside the open log, so that the phase stays what it is."""
    if not allows(barcamp.phase, deed):
        raise NotNow(deed, barcamp.phase)


def enter(event: Event, phase: str, *, seen: str | None = None) -> Barcamp:
    """Everybody goes on to `phase`, or back to it. Leaving the pitches clears the stage.

    `seen`: which phase the person saw; PhaseChanged if it is another by now, and not the wanted
    one. Raises ValueError for what is no phase, Barcamp.DoesNotExist without a barcamp.
    """
    from agenda import votes  # which asks here what it may

    chosen = Phase(phase)
    with changing(event) as log:
        barcamp = log.fresh(Barcamp.objects.get(event=event))
        if barcamp.phase != chosen:
            if seen is not None and barcamp.phase != seen:
                raise PhaseChanged(barcamp)
            shown, barcamp.phase = shows_totals(barcamp.phase), chosen
            if chosen != Phase.PITCH:
                barcamp.on_stage = barcamp.on_stage_at = None
            log.touch(barcamp)
            if shows_totals(chosen) != shown:
                votes.show_anew(log)
    return barcamp


@contextmanager
def helping(event: Event) -> Iterator[Log]:
    """The open log for what helpers do: everything, until the barcamp is closed (NotNow)."""
    with changing(event) as log:
        if Barcamp.objects.filter(event=event, phase=Phase.CLOSED).exists():
            raise NotNow(Deed.CORRECT, Phase.CLOSED)
        yield log
