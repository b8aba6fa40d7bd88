"""The switch of a barcamp's phases as a topic for its staff: which one it is, and what it means.

Knows no requests; who may switch is asked again by the view.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agenda import phases
from agenda.access import user_of
from agenda.models import Barcamp, Event
from agenda.phases import Deed, Phase
from eventhub.live.fragments import each, fragment
from eventhub.live.topics import Grant, Rendered, Topic, Visitor, registry

# What a phase means for the phones, in the words of whoever switches.
MEANS: dict[str, Promise] = {
    Phase.COLLECT: _(
        "Guests propose sessions and say which ones they would come to. Nobody sees counts yet."
    ),
    Phase.PITCH: _(
        "The screens show who pitches. Guests go on proposing and say which ones they would come "
        "to; counts stay hidden."
    ),
    Phase.BOARD: _(
        "The sessions get their places. Guests see the board grow and star what they want to see; "
        "what is proposed now goes to the parking lot."
    ),
    Phase.RUNNING: _(
        "The sessions take place. Guests find their way on the board; what is proposed now goes "
        "to the parking lot."
    ),
    Phase.CLOSED: _("Guests read what there was. Nothing is proposed or changed any more."),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One segment of the switch."""

    phase: str
    name: str
    means: str
    now: bool


def register() -> None:
    registry.add(Topic("phases", _authorise, _render, _window, asks_database=True))


def steps(barcamp: Barcamp) -> list[Step]:
    """In the active language, in the order of the day."""
    return [
        Step(phase.value, str(phase.label), means(barcamp, phase), phase == barcamp.phase)
        for phase in Phase
    ]


def means(barcamp: Barcamp, phase: str) -> str:
    """What guests may do in `phase`, and hosts, if the organizers let them."""
    words = str(MEANS[phase])
    if barcamp.hosts_place and phases.allows(phase, Deed.PLACE):
        return f"{words} {_('Hosts may place their own sessions.')}"
    return words


def switch(barcamp: Barcamp) -> Rendered:
    """The switch in the active language. No query if the event is there."""
    context = {"event": barcamp.event, "barcamp": barcamp, "steps": steps(barcamp)}
    html = fragment("agenda/_phase.html", barcamp, context, depends_on=(barcamp.event.slug,))
    return Rendered(barcamp.key, barcamp.version, 0, html)


def _authorise(event_id: int, visitor: Visitor) -> Grant | None:
    user = user_of(visitor.cookies)
    if user is None or not Event.objects.pitched_by(user).filter(pk=event_id).exists():
        return None
    return Grant("phases", subject=f"user:{user.pk}")


def _render(
    event_id: int, name: str, kind: str, object_ids: Sequence[int], language: str
) -> Mapping[int, Rendered]:
    if kind != Barcamp.kind:
        return {}
    found = Barcamp.objects.filter(event_id=event_id, pk__in=object_ids).select_related("event")
    return each("phases", found, switch, language)


def _window(event_id: int, name: str, language: str) -> Sequence[Rendered]:
    found = Barcamp.objects.filter(event_id=event_id).select_related("event")
    with translation.override(language):
        return list(each("phases", found, switch, language).values())
