"""What slides say of the event beside the programme, drawn for the topic `screen`: on which
networks one can take part, who speaks, the organizers' own words, the placards. Knows no rights.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from agenda.models import Session, Slot
from eventhub.live.fragments import each
from eventhub.live.models import Change
from eventhub.live.topics import Rendered
from wall.models import Direction, Placard, Source

Span = tuple[datetime, datetime]  # [from, until)
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


def said(event_id: int, spans: Sequence[Span]) -> dict[str, Any]:
    """`words`: the organizers' own. `people`: [session, who speaks, ...] as numbers in `names`,
    the lines of a text: name and, after a tab, what they are.

    Only of sessions in `spans`, and of whose speakers an organisation is known: of the others
    slots say the names. Four queries.
    """
    words = Direction.objects.filter(event_id=event_id).values("welcome", "good_night", "next_stop")
    names: dict[str, int] = {}
    people = [
        [session.pk, *(names.setdefault(line, len(names)) for line in _lines(session))]
        for session in _introduced(event_id, spans)
    ]
    return {"words": words.first() or {}, "people": people, "names": "\n".join(names)}


def _introduced(event_id: int, spans: Sequence[Span]) -> QuerySet[Session]:
    meanwhile = Q()
    for start, end in spans:
        meanwhile |= Q(starts_at__lt=end, ends_at__gt=start)
    slots = Slot.objects.filter(meanwhile, event_id=event_id, session=OuterRef("pk"))
    rows = Session.objects.filter(Exists(slots), appearances__speaker__organisation__gt="")
    return rows.distinct().order_by("pk").prefetch_related("appearances__speaker")


def _lines(session: Session) -> list[str]:
    speakers = [appearance.speaker for appearance in session.appearances.all()]
    known = [(speaker.name, speaker.organisation) for speaker in speakers]
    everybody = [*known, *([(session.host, "")] if session.host else [])]
    return ["\t".join(" ".join(part.split()) for part in one) for one in everybody]
