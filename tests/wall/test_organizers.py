"""The group that lets organizers into the admin: there from the first start, and left alone."""

from pathlib import Path

import pytest
from django.contrib.auth.models import Group

from agenda.models import Event, Membership
from tests import factories, guests
from tests.processes import Installation, Served
from wall.organizers import GROUP, ensure_group

COUNT = (
    "from django.contrib.auth.models import Group;"
    f"print(sum(group.permissions.count() for group in Group.objects.filter(name='{GROUP}')))"
)


@pytest.mark.django_db
def test_group_opens_the_own_event_and_no_accounts(event: Event) -> None:
    user = factories.make_user(is_staff=True)
    user.groups.add(ensure_group())
    Membership.objects.create(user=user, event=event, role=Membership.Role.ORGANIZER)
    client = guests.signed_in(user)

    expected = {
        "agenda/event": 200,
        "wall/screen/add": 200,
        "wall/decision": 200,
        "agenda/user": 403,
        "auth/group": 403,
    }

    answers = {where: client.get(f"/admin/{where}/").status_code for where in expected}

    assert answers == expected


@pytest.mark.django_db
def test_group_is_made_once_and_what_was_taken_from_it_stays_away() -> None:
    made = ensure_group()
    made.permissions.remove(made.permissions.get(codename="delete_event"))
    kept = set(made.permissions.values_list("codename", flat=True))

    again = ensure_group()

    assert (again, Group.objects.count()) == (made, 1)
    assert set(again.permissions.values_list("codename", flat=True)) == kept
    assert "change_event" in kept


@pytest.mark.processes
@pytest.mark.sqlite
def test_first_start_without_a_demo_makes_the_group(tmp_path: Path) -> None:
    installation = Installation(tmp_path)

    with Served(installation):
        pass

    assert int(installation.manage("shell", "--no-imports", "-c", COUNT)) > 20
