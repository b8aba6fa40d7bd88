"""Let sources read a mistyped hashtag as well: one tap at the desk. Asks no server."""

from django.utils.translation import gettext as _

from agenda.hashtags import is_tag, same_tag
from agenda.models import Event, User
from eventhub.live.log import changing
from wall import actions
from wall.models import Action, Source
from wall.source_keeping import SourceRefused

# How many tags beside its own a source of a kind reads. The others bring whatever they are sent.
ROOM = {"mastodon": 3, "bluesky": 3, "jetstream": 19}


def read_also(event: Event, typed: str, *, by: User | None) -> int:
    """Every source of a network asks for this tag from now on, as far as there is room. How many
    did not before. SourceRefused if that is no tag, or if none can.
    """
    tag = typed.removeprefix("#")
    if not is_tag(tag):
        raise SourceRefused(_("A hashtag has only letters, digits and _."))
    with changing(event) as log:
        rows = Source.objects.filter(event=event, adapter__in=ROOM).order_by("pk")
        sources = [log.fresh(source) for source in rows]
        lacking = [source for source in sources if not _reads(source, tag)]
        able = [one for one in lacking if len(one.include_tags) < ROOM[one.adapter]]
        if not sources:
            raise SourceRefused(_("No source reads a hashtag. Add one first."))
        if len(lacking) == len(sources) and not able:
            raise SourceRefused(
                _("Three further hashtags are the most that a source reads. Take one away first.")
            )
        for source in able:
            source.include_tags = [*source.include_tags, tag]
            log.touch(source)
        if able:
            undo = {"tag": tag, "sources": [source.pk for source in able]}
            actions.record(log, "read_also", by=by, about=f"#{tag}", count=len(able), undo=undo)
    return len(able)


def take_back(action: Action, *, by: User | None) -> None:
    """The sources that still are there ask for the tag no more; its posts stay."""
    with changing(action.event_id) as log:
        rows = Source.objects.filter(event=action.event_id, pk__in=action.undo["sources"])
        for source in [log.fresh(row) for row in rows]:
            left = [tag for tag in source.include_tags if not same_tag(tag, action.undo["tag"])]
            if left != source.include_tags:
                source.include_tags = left
                log.touch(source)


def _reads(source: Source, tag: str) -> bool:
    own = str(source.config.get("tag", ""))
    return any(same_tag(tag, str(other)) for other in (own, *source.include_tags))
