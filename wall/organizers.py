"""What organizers may do in the admin: the group "Organizers". Gives nobody a task in an event."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q

GROUP = "Organizers"
APPS = ("agenda", "wall")


def ensure_group() -> Group:
    """The group, made with its rights if there is none. One that is there keeps what it has."""
    group = Group.objects.filter(name=GROUP).first()
    return group if group is not None else _made()


def _made() -> Group:
    # Another process may be faster; whoever sees the group sees it with its rights.
    with transaction.atomic():
        group, is_new = Group.objects.get_or_create(name=GROUP)
        if is_new:
            group.permissions.set(_rights())
    return group


def _rights() -> list[Permission]:
    """All about events and walls, without people: whoever may edit accounts makes themselves
    superuser. Decisions are the audit log: to be read only.
    """
    of_apps = Permission.objects.filter(content_type__app_label__in=APPS)
    return list(
        of_apps.exclude(content_type__model="user").exclude(
            ~Q(codename__startswith="view_"), content_type__model="decision"
        )
    )
