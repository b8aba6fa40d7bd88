"""Posts of our own writing for a rehearsal: drawn, never stored, and on no phone."""

from datetime import datetime, timedelta
from functools import cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from agenda.models import Event
from wall.models import Post
from wall.sources import demo
from wall.text import facets_of

COUNT = 24
APART = timedelta(minutes=4)


@cache
def _texts() -> tuple[demo.Script, ...]:
    """Some of every part of the day; no answers, whose question might not be among them."""
    scripts = [one for one in demo.scripts() if not one.after]
    every = max(1, len(scripts) // COUNT)
    return tuple(scripts[::every][:COUNT])


def drawn(event: Event, at: datetime) -> list[SafeString]:
    """For the wall of a screen that rehearses `at`, newest first, in the active language."""
    return [
        render_to_string("wall/_rehearsed_post.html", {"post": _post(event, text, number, at)})
        for number, text in enumerate(_texts())
    ]


def _post(event: Event, text: demo.Script, number: int, at: datetime) -> Post:
    """Never saved."""
    words = text.text.replace("{tag}", event.hashtag or "")
    return Post(
        key=f"rehearsed-{number}",
        event=event,
        network="mastodon",
        author_name=text.name,
        author_handle=text.handle,
        text=words,
        facets=facets_of(words),
        shown_seq=COUNT - number,
        written_at=at - APART * (number + 1),
    )
