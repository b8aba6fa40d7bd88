"""Whose events: every look-up of a person's events starts here, so no foreign one is found."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from agenda.models.event import Event  # noqa: F401 (the name in the base class below)
    from agenda.models.people import MembershipQuerySet, User


class EventQuerySet(models.QuerySet["Event"]):
    """Events by who has which task in them; superusers have every task everywhere."""

    def for_user(self, user: "User | AnonymousUser") -> Self:
        """The events in which `user` has a task now."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_superuser:
            return self.all()
        return self.filter(
            Q(membership__until=None) | Q(membership__until__gt=timezone.now()),
            membership__user=user,
        ).distinct()

    def organized_by(self, user: "User | AnonymousUser") -> Self:
        """The events that `user` may change in the admin."""
        return self._where(user, lambda memberships: memberships.organizing())

    def moderated_by(self, user: "User | AnonymousUser") -> Self:
        """The events whose desk `user` may use: organizers, moderators, helpers with that task."""
        return self._where(user, lambda memberships: memberships.for_desk())

    def pitched_by(self, user: "User | AnonymousUser") -> Self:
        """The events whose barcamp `user` may arrange: as for the desk, by the task of pitches."""
        return self._where(user, lambda memberships: memberships.for_pitches())

    def staged_by(self, user: "User | AnonymousUser") -> Self:
        """The events whose screens `user` may direct: as for the desk, by the task of the stage."""
        return self._where(user, lambda memberships: memberships.for_stage())

    def _where(
        self,
        user: "User | AnonymousUser",
        chosen: Callable[["MembershipQuerySet"], "MembershipQuerySet"],
    ) -> Self:
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_superuser:
            return self.all()
        from agenda.models.people import Membership

        memberships = chosen(Membership.objects.active().filter(user=user))
        return self.filter(pk__in=memberships.values("event_id"))
