"""Change how an event's posts are let onto the wall, and take that back. Knows no requests."""

from dataclasses import asdict, dataclass

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agenda.models import Event, User
from eventhub.live.log import Log, changing
from wall import actions, rules
from wall.models import Action, Rule


@dataclass(frozen=True, slots=True)
class Wish:
    """How the rule shall be; None leaves what is there."""

    mode: Rule.Mode | None = None
    delay_s: int | None = None
    fallback: Rule.Fallback | None = None
    hold_first: bool | None = None


class RuleChanged(Exception):
    """Somebody has changed the rules since they were looked at."""

    def __init__(self) -> None:
        self.message = _(
            "Somebody has changed the rules in the meantime. This is how they are now."
        )
        super().__init__(self.message)


def set_rule(
    event: Event, wish: Wish, *, by: User | None, seen: Wish | None = None
) -> Action | None:
    """From now on new posts are treated so; what waits keeps waiting. None if it was so already.

    `seen`: how it stood on the page. What is wished as it was seen stays what it is now;
    RuleChanged if something else is wished for what a colleague has changed since.
    """
    with changing(event) as log:
        rule = log.fresh(rules.of(log, event))
        wanted = {name: value for name, value in asdict(wish).items() if value is not None}
        known = asdict(seen) if seen is not None else {}
        wanted = {name: value for name, value in wanted.items() if value != known.get(name)}
        before = {name: getattr(rule, name) for name in wanted}
        changed = {name: value for name, value in wanted.items() if value != before[name]}
        if not changed:
            return None
        if any(before[name] != known.get(name, before[name]) for name in changed):
            raise RuleChanged
        _write(log, rule, changed)
        with translation.override(event.language):
            about = ", ".join(_in_words(rule, name) for name in changed)
        undo = {"before": {name: before[name] for name in changed}, "after": changed}
        return actions.record(log, "set_rule", by=by, about=about, undo=undo)


def take_back(action: Action, *, by: User | None) -> None:
    """What this deed has changed and nobody has changed since is as it was."""
    known = action.undo
    with changing(action.event_id) as log:
        rule = Rule.objects.filter(event_id=action.event_id).first()
        if rule is None:
            return
        rule = log.fresh(rule)
        left = [name for name, value in known["after"].items() if getattr(rule, name) == value]
        _write(log, rule, {name: known["before"][name] for name in left})


def _write(log: Log, rule: Rule, values: dict[str, object]) -> None:
    for name, value in values.items():
        setattr(rule, name, value)
    if values:
        log.touch(rule)


def _in_words(rule: Rule, name: str) -> str:
    match name:
        case "mode":
            return str(rule.get_mode_display())
        case "fallback":
            return _("with nobody at the desk: %(what)s") % {"what": rule.get_fallback_display()}
        case "delay_s":
            return ngettext("%(n)d second", "%(n)d seconds", rule.delay_s) % {"n": rule.delay_s}
    if rule.hold_first:
        return _("the first post of somebody unknown waits")
    return _("the first post of somebody unknown does not wait")
