"""A programme that somebody handed in as a file, while they look at what it would change."""

from django.db import models
from django.utils import timezone

from agenda.models.event import Event
from agenda.models.people import User
from eventhub.live.models import new_key


class Upload(models.Model):
    """One file on its way into one event; kept for a day at most, and never served again."""

    class State(models.TextChoices):
        WAITING = "waiting"  # nobody has read it yet
        READ = "read"  # `report` says what it would change
        WRITING = "writing"
        DONE = "done"
        FAILED = "failed"  # `report` says why; nothing was written

    key = models.CharField(max_length=22, unique=True, default=new_key)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="uploads")
    by = models.ForeignKey(User, on_delete=models.CASCADE)
    at = models.DateTimeField(default=timezone.now)
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    progress = models.PositiveSmallIntegerField(default=0)  # per cent
    report = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"
