"""When a projector that is shared with a speaker's laptop changes hands. Pure, from the plan."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from wall.scenes import FOYER, Plan, Scene, Spell

SOON = timedelta(minutes=2)  # so long before it is said that it comes
NOW = timedelta(minutes=1)  # so long it is said that it is time
TOO_SHORT = timedelta(minutes=3)  # for so little nobody reaches for the switch


class Picture(StrEnum):
    """What the projector shows."""

    SLIDES = "slides"  # the speaker's
    EVENTHUB = "eventhub"


class Call(StrEnum):
    """What is said to whoever stands at the switch."""

    LATER = "later"
    SOON = "soon"
    NOW = "now"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Cue:
    """At `at` the projector goes over to `to`. `about`: the slot that ends or begins, by its key.

    Of several at once it is the one whose title stands on the screens; "" if none is known.
    """

    at: datetime
    to: Picture
    about: str = ""

    def call(self, at: datetime) -> Call:
        if at < self.at - SOON:
            return Call.LATER
        if at < self.at:
            return Call.SOON
        return Call.NOW if at < self.at + NOW else Call.OVER


@dataclass(frozen=True, slots=True)
class Cues:
    """What the projector shows by the plan, since when, and each change to come, in order."""

    shows: Picture
    since: datetime
    coming: tuple[Cue, ...] = ()

    @property
    def next(self) -> Cue | None:
        return self.coming[0] if self.coming else None


def cues(plan: Plan, stands: str, at: datetime) -> Cues:
    """Of the place `stands` at `at`. Who speaks until the end keeps the picture until the end."""
    changes = [cue for cue in _changes(plan, stands) if cue.at > at]
    begun = [cue for cue in _changes(plan, stands) if cue.at <= at]
    if begun:
        return Cues(begun[-1].to, begun[-1].at, tuple(changes))
    first = plan.spells_of(stands)[0]
    return Cues(_picture(first, stands), first.at, tuple(changes))


def _picture(spell: Spell, stands: str) -> Picture:
    spoken = spell.scene in (Scene.TALK, Scene.ENDING) and stands != FOYER
    return Picture.SLIDES if spoken else Picture.EVENTHUB


def _changes(plan: Plan, stands: str) -> list[Cue]:
    found: list[Cue] = []
    spells = plan.spells_of(stands)
    shows = _picture(spells[0], stands)
    title = ""
    for spell in spells:
        to = _picture(spell, stands)
        ended, title = title, spell.now[0] if spell.now else ""
        if to == shows:
            continue
        shows = to
        if found and to == Picture.SLIDES and spell.at - found[-1].at < TOO_SHORT:
            found.pop()
            continue
        about = ended if to == Picture.EVENTHUB else title
        found.append(Cue(spell.at, to, about))
    return found
