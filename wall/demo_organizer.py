"""The demo's organizer: account, password, rights in the admin. Makes no superuser."""

import secrets
from pathlib import Path

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from agenda.models import Event, Membership, User

ORGANIZER = "organisation"
GROUP = "Organizers"
APPS = ("agenda", "wall")
WORDS_FILE = Path(__file__).with_name("demo_words.txt")


def new_password() -> str:
    """Such as "kupfer-wolke-7314-lampe": three of 656 words and four digits, 41 bits."""
    words = WORDS_FILE.read_text(encoding="ascii").split()
    first, second, third = (secrets.choice(words) for _word in range(3))
    return f"{first}-{second}-{secrets.randbelow(10_000):04}-{third}"


def add_organizer(event: Event, hashed_password: str) -> bool:
    """The person who runs `event`. False if there was one of this name, whose password stays."""
    user, is_new = User.objects.get_or_create(
        username=ORGANIZER,
        defaults={"password": hashed_password, "first_name": "Organisation", "is_staff": True},
    )
    Membership.objects.get_or_create(
        user=user, event=event, defaults={"role": Membership.Role.ORGANIZER}
    )
    group, group_is_new = Group.objects.get_or_create(name=GROUP)
    if group_is_new:
        # Without people: whoever may edit accounts makes themselves superuser. Decisions are
        # the audit log.
        of_apps = Permission.objects.filter(content_type__app_label__in=APPS)
        group.permissions.set(
            of_apps.exclude(content_type__model="user").exclude(
                ~Q(codename__startswith="view_"), content_type__model="decision"
            )
        )
    user.groups.add(group)
    return is_new
