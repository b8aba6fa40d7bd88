"""The page on which organizers say how posts get onto the wall, and which words wait."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from agenda.access import guards_itself
from agenda.middleware import EventRequest
from agenda.models import Event
from agenda.views import page_context
from agenda.views.doors import organized
from eventhub.http import Buckets, slow_down
from eventhub.live import reading
from wall import listing, moderation, ruling, standings
from wall.listing import WordRefused
from wall.models import Listed, Rule
from wall.rule_form import RuleForm
from wall.ruling import RuleChanged

_per_person = Buckets(at_once=30, per_second=2)
_AGAIN = gettext_lazy("Please load the page again.")


@guards_itself
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: EventRequest, slug: str) -> HttpResponse:
    event = organized(request)
    if request.method != "POST":
        return _page(request, event)
    if wait_s := _per_person.take(f"{event.pk}:{request.user.pk}"):
        return slow_down(request, wait_s)
    form = RuleForm(request.POST)
    if not form.is_valid():
        problem = str(form.errors["delay_s"][0] if "delay_s" in form.errors else _AGAIN)
        return _page(request, event, problem=problem, status=422)
    try:
        ruling.set_rule(event, form.wish(), by=request.user, seen=form.seen())
    except RuleChanged as conflict:
        return _page(request, event, problem=conflict.message, status=409)
    return redirect(f"/{slug}/home/rules/?saved=1")


@guards_itself
@login_required
@require_POST
def add(request: EventRequest, slug: str, what: str) -> HttpResponse:
    """A word that makes posts wait, or a server of which nothing is shown."""
    event = organized(request)
    if wait_s := _per_person.take(f"{event.pk}:{request.user.pk}"):
        return slow_down(request, wait_s)
    written = request.POST.get("written", "")
    try:
        if what == "words":
            listing.add_word(event, written, by=request.user)
        else:
            standings.block_server(event, written[:300], by=request.user)
    except WordRefused as refused:
        return _page(request, event, words_problem=refused.message, status=422)
    except ValueError:
        problem = _("That is not the name of a server. Write it like this: social.example")
        return _page(request, event, servers_problem=problem, status=422)
    return redirect(f"/{slug}/home/rules/#{what}")


@guards_itself
@login_required
@require_POST
def strike(request: EventRequest, slug: str, number: int) -> HttpResponse:
    event = organized(request)
    row = Listed.objects.filter(event=event, pk=number).first()
    if row is not None:
        listing.strike(row, by=request.user)
    where = "servers" if row is not None and row.what == Listed.What.SERVER else "words"
    return redirect(f"/{slug}/home/rules/#{where}")


def _page(
    request: EventRequest, event: Event, *, status: int = 200, **problems: str
) -> HttpResponse:
    """How it is now; log first, rows second."""
    rule = moderation.rule_for_page(event)
    cursor = reading.position(event.pk)
    listed = Listed.objects.filter(event=event).order_by("folded")
    context = page_context(request) | {
        "cursor": cursor,
        "rule": rule,
        "modes": _modes(rule),
        "fallbacks": _fallbacks(rule),
        "words": [row for row in listed if row.what == Listed.What.WORD],
        "servers": [row for row in listed if row.what == Listed.What.SERVER],
        "saved": request.method != "POST" and "saved" in request.GET,
    }
    return render(request, "wall/rules.html", context | problems, status=status)


def _modes(rule: Rule) -> list[tuple[str, str, str, bool]]:
    """(value, name, in plain words, whether it is so)."""
    said = {
        Rule.Mode.FREE: _("Posts stand on the wall at once. Listed words and photos still wait."),
        Rule.Mode.DELAYED: _(
            "What is clean is shown by itself after a moment, unless somebody stops it. "
            "Links, photos, listed words and names like a speaker's wait for a look."
        ),
        Rule.Mode.REVIEW: _("Nothing is shown before somebody has looked, but trusted authors."),
    }
    return [(m.value, str(m.label), said[m], m.value == rule.mode) for m in Rule.Mode]


def _fallbacks(rule: Rule) -> list[tuple[str, str, str, bool]]:
    said = {
        Rule.Fallback.GO_ON: _("What needs nobody's look is shown as ever."),
        Rule.Fallback.TRUSTED: _("Only trusted authors get through, everything else waits."),
        Rule.Fallback.HOLD: _("Everything waits until somebody is there."),
    }
    return [(f.value, str(f.label), said[f], f.value == rule.fallback) for f in Rule.Fallback]
