"""A notice of the organizers on one screen or on all: shown, replaced, ended. Knows no requests.

One place has one notice: the later one replaces the earlier, and whoever did not know of that is
asked first. What stands on all screens gives way to a screen's own.
"""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from agenda.models import Event, User
from eventhub.live.log import Log, changing
from wall import actions, steps, text
from wall.models import Action, Screen, Step

MAX_CHARS = 280
LONGEST = timedelta(hours=10)
NOTICE = Step.What.NOTICE


class NoticeRefused(Exception):
    """A notice that cannot be shown; `message` says in one sentence what to do."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class NoticeMeanwhile(NoticeRefused):
    """Somebody else has shown `step` there meanwhile; nothing was replaced."""

    def __init__(self, step: Step) -> None:
        self.step = step
        name = step.by.spoken_name() if step.by is not None else _("Somebody")
        words = _(
            "%(name)s has just shown another notice: “%(words)s”. Send yours again to replace it."
        )
        super().__init__(words % {"name": name, "words": text.cut(step.text, 60)})


def show(
    event: Event,
    written: str,
    *,
    by: User | None,
    screen: Screen | None = None,
    minutes: int | None = None,
    instead_of: str | None = None,
) -> Step:
    """The notice stands, on `screen` or on all of them, for `minutes` or until somebody ends it.

    `instead_of`: the mark (`mark_of`) of what the writer saw standing there, "" for nothing; if
    something else does, NoticeMeanwhile. None replaces whatever stands. NoticeRefused for words
    that are missing or too many. The same words of the same person again are the first notice.
    """
    body, lasts = clean(written), _lasting(minutes)
    if screen is not None and screen.event_id != event.pk:
        raise ValueError("This screen is of another event.")
    with changing(event) as log:
        known, now = steps.row_of(event, NOTICE, screen), timezone.now()
        if known is not None and known.until is not None and known.until <= now:
            log.remove(known)
            known = None
        if known is not None and _is_again(known, body, by, lasts):
            return known
        if instead_of is not None and mark_of(known) != instead_of and known is not None:
            raise NoticeMeanwhile(known)
        undo = _undo(known, screen)
        step = known or Step(event=event, what=NOTICE, screen=screen)
        step.text, step.by, step.since = body, by, now
        step.until = now + lasts if lasts is not None else None
        if step.pk is None:
            log.add(step)
        else:
            log.touch(step)
        if screen is None:
            _end_on_single_screens(log, event)
        undo["since"] = now.isoformat()
        actions.record(log, "notice", by=by, about=screen.name if screen else "", undo=undo)
    return step


def end(event: Event, *, by: User | None, screen: Screen | None = None) -> bool:
    """The notice stands no longer. False if none did."""
    with changing(event) as log:
        step = steps.row_of(event, NOTICE, screen)
        if step is None:
            return False
        log.remove(step)
        about = screen.name if screen is not None else ""
        actions.record(log, "end_notice", by=by, about=about, undo=_undo(step, screen))
    return True


def take_back(action: Action, *, by: User | None) -> None:
    """Undo a notice: what stood before it comes back. Harmless once it was replaced or ended."""
    screen, gone = steps.screen_of(action)
    if gone:
        return
    with changing(action.event_id) as log:
        step = steps.row_of(action.event, NOTICE, screen)
        if step is None or step.since.isoformat() != action.undo.get("since"):
            return
        log.remove(step)
        _put(log, action, screen)


def show_again(action: Action, *, by: User | None) -> None:
    """Undo the end of a notice, unless another one stands there or its time is over."""
    screen, gone = steps.screen_of(action)
    if gone:
        return
    with changing(action.event_id) as log:
        if steps.row_of(action.event, NOTICE, screen) is None:
            _put(log, action, screen)


def mark_of(step: Step | None) -> str:
    """What a page says it has seen: which notice, in which version; "" for none."""
    return f"{step.key}.{step.version}" if step is not None else ""


def clean(written: str) -> str:
    """The words as they may stand on a screen; NoticeRefused if there are none, or too many."""
    body = text.normalise(written)
    count = max(text.length(body), len(body))
    if count == 0:
        raise NoticeRefused(_("There is nothing in it yet. Write a few words."))
    if count > MAX_CHARS:
        words = _("That is %(count)d characters; %(limit)d fit on a screen. Please shorten it.")
        raise NoticeRefused(words % {"count": count, "limit": MAX_CHARS})
    return body


def _lasting(minutes: int | None) -> timedelta | None:
    if minutes is None:
        return None
    if not timedelta(0) < (lasts := timedelta(minutes=minutes)) <= LONGEST:
        raise NoticeRefused(_("A notice stands for 1 to 600 minutes, or until you end it."))
    return lasts


def _is_again(known: Step, body: str, by: User | None, lasts: timedelta | None) -> bool:
    until = known.since + lasts if lasts is not None else None
    return (known.text, known.by, known.until) == (body, by, until)


def _end_on_single_screens(log: Log, event: Event) -> None:
    log.remove_all(list(Step.objects.filter(event=event, what=NOTICE, screen__isnull=False)))


def _undo(step: Step | None, screen: Screen | None) -> dict[str, Any]:
    """What brings `step` back; {} but for the place if there is none."""
    place: dict[str, Any] = {"screen": screen.pk} if screen is not None else {}
    if step is None:
        return place
    until = step.until.isoformat() if step.until is not None else ""
    return place | {"text": step.text, "until": until, "by": step.by_id}


def _put(log: Log, action: Action, screen: Screen | None) -> None:
    words, until = action.undo.get("text", ""), action.undo.get("until", "")
    ends = datetime.fromisoformat(until) if until else None
    if not words or (ends is not None and ends <= timezone.now()):
        return
    by = User.objects.filter(pk=action.undo.get("by")).first()
    step = Step(event=action.event, what=NOTICE, screen=screen, text=words, by=by, until=ends)
    log.add(step)
