"""A right that is taken away is told in the log of every event that it concerned."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client
from pytest_django import Settings

from agenda.models import Event, Membership, User
from eventhub.live.models import Change
from tests import factories, guests
from tests.factories import make_event, make_moderator, make_user
from wall.models import Screen

pytestmark = [pytest.mark.django_db, pytest.mark.each_case]

Committed = Callable[[], AbstractContextManager[object]]
Role = Membership.Role


@pytest.fixture
def root(settings: Settings) -> Client:
    """A browser of whoever runs the server."""
    guests.refill_buckets()
    settings.PASSWORD_HASHERS = guests.FAST_HASHERS
    return guests.signed_in(make_user(is_staff=True, is_superuser=True))


def told(event: Event) -> list[tuple[str, str, int]]:
    rows = Change.objects.filter(event_id=event.pk, kind="access").order_by("seq")
    return [(row.kind, row.topics, row.object_id) for row in rows]


def access(user: User) -> tuple[str, str, int]:
    return ("access", f"user:{user.pk}", user.pk)


def user_form(user: User, **fields: str) -> dict[str, str]:
    return {
        "username": user.username,
        "date_joined_0": "2026-01-01",
        "date_joined_1": "00:00:00",
        "is_active": "on",
        **fields,
    }


@pytest.mark.parametrize("door", ["/logout/", "/admin/logout/"])
def test_signing_out_is_told_wherever_one_has_a_task(event: Event, door: str) -> None:
    other, third = make_event(), make_event()
    user = make_moderator(event, is_staff=True)
    Membership.objects.create(user=user, event=other, role=Role.HELPER)
    client = guests.signed_in(user)

    answer = client.post(door)

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert [told(each) for each in (event, other, third)] == [[access(user)], [access(user)], []]
    assert client.get(f"/{event.slug}/desk/").status_code == 302


def test_signing_out_of_a_superuser_is_told_everywhere(event: Event, root: Client) -> None:
    other = make_event()
    user = User.objects.get(is_superuser=True)

    root.post("/logout/")

    assert [told(event), told(other)] == [[access(user)], [access(user)]]


def test_signing_out_of_nobody_is_told_nowhere(event: Event) -> None:
    guests.browser().post("/logout/")

    assert told(event) == []


def test_deactivation_is_told(event: Event, root: Client, committed: Committed) -> None:
    user = make_moderator(event)
    form = user_form(user)
    del form["is_active"]

    with committed():
        answer = root.post(f"/admin/agenda/user/{user.pk}/change/", form)

    assert answer.status_code == 302
    assert told(event) == [access(user)]
    assert not User.objects.get(pk=user.pk).is_active


def test_superuser_who_is_none_any_more_is_told_everywhere(
    event: Event, root: Client, committed: Committed
) -> None:
    user = make_user(is_superuser=True)

    with committed():
        root.post(f"/admin/agenda/user/{user.pk}/change/", user_form(user))

    assert told(event) == [access(user)]


def test_new_password_is_told(event: Event, root: Client) -> None:
    user = make_moderator(event, password="alte-lampe-4711")
    word = "neue-wolke-1234"

    answer = root.post(
        f"/admin/agenda/user/{user.pk}/password/",
        {"password1": word, "password2": word, "usable_password": "true"},
    )

    assert answer.status_code == 302
    assert told(event) == [access(user)]


def test_new_password_of_ones_own_is_told(event: Event, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = guests.FAST_HASHERS
    user = make_moderator(event, password="alte-lampe-4711", is_staff=True)
    client, other = guests.signed_in(user), guests.signed_in(user)
    form = {"new_password1": "neue-wolke-1234", "new_password2": "neue-wolke-1234"}

    refused = client.post("/admin/password_change/", form | {"old_password": "falsch"})
    before = told(event)
    changed = client.post("/admin/password_change/", form | {"old_password": "alte-lampe-4711"})

    assert (refused.status_code, before) == (200, [])
    assert (changed.status_code, told(event)) == (302, [access(user)])
    desk = f"/{event.slug}/desk/"
    assert [each.get(desk).status_code for each in (client, other)] == [200, 302]


def test_deleted_person_is_told(event: Event, root: Client, committed: Committed) -> None:
    user = make_moderator(event)
    expected = access(user)

    with committed():
        root.post(f"/admin/agenda/user/{user.pk}/delete/", {"post": "yes"})

    assert not User.objects.filter(username=user.username).exists()
    assert told(event) == [expected]


def test_deleted_people_are_told(event: Event, root: Client, committed: Committed) -> None:
    users = [make_moderator(event), make_moderator(event)]
    expected = [access(user) for user in users]

    with committed():
        root.post(
            "/admin/agenda/user/",
            {
                "action": "delete_selected",
                "_selected_action": [user.pk for user in users],
                "post": "yes",
            },
        )

    assert sorted(told(event)) == sorted(expected)


@pytest.mark.parametrize("way", ["delete", "action"])
def test_task_that_is_taken_away_is_told(
    event: Event, root: Client, committed: Committed, way: str
) -> None:
    user = make_moderator(event)
    task = Membership.objects.get(user=user)

    with committed():
        if way == "delete":
            root.post(f"/admin/agenda/membership/{task.pk}/delete/", {"post": "yes"})
        else:
            form = {"action": "delete_selected", "_selected_action": [task.pk], "post": "yes"}
            root.post("/admin/agenda/membership/", form)

    assert Membership.objects.filter(user=user).count() == 0
    assert told(event) == [access(user)]


def test_lesser_task_is_told(event: Event, root: Client, committed: Committed) -> None:
    user = make_moderator(event)
    task = Membership.objects.get(user=user)
    form = {"user": str(user.pk), "event": str(event.pk), "role": "helper", "tasks": "[]"}

    with committed():
        root.post(f"/admin/agenda/membership/{task.pk}/change/", form)

    assert told(event) == [access(user)]


def test_task_handed_to_somebody_else_is_told_to_both(
    event: Event, root: Client, committed: Committed
) -> None:
    before, after = make_moderator(event), make_user()
    task = Membership.objects.get(user=before)
    form = {"user": str(after.pk), "event": str(event.pk), "role": "moderator", "tasks": "[]"}

    with committed():
        root.post(f"/admin/agenda/membership/{task.pk}/change/", form)

    assert sorted(told(event)) == sorted([access(before), access(after)])


@pytest.mark.parametrize("way", ["revoke", "delete", "delete_selected"])
def test_screen_that_is_revoked_is_told_and_stays_outside(
    event: Event, root: Client, way: str
) -> None:
    screen = factories.make_screen(event, key="beamer-key-0123456789")
    number, client = screen.pk, guests.beamer("beamer-key-0123456789")
    inside = client.get("/screen").content

    if way == "delete":
        root.post(f"/admin/wall/screen/{number}/delete/", {"post": "yes"})
    else:
        action = "revoke_selected" if way == "revoke" else way
        form = {"action": action, "_selected_action": [number], "post": "yes"}
        root.post("/admin/wall/screen/", form)

    assert told(event) == [("access", f"screen:{number}", number)]
    assert Screen.objects.with_key("beamer-key-0123456789") is None
    assert event.name in inside.decode()
    assert event.name not in client.get("/screen").content.decode()
    assert client.get(f"/poll/{event.slug}?topics=screen").status_code == 403
