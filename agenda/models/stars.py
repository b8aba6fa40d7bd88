"""What a guest wants to attend: a star on a session, without an account."""

from django.db import models
from django.utils import timezone

from agenda.models.people import Attendee
from agenda.models.programme import Session


class Star(models.Model):
    """A session that one guest has marked. Nobody but this guest is told of it."""

    attendee = models.ForeignKey(Attendee, on_delete=models.CASCADE, related_name="stars")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="stars")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attendee", "session"], name="star_once"),
        ]

    def __str__(self) -> str:
        return f"{self.attendee} ★ {self.session}"
