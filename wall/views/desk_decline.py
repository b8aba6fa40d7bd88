"""Decline many posts at once: by what they have in common, with count and preview first."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agenda.access import guards_itself
from agenda.middleware import EventRequest
from agenda.models import Event
from agenda.views import page_context
from eventhub.http import error
from eventhub.live import reading
from eventhub.live.fragments import on_page
from wall import declining, desk_topics
from wall.declining import Choice
from wall.models import Post
from wall.views.desk_ground import event_of, person

MAX_DAYS = 3650
YOUNG_DAYS = 7  # an account that is younger is offered as a reason
BY = ("like", "author", "host", "young", "word")


@guards_itself
@login_required
@never_cache
@require_safe
def sheet(request: EventRequest, slug: str) -> HttpResponse:
    """`post`: one of those that are meant. `by`: what they have in common with it. `word`: what
    they say.
    """
    event = event_of(request)
    post = _post(event, request.GET.get("post", ""))
    word, days = _word(request.GET.get("word", "")), _days(request.GET.get("days", ""))
    ways = [by for by in BY if _choice(by, post, word, days)]
    by = request.GET.get("by", "")
    by = by if by in ways else next(iter(ways), "")
    found = declining.preview(event, _choice(by, post, word, days)) if by else None
    context = page_context(request) | {
        "cursor": reading.position(event.pk),
        "post": post,
        "word": word,
        "days": days,
        "by": by,
        "ways": [(way, _label(way, post, word, days), way == by) for way in ways],
        "preview": found,
        "cards": on_page("desk", found.posts, desk_topics.on_desk) if found else [],
        "button": _button(found.count) if found else "",
    }
    return render(request, "wall/desk_decline.html", context)


@guards_itself
@login_required
@require_POST
def decline(request: EventRequest, slug: str) -> HttpResponse:
    """Does what the sheet has counted; the desk offers to take it back."""
    event = event_of(request)
    post = _post(event, request.POST.get("post", ""))
    word, days = _word(request.POST.get("word", "")), _days(request.POST.get("days", ""))
    choice = _choice(request.POST.get("by", ""), post, word, days)
    if not choice:
        return error("bad_request", _("Please load the page again."), status=422)
    action = declining.decline(event, choice, by=person(request))
    return redirect(f"/{slug}/desk/?done={action.pk}")


def _choice(by: str, post: Post | None, word: str, days: int) -> Choice:
    """What `by` means for this post; an empty choice where it means nothing."""
    known: dict[str, Any] = {"word": {"word": word}} if word else {}
    if post is not None:
        known["like"] = {"like": post} if post.text else {}
        if (author := post.author) is not None:
            known["author"] = {"author": author}
            known["host"] = {"host": author.host} if author.host else {}
            known["young"] = {"younger_than_days": days} if author.since is not None else {}
    return Choice(**known.get(by, {}))


def _label(by: str, post: Post | None, word: str, days: int) -> str:
    author = post.author if post is not None else None
    name = (author.handle or author.name) if author is not None else ""
    host = author.host if author is not None else ""
    labels = {
        "like": _("All that say the same"),
        "author": _("Everything by {name}").format(name=name),
        "host": _("Everything from {server}").format(server=host),
        "young": _("Everything of accounts younger than {n} days").format(n=days),
        "word": _("Everything with “{word}”").format(word=word),
    }
    return labels[by]


def _button(count: int) -> str:
    return ngettext("Decline {n} post", "Decline {n} posts", count).format(n=count)


def _post(event: Event, key: str) -> Post | None:
    if not key:
        return None
    posts = desk_topics.posts_of(event.pk).not_withdrawn()
    return get_object_or_404(posts, key=key[:40].replace("\x00", ""))


def _word(raw: str) -> str:
    return raw.replace("\x00", "").strip()[:80]


def _days(raw: str) -> int:
    days = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 6 else YOUNG_DAYS
    return min(max(days, 1), MAX_DAYS)
