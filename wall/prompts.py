"""Questions of the keeper to the hall: asked, closed, their answers together. Knows no requests.

At most one is open to all, and one to each session: asking another closes the one before.
"""

from django.utils import timezone
from django.utils.translation import gettext as _

from agenda.models import Event, Session, User
from eventhub.live.log import changing
from wall import actions, text
from wall.models import Post, Prompt

MAX_GRAPHEMES = 120


class PromptRefused(Exception):
    """A question that cannot be asked; `message` says in one sentence what to do."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


def ask(event: Event, written: str, *, by: User | None, session: Session | None = None) -> Prompt:
    """`written` is the composer's headline from now on, and stands on the screens.

    The same question asked twice is asked once. ValueError for a session of another event.
    """
    words = " ".join(text.normalise(written).split())
    if not words:
        raise PromptRefused(_("There is nothing in it yet. Write a few words."))
    if text.length(words) > MAX_GRAPHEMES:
        raise PromptRefused(_("Please ask in at most 120 characters: it is a headline."))
    if session is not None and session.event_id != event.pk:
        raise ValueError("This session is of another event.")
    with changing(event) as log:
        for known in Prompt.objects.filter(event=event, session=session).open():
            if known.text == words:
                return known
            known.closed_at = timezone.now()
            log.touch(known)
        prompt = log.add(Prompt(event=event, session=session, text=words, by=by))
        actions.record(log, "prompt", by=by, about=words)
    return prompt


def close(prompt: Prompt, *, by: User | None) -> bool:
    """Nobody is asked any more. False if it was closed already."""
    with changing(prompt.event_id) as log:
        prompt = log.fresh(prompt)
        if prompt.closed_at is not None:
            return False
        prompt.closed_at, prompt.together = timezone.now(), False
        log.touch(prompt)
        actions.record(log, "close_prompt", by=by, about=prompt.text)
    return True


def put_together(prompt: Prompt, *, together: bool) -> bool:
    """Whether the answers stand together on the screens, instead of the wall. False if so already,
    or if it is closed.
    """
    with changing(prompt.event_id) as log:
        prompt = log.fresh(prompt)
        if prompt.together == together or prompt.closed_at is not None:
            return False
        prompt.together = together
        log.touch(prompt)
    return True


def opened(event: Event) -> list[Prompt]:
    """What is being asked now, to all first. One query."""
    rows = Prompt.objects.filter(event=event).open().select_related("session", "event")
    return sorted(rows, key=lambda one: (one.session_id is not None, one.pk))


def headline(event: Event, session: str) -> str:
    """What stands above the composer while `session` is chosen there, a number or ""."""
    asked = opened(event)
    own = (one for one in asked if session and str(one.session_id) == session)
    for_all = (one for one in asked if one.session_id is None)
    found = next(own, None) or next(for_all, None)
    return found.text if found is not None else event.prompt


def answered_by(note: Post) -> Prompt | None:
    """The question that stood above `note` when it was written: its session's, or everybody's."""
    found = {p.session_id: p for p in Prompt.objects.filter(event_id=note.event_id).open()}
    return found.get(note.session_id) or found.get(None)
