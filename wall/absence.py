"""That nobody is at the desk, as organizers read it: since when, what happens to posts meanwhile.

Reads the rule that the collector has written it into; asks no presence and decides nothing.
"""

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils import timezone, translation

from agenda.models import Event
from eventhub.live.fragments import drawn
from eventhub.live.topics import Rendered
from wall.models import Rule


def on_page(event: Event) -> str:
    """The line in the active language, hidden while somebody is there. One query."""
    rule = _rule_of(event.pk)
    return str(_line(rule).html) if rule is not None else ""


def line_of(event_id: int, language: str) -> Sequence[Rendered]:
    """The line for a topic; nothing for an event without a rule yet."""
    rule = _rule_of(event_id)
    if rule is None:
        return []
    with translation.override(language):
        found = drawn("home", rule, _line)
    return [found] if found is not None else []


def _rule_of(event_id: int) -> Rule | None:
    return Rule.objects.filter(event_id=event_id).select_related("event").first()


def _line(rule: Rule) -> Rendered:
    zone, since = rule.event.tz, rule.empty_since
    today = timezone.now().astimezone(zone).date()
    earlier = since is not None and since.astimezone(zone).date() != today
    context = {"rule": rule, "event": rule.event, "earlier": earlier}
    html = render_to_string("wall/_absence.html", context)
    return Rendered(rule.key, rule.version, 0, html)
