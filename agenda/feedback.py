"""The four questions: from when to when they are asked, and what is kept. Refuses to know who."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agenda import characters
from agenda.models import Answer, Event, Session, Slot
from eventhub.live.models import new_key

MAX_GRAPHEMES = 1000  # of one answer
BEFORE_THE_END = timedelta(minutes=5)  # people scan while the last words are spoken
HINTS = {
    Answer.Question.GOOD: gettext_lazy("What went well?"),
    Answer.Question.TRICKY: gettext_lazy("What was difficult?"),
    Answer.Question.LEARNED: gettext_lazy("What did you learn?"),
    Answer.Question.ACTION: gettext_lazy("What happens next?"),
}


class AnswersRefused(Exception):
    """Answers that cannot be taken; `message` says in one sentence why."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Window:
    """[opens_at, closes_at): when the questions are asked. Empty if the organizer closed them."""

    opens_at: datetime
    closes_at: datetime

    def holds(self, at: datetime) -> bool:
        return self.opens_at <= at < self.closes_at


def window(event: Event) -> Window:
    """From the start of the last session until everything is deleted; or as set by hand."""
    closes_at = datetime.combine(event.purge_on, time.min, event.tz).astimezone(UTC)
    match event.feedback:
        case Event.Feedback.CLOSED:
            return Window(closes_at, closes_at)
        case Event.Feedback.OPEN:
            return Window(datetime.min.replace(tzinfo=UTC), closes_at)
    return Window(last_session(event), closes_at)


def last_session(event: Event) -> datetime:
    """When the session begins that starts last within the event. One query.

    A break counts only if there is nothing else; without a programme it is five minutes before
    the end.
    """
    slots = Slot.objects.filter(event=event, starts_at__lt=event.ends_at)
    starts = slots.values_list("session__kind", "starts_at")
    talks = [at for kind, at in starts if kind != Session.Kind.BREAK]
    return max(talks or [at for _, at in starts], default=event.ends_at - BEFORE_THE_END)


def is_open(event: Event, at: datetime) -> bool:
    """Whether the questions are asked at `at` (aware)."""
    return window(event).holds(at)


def answer(event: Event, *, origin: str, answers: Mapping[str, str]) -> int:
    """Keep what somebody answered; the number of questions that were answered.

    `origin` is the random key of the phone, made for this and used for nothing else. It is not
    kept: a keyed hash of it and the question is, so that the same phone replaces its own answer,
    and two answers of one phone cannot be told to be of one. An empty field changes nothing.
    AnswersRefused if the questions are not asked now, nothing is in it, or an answer is too long.
    """
    now = timezone.now()
    if not is_open(event, now):
        raise AnswersRefused("closed", _("The questions are not open at the moment."))
    texts = {
        question: cleaned
        for question in Answer.Question.values
        if (cleaned := characters.normalise(answers.get(question, "")))
    }
    if not texts:
        raise AnswersRefused("empty", _("There is nothing in it yet. Write a few words."))
    if max(map(characters.length, texts.values())) > MAX_GRAPHEMES:
        words = _("An answer has room for %(limit)d characters. Please shorten it.")
        raise AnswersRefused("too_long", words % {"limit": MAX_GRAPHEMES})
    hour = now.replace(minute=0, second=0, microsecond=0)
    with transaction.atomic():
        for question, text in texts.items():
            Answer.objects.update_or_create(
                event=event,
                origin=_origin(event, origin, question),
                defaults={"question": question, "text": text, "at": hour},
            )
    return len(texts)


def _origin(event: Event, phone: str, question: str) -> str:
    named = f"{event.pk}:{phone}:{question}"
    return salted_hmac("agenda.answer", named, algorithm="sha256").hexdigest()


class Asking:
    """What a page needs to ask. Asks the database only if the page does draw the questions."""

    def __init__(self, event: Event) -> None:
        self._event = event

    @cached_property
    def opens_at(self) -> datetime:
        return last_session(self._event)

    @cached_property
    def closes_at(self) -> datetime:
        return window(self._event).closes_at

    @property
    def is_open(self) -> bool:
        return is_open(self._event, timezone.now())

    @property
    def key(self) -> str:
        """For a browser without scripts: whoever sends this very page twice answers once."""
        return new_key()

    @property
    def questions(self) -> list[dict[str, Any]]:
        return questions({})


def questions(written: Mapping[str, str]) -> list[dict[str, Any]]:
    """The four fields; `written` is what somebody has typed already."""
    return [
        {
            "name": question.value,
            "label": question.label,
            "hint": HINTS[question],
            "text": written.get(question.value, ""),
        }
        for question in Answer.Question
    ]


def context(event: Event) -> dict[str, Any]:
    """Belongs to every page that includes agenda/_feedback.html."""
    return {"feedback": Asking(event)}
