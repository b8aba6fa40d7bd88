"""Set up an event without screens: `python -m tests.browser.pairing_venue` prints JSON."""

import json
from datetime import timedelta
from typing import Any

import django

SLUG = "mittelstand"


def main() -> None:
    django.setup()
    from django.utils import timezone

    from agenda.models import Membership
    from tests import factories

    now = timezone.now().replace(second=0, microsecond=0)
    event = factories.make_event(
        name="Mittelstand digital",
        slug=SLUG,
        hashtag="smartKMU",
        language="en",
        imprint="Forum, Musterweg 1",
        privacy="We store little.",
        zone="UTC",
        day_boundary=(now + timedelta(hours=12)).time(),
        starts_at=now - timedelta(hours=2),
        ends_at=now + timedelta(hours=8),
        purge_on=(now + timedelta(days=30)).date(),
    )
    user = factories.make_user("orga")
    Membership.objects.create(user=user, event=event, role=Membership.Role.ORGANIZER)
    print(json.dumps({"organizer": _cookies(user)}))


def _cookies(user: Any) -> dict[str, str]:
    from tests import guests

    return {name: morsel.value for name, morsel in guests.signed_in(user).cookies.items()}


if __name__ == "__main__":
    main()
