"""What a guest types about a proposal: from a form to a card, and what may be chosen in it.

Knows a form's fields and no requests; what may stand on a card is `agenda.cards`'s.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from agenda.cards import MAX_READ_CHARS, ProposalRefused, Written
from agenda.models import Event, Period, Proposal


@dataclass(frozen=True, slots=True)
class Option:
    """A time of the board; `value` is its moment in seconds."""

    value: str
    words: str
    chosen: bool = False


def written(fields: Mapping[str, str]) -> Written:
    """The card that `fields` tell of, not checked yet. Raises ProposalRefused for no moment."""
    title, text, host, needs = (fields.get(name, "")[:MAX_READ_CHARS] for name in _WORDS)
    not_before, not_after = (_moment(fields.get(name, "")) for name in _TIMES)
    return Written(title, text, host, needs, not_before, not_after)


def as_typed(fields: Mapping[str, str]) -> dict[str, str]:
    """What was typed, to be shown once more."""
    return {name: fields.get(name, "")[:MAX_READ_CHARS] for name in (*_WORDS, *_TIMES)}


def of_proposal(proposal: Proposal) -> dict[str, str]:
    """The form of a card as it is."""
    words = {name: str(getattr(proposal, name)) for name in _WORDS}
    return words | {name: _seconds(getattr(proposal, name)) for name in _TIMES}


def options(event: Event, typed: Mapping[str, str]) -> dict[str, list[Option]]:
    """Which starts and ends of the board's time rows can be wished for. One query."""
    periods = list(Period.objects.filter(event=event))
    starts = _listed(event, (one.starts_at for one in periods), typed.get("not_before", ""))
    ends = _listed(event, (one.ends_at for one in periods), typed.get("not_after", ""))
    return {"starts": starts, "ends": ends}


_WORDS = ("title", "text", "host", "needs")
_TIMES = ("not_before", "not_after")
_EARLIEST, _LATEST = 0, 2**33  # seconds; what is not between them is no day of an event


def _listed(event: Event, moments: Iterable[datetime], chosen: str) -> list[Option]:
    """In order, each once; a wish for a time that the board has no more stays a wish."""
    found = {_seconds(moment): moment for moment in moments}
    if (wish := _of_seconds(chosen)) is not None:
        found.setdefault(chosen, wish)
    return [
        Option(value, _spoken(event, moment), value == chosen)
        for value, moment in sorted(found.items(), key=lambda each: each[1])
    ]


def _spoken(event: Event, moment: datetime) -> str:
    local = timezone.localtime(moment, event.tz)
    return formats.date_format(local, "D H:i" if event.has_several_days else "H:i")


def _moment(typed: str) -> datetime | None:
    if not typed:
        return None
    if (moment := _of_seconds(typed)) is None:
        raise ProposalRefused("bad_request", _("Please load the page again."))
    return moment


def _of_seconds(typed: str) -> datetime | None:
    if not (typed.isascii() and typed.isdigit() and len(typed) < 11):
        return None
    seconds = int(typed)
    return datetime.fromtimestamp(seconds, UTC) if _EARLIEST < seconds < _LATEST else None


def _seconds(moment: datetime | None) -> str:
    return str(int(moment.timestamp())) if moment is not None else ""
