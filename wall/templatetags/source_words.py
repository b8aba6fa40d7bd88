"""How late a source is and what it is called, in words. Asks nothing."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wall.source_forms import title_of

register = template.Library()
MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400
ODD_S = 20 * HOUR_S  # nobody's posts travel that long: a clock is wrong


@register.filter
def as_lag(seconds: int) -> str:
    """ "12 seconds", "3 minutes", "5 hours", "2 days", late or early."""
    seconds = abs(seconds)
    if seconds < 2 * MINUTE_S:
        words, count = ngettext("%(count)d second", "%(count)d seconds", seconds), seconds
    elif seconds < 2 * HOUR_S:
        count = seconds // MINUTE_S
        words = ngettext("%(count)d minute", "%(count)d minutes", count)
    elif seconds < 2 * DAY_S:
        count = seconds // HOUR_S
        words = ngettext("%(count)d hour", "%(count)d hours", count)
    else:
        count = seconds // DAY_S
        words = ngettext("%(count)d day", "%(count)d days", count)
    return words % {"count": count}


@register.filter
def is_odd_lag(seconds: int | None) -> bool:
    """Whether the source's clock is more likely wrong than its posts late."""
    return seconds is not None and not 0 <= seconds < ODD_S


@register.filter
def as_kind(adapter: str) -> str:
    return title_of(adapter) if adapter != "demo" else _("Demo")
