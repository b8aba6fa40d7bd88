"""What guests answer to the four questions. Nothing here says who."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agenda.models.event import Event


class Answer(models.Model):
    """One answer to one question. Anonymous: no guest, no address, the hour only."""

    class Question(models.TextChoices):
        GOOD = "good", _("Good?")
        TRICKY = "tricky", _("Tricky?")
        LEARNED = "learned", _("Learned?")
        ACTION = "action", _("Action?")

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="answers", verbose_name=_("event")
    )
    question = models.CharField(_("question"), max_length=10, choices=Question.choices)
    text = models.TextField(_("text"))
    # Of the phone's own random key and the question: sent twice it is one answer.
    origin = models.CharField(max_length=64)
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "origin"], name="answer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_question_display()} {self.text[:40]}"
