"""Rows that several organizers edit: each save counts, so that nobody overwrites what is new."""

from typing import Any

from django.db import models


class Revised(models.Model):
    """`revision` rises with each save. A form that was opened at an older one is not taken.

    Compared by `agenda.revisions`; written by every save but one that names other fields.
    """

    revision = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.revision += 1
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "revision"}
        super().save(*args, **kwargs)
