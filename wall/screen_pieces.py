"""What slides say of the event beside the programme, drawn for the topic `screen`: on which
networks one can take part, who speaks, the organizers' own words, the placards. Knows no rights.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from agenda.models import Session
from eventhub.live.fragments import each
from eventhub.live.models import Change
from eventhub.live.topics import Rendered
from wall.models import Direction, Placard, Source

NETWORKS = {"mastodon": "Mastodon", "bluesky": "Bluesky", "jetstream": "Bluesky"}


def for_screens(event_id: int, language: str) -> list[Rendered]:
    """Networks and placards. Three queries."""
    with translation.override(language):
        networks = _networks(event_id)
    return [networks, *placards(event_id, language).values()]


# --- on which networks the hashtag is read


def networks(event_id: int, object_ids: Sequence[int], language: str) -> Mapping[int, Rendered]:
    """The same piece, whichever source has changed."""
    with translation.override(language):
        return dict.fromkeys(object_ids, _networks(event_id))


def _networks(event_id: int) -> Rendered:
    # The number first: the rows may be newer than it, never older.
    changes = Change.objects.filter(event_id=event_id, kind=Source.kind).order_by("-seq")
    version = changes.values_list("seq", flat=True).first() or 0
    stands = Source.objects.filter(event_id=event_id, paused=False, adapter__in=NETWORKS)
    stands = stands.exclude(state=Source.State.STOPPED)
    found = sorted({NETWORKS[kind] for kind in stands.values_list("adapter", flat=True)})
    context = {"networks": _listed(found[::-1]), "version": version}
    html = render_to_string("wall/_screen_networks.html", context)
    return Rendered("networks", version, 0, html)


def _listed(names: Sequence[str]) -> str:
    """ "Mastodon", "Mastodon and Bluesky"."""
    if len(names) < 2:
        return "".join(names)
    return _("{some} and {last}").format(some=", ".join(names[:-1]), last=names[-1])


# --- pictures


def placards(
    event_id: int, language: str, object_ids: Sequence[int] | None = None
) -> dict[int, Rendered]:
    rows = Placard.objects.filter(event_id=event_id)
    rows = rows if object_ids is None else rows.filter(pk__in=object_ids)
    return each("screen", rows, _placard, language)


def _placard(placard: Placard) -> Rendered:
    html = render_to_string("wall/_screen_placard.html", {"placard": placard})
    return Rendered(placard.key, placard.version, placard.position * 1000 + placard.pk % 1000, html)


# --- what the plan carries for slides


def said(event_id: int) -> dict[str, Any]:
    """{"words": the organizers' own, "people": by session who speaks and what they are}.

    Four queries; only sessions of whose speakers an organisation is known.
    """
    words = Direction.objects.filter(event_id=event_id).values("welcome", "good_night", "next_stop")
    return {"words": words.first() or {}, "people": _people(event_id)}


def _people(event_id: int) -> dict[str, list[tuple[str, str]]]:
    rows = Session.objects.filter(event_id=event_id, appearances__speaker__organisation__gt="")
    rows = rows.distinct().prefetch_related("appearances__speaker")
    return {str(session.pk): _of(session) for session in rows}


def _of(session: Session) -> list[tuple[str, str]]:
    speakers = [appearance.speaker for appearance in session.appearances.all()]
    known = [(speaker.name, speaker.organisation) for speaker in speakers]
    return [*known, *([(session.host, "")] if session.host else [])]
