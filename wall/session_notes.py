"""The notes written to one session, for its page: which they are and how to write one."""

from django.utils.translation import gettext as _

from agenda.models import Session
from agenda.session_page import Action, Part
from eventhub.live.fragments import on_page
from wall import steps
from wall.models import Post
from wall.topics import on_wall


def part(session: Session, guest: str | None) -> Part:
    """The newest notes to `session` that stand on the wall. One query."""
    event = session.event
    written = Post.objects.filter(event=event, session=session).to_draw()
    posts = steps.on_walls(written).newest()
    address = f"/{event.slug}/wall/?session={session.pk}"
    return Part(
        template="wall/_session_notes.html",
        context={"session": session, "posts": on_page("wall", posts, on_wall)},
        action=Action(address, _("Write to this session")),
        topics=("wall",),
        styles=("wall/wall.css", "wall/photo.css"),
        scripts=("wall/photo-again.js",),
    )
