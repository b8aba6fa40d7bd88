"""The pointer log: where each event's stream stands and which objects changed; holds no content."""

import secrets
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.db import models

from eventhub.live import guard

if TYPE_CHECKING:
    from eventhub.live.log import Log


def new_key() -> str:
    """128 random bits, 22 URL-safe characters: a public name that nobody can guess."""
    return secrets.token_urlsafe(16)


def new_tag() -> int:
    """64 random bits as a signed integer, the widest number both databases store exactly."""
    return int.from_bytes(secrets.token_bytes(8), signed=True)


class Stream(models.Model):
    """How far one event's log has come: the changes kept are those with floor < seq <= head.

    A table of its own, without a foreign key: Django saves whole rows, and a counter on the
    event itself would be written back by the organizer's form.
    """

    event_id = models.BigIntegerField(primary_key=True)
    head = models.BigIntegerField(default=0)
    floor = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"event {self.event_id}: {self.floor}...{self.head}"


class Change(models.Model):
    """One step of an event's log: which object changed, and which topics want to know."""

    pk = models.CompositePrimaryKey("event_id", "seq")
    event_id = models.BigIntegerField()
    seq = models.BigIntegerField()
    tag = models.BigIntegerField(default=new_tag)
    topics = models.CharField(max_length=200)  # names, separated by spaces
    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    # The public key: a row that is gone can still be named to those who show it.
    key = models.CharField(max_length=22)

    def __str__(self) -> str:
        return f"event {self.event_id} change {self.seq}: {self.kind} {self.object_id}"


M = TypeVar("M", bound="Shown")


class ShownQuerySet(models.QuerySet[M]):
    """Refuses every bulk write outside an open log; subclasses add the words for many."""

    def update(self, **values: Any) -> int:
        guard.require(None)
        return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        guard.require(None)
        return super().delete()

    def bulk_create(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> list[M]:
        guard.require(None)
        return super().bulk_create(objs, *args, **kwargs)

    def bulk_update(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> int:
        guard.require(None)
        return super().bulk_update(objs, *args, **kwargs)


class Shown(models.Model):
    """A row that people see on phones, desk or screens. It changes only inside `changing()`."""

    kind: ClassVar[str]

    key = models.CharField(max_length=22, unique=True, default=new_key, editable=False)
    version = models.BigIntegerField(default=0, editable=False)  # seq of its last change

    class Meta:
        abstract = True

    event_id: int

    def save(self, *args: Any, **kwargs: Any) -> None:
        guard.require(self.event_id)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        guard.require(self.event_id)
        return super().delete(*args, **kwargs)

    def topics(self) -> tuple[str, ...]:
        """Who wants to know of this change. Never a topic that has not been allowed to see it."""
        raise NotImplementedError

    @classmethod
    def also(cls, log: "Log", rows: Sequence[Self]) -> None:
        """Told after these rows were added, touched or removed: touch what looks different, too."""

    def take_version(self, seq: int) -> None:
        """Called by the log once per change, before the row is written."""
        self.version = seq
