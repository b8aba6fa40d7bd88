"""The deeds at the desk beyond a single post: written down, listed, taken back. Knows no requests.

A deed says in its row what taking it back needs; how it is taken back says the module it is from.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from agenda.models import Event, User
from eventhub.live.log import Log, changing
from wall.models import Action

LOGGED = 100  # deeds that a page shows
KIND = "action"  # of the change that says: a deed is new, or was taken back


@dataclass(frozen=True, slots=True)
class Verb:
    """What a deed is called in the log, and who takes it back; "" if nobody can."""

    words: Promise
    undo: str = ""  # a function(action, by=) of this package

    def reverse(self) -> Callable[..., None]:
        found: Callable[..., None] = import_string(self.undo)
        return found


VERBS = {
    "brake": Verb(_("Put the brake on"), "wall.steps.take_back"),
    "clear": Verb(_("Cleared the wall"), "wall.steps.take_back"),
    "logo": Verb(_("Left only the logo"), "wall.steps.take_back"),
    "freeze": Verb(_("Froze the picture"), "wall.steps.take_back"),
    "notice": Verb(_("Put a notice on the screens"), "wall.notices.take_back"),
    "end_notice": Verb(_("Ended a notice"), "wall.notices.show_again"),
    "delay": Verb(_("Said how late it is"), "wall.delays.undo_delay"),
    "on_time": Verb(_("Took a delay back"), "wall.delays.undo_on_time"),
    "direct": Verb(_("Changed how screens follow the programme"), "wall.direction.take_back"),
    "rehearse": Verb(_("Began a rehearsal")),
    "end_rehearsal": Verb(_("Ended a rehearsal")),
    "lift": Verb(_("Ended a step"), "wall.steps.take_again"),
    "house_post": Verb(_("Wrote a house post")),
    "take_up": Verb(_("Took up by hand")),
    "prompt": Verb(_("Asked the hall")),
    "close_prompt": Verb(_("Closed a question")),
    "take_down": Verb(_("Took down by address")),
    "objection": Verb(_("Decided about an objection")),
    "spotlight": Verb(_("Put a post in the spotlight")),
    "add_source": Verb(_("Added the source")),
    "change_source": Verb(_("Changed the source")),
    "read_also": Verb(_("Read as well"), "wall.also_reading.take_back"),
    "pause_source": Verb(_("Paused the source"), "wall.source_keeping.take_pause_back"),
    "go_on_source": Verb(_("Let the source go on"), "wall.source_keeping.pause_again"),
    "remove_source": Verb(_("Removed the source")),
    "renew_secret": Verb(_("Made a new secret for the webhook")),
    "link": Verb(_("Linked a post to a session"), "wall.linking.take_back"),
    "trust": Verb(_("Trusted"), "wall.standings.take_back"),
    "block_author": Verb(_("Blocked"), "wall.standings.take_back"),
    "clear_author": Verb(_("Judged no longer"), "wall.standings.take_back"),
    "block_server": Verb(_("Blocked the server"), "wall.standings.admit_server"),
    "account_gone": Verb(_("An account is gone")),
    "unblock_server": Verb(_("Let the server in again"), "wall.listing.write_again"),
    "list_word": Verb(_("Listed a word"), "wall.listing.strike_again"),
    "strike_word": Verb(_("Struck a word from the list"), "wall.listing.write_again"),
    "set_rule": Verb(_("Changed the rules"), "wall.ruling.take_back"),
    "decline": Verb(_("Declined together"), "wall.portions.take_back"),
    "seal_evidence": Verb(_("Kept as evidence")),
    "read_evidence": Verb(_("Opened evidence")),
    "delete_evidence": Verb(_("Deleted evidence")),
}


def record(
    log: Log,
    verb: str,
    *,
    by: User | None,
    about: str = "",
    count: int = 0,
    undo: dict[str, Any] | None = None,
) -> Action:
    """Write down a deed of the open log. `about` says what it was done to, never what was said."""
    action = Action.objects.create(
        event_id=log.event_id,
        by=by,
        verb=verb,
        about=about[:200],
        count=count,
        undo=undo or {},
    )
    _tell(log, action)
    return action


def undo(action: Action, *, by: User | None) -> bool:
    """Take a deed back. False if it was taken back already, or nobody can.

    Of many posts, those come back that nobody has decided about since. Stopped in the middle it
    can be asked again: it goes on with what is left.
    """
    verb = VERBS.get(action.verb)
    if verb is None or not verb.undo or Action.objects.get(pk=action.pk).undone_at is not None:
        return False
    verb.reverse()(action, by=by)
    with changing(action.event_id) as log:
        left = Action.objects.filter(pk=action.pk, undone_at=None)
        done = left.update(undone_at=timezone.now(), undone_by=by)
        if done:
            _tell(log, action)
    return bool(done)


def newest(event: Event) -> QuerySet[Action]:
    """The deeds of one event, newest first, with who did them."""
    rows = Action.objects.filter(event=event).select_related("by", "undone_by")
    return rows.order_by("-at", "-pk")


def words(action: Action) -> str:
    """What was done, as the log says it: "Blocked: @x@y"."""
    verb = VERBS.get(action.verb)
    said = str(verb.words) if verb is not None else action.verb
    return f"{said}: {action.about}" if action.about else said


def can_undo(action: Action) -> bool:
    verb = VERBS.get(action.verb)
    return verb is not None and bool(verb.undo) and action.undone_at is None


def _tell(log: Log, action: Action) -> None:
    log.tell(KIND, topics=("desk",), object_id=action.pk, key=f"action-{action.pk}")
