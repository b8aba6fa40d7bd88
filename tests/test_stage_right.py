"""Who directs the screens: organizers, moderators, helpers for the stage; nobody else."""

import pytest

from agenda.models import Event, Membership
from tests import factories

pytestmark = pytest.mark.django_db

Role = Membership.Role


@pytest.mark.parametrize(
    ("role", "tasks", "may"),
    [
        (Role.ORGANIZER, [], True),
        (Role.MODERATOR, [], True),
        (Role.HELPER, ["stage"], True),
        (Role.HELPER, ["desk", "pitch"], False),
        (Role.HELPER, [], False),
    ],
)
def test_right_to_direct_the_screens_is_of_one_event_and_one_task(
    event: Event, role: str, tasks: list[str], may: bool
) -> None:
    user, elsewhere = factories.make_user(), factories.make_event()
    Membership.objects.create(user=user, event=event, role=role, tasks=tasks)

    found = set(Event.objects.staged_by(user))

    assert found == ({event} if may else set())
    assert elsewhere not in found
