"""The demo's organizer: account, password, task. Makes no superuser."""

import secrets
from pathlib import Path

from agenda.models import Event, Membership, User
from wall.organizers import ensure_group

ORGANIZER = "organisation"
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
    user.groups.add(ensure_group())
    return is_new
