"""What may stand on the card of a proposal, and how long it may be. Stores nothing."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from agenda import characters

MAX_TITLE, MAX_TEXT, MAX_HOST, MAX_NEEDS = 120, 1000, 120, 120  # graphemes
MAX_LINE_CHARS = 200  # of the columns: a letter of some scripts, or a flag, is several characters
MAX_READ_CHARS = 20_000  # what is longer is too long however it is counted


class ProposalRefused(Exception):
    """It cannot be taken as it is; `message` says what to do, `code` says so to programs."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Written:
    """What stands on a card. Times are aware; None where nothing was wished."""

    title: str
    text: str = ""
    host: str = ""
    needs: str = ""
    not_before: datetime | None = None
    not_after: datetime | None = None


def checked(written: Written) -> Written:
    """`written` as it may be stored. Raises ProposalRefused with one sentence."""
    card = Written(
        title=_line(written.title, MAX_TITLE, _("title")),
        text=_checked(characters.normalise(written.text[:MAX_READ_CHARS]), MAX_TEXT, _("text")),
        host=_line(written.host, MAX_HOST, _("host")),
        needs=_line(written.needs, MAX_NEEDS, _("wishes")),
        not_before=written.not_before,
        not_after=written.not_after,
    )
    if not card.title:
        raise ProposalRefused("no_title", _("A title is all it needs. Please give it one."))
    if card.not_before and card.not_after and card.not_after <= card.not_before:
        words = _("It would have to be over before it may begin. Please change the times.")
        raise ProposalRefused("bad_times", words)
    return card


def _line(written: str, limit: int, called: str) -> str:
    line = _checked(characters.clean_name(written[:MAX_READ_CHARS]), limit, called)
    if len(line) > MAX_LINE_CHARS:
        words = _("The %(field)s is too long. Please shorten it.")
        raise ProposalRefused("too_long", words % {"field": called})
    return line


def _checked(text: str, limit: int, called: str) -> str:
    if (count := characters.length(text)) > limit:
        words = _("The %(field)s has %(count)d characters; %(limit)d fit. Please shorten it.")
        raise ProposalRefused("too_long", words % {"field": called, "count": count, "limit": limit})
    return text
