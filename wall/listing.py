"""Write words on an event's list and strike them, let servers in again. Knows no requests.

What waits or stands on the wall is not judged anew: `declining` does that, where somebody wants it.
"""

from django.utils.translation import gettext as _

from agenda.models import Event, User
from eventhub.live.log import changing
from wall import actions, word_list
from wall.models import Action, Listed
from wall.word_list import MAX_ENTRY_CHARS

MAX_WORDS = 500


class WordRefused(Exception):
    """A word that cannot be listed; `message` says in one sentence why."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


def add_word(event: Event, written: str, *, by: User | None) -> Action | None:
    """Posts with this word wait for a look from now on, in every mode. None if it is listed."""
    written = " ".join(written.split())
    folded = word_list.fold(written)
    if not folded:
        raise WordRefused(_("Of this nothing can be looked for. Write two letters or more."))
    if len(written) > MAX_ENTRY_CHARS:
        raise WordRefused(_("That is too long. A few words are enough."))
    with changing(event) as log:
        words = Listed.objects.filter(event=event, what=Listed.What.WORD)
        if words.filter(folded=folded).exists():
            return None
        if words.count() >= MAX_WORDS:
            raise WordRefused(_("The list is full. Strike a word that is no longer needed."))
        row = Listed(event=event, what=Listed.What.WORD, written=written, folded=folded, by=by)
        row.save()
        return actions.record(log, "list_word", by=by, about=written, undo=_said(row))


def strike(listed: Listed, *, by: User | None) -> Action | None:
    """Take a word or a server off its list. What it has hidden stays hidden. None if it is gone."""
    with changing(listed.event_id) as log:
        if not Listed.objects.filter(pk=listed.pk).delete()[0]:
            return None
        verb = "strike_word" if listed.what == Listed.What.WORD else "unblock_server"
        return actions.record(log, verb, by=by, about=listed.written, undo=_said(listed))


def write_again(action: Action, *, by: User | None) -> None:
    with changing(action.event_id):
        known = {"event_id": action.event_id, **action.undo}
        written = known.pop("written")
        Listed.objects.get_or_create(**known, defaults={"written": written, "by": by})


def strike_again(action: Action, *, by: User | None) -> None:
    known = {"event_id": action.event_id, **action.undo}
    del known["written"]
    with changing(action.event_id):
        Listed.objects.filter(**known).delete()


def _said(row: Listed) -> dict[str, str]:
    return {"what": str(row.what), "written": row.written, "folded": row.folded}
