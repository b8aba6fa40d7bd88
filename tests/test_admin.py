"""The admin as a client of the log: one change for one deed, and secrets shown once or never."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client

from agenda.models import Event, Membership, Session, Slot
from eventhub.live.check_log import check
from tests import factories, guests
from tests.factories import make_post, make_room, make_session, make_slot, make_source
from tests.replay import assert_replay, changes_since, head
from tests.two_events import Hall
from wall import moderation
from wall.demo_organizer import add_organizer
from wall.models import Decision, Post, Rule, Screen, Source

pytestmark = [pytest.mark.django_db, pytest.mark.each_case]

Committed = Callable[[], AbstractContextManager[object]]


@pytest.fixture
def organizer(event: Event) -> Client:
    add_organizer(event, "!")
    return guests.signed_in(Hall(event).person(Membership.Role.ORGANIZER))


def slot_form(slot: Slot, *, start: str = "12:00", end: str = "12:30") -> dict[str, str]:
    return {
        "event": str(slot.event_id),
        "session": str(slot.session_id),
        "room": str(slot.room_id or ""),
        "starts_at_0": "2026-10-07",
        "starts_at_1": f"{start}:00",
        "ends_at_0": "2026-10-07",
        "ends_at_1": f"{end}:00",
    }


def source_form(event: Event, **fields: str) -> dict[str, str]:
    form = {"event": str(event.pk), "adapter": "mastodon", "name": "#handfest"}
    return form | {"server": "social.example", "tag": "handfest"} | fields


def action(name: str, *rows: Any) -> dict[str, Any]:
    return {"action": name, "_selected_action": [row.pk for row in rows], "post": "yes"}


# --- one deed, one change


def test_slot_moved_in_the_admin_tells_where_it_was(event: Event, organizer: Client) -> None:
    slot = make_slot(event, start="10:00")

    organizer.post(f"/admin/agenda/slot/{slot.pk}/change/", slot_form(slot, start="11:00"))

    now = Slot.objects.get(pk=slot.pk)
    assert (now.sequence, now.was_starts_at, now.guid) == (1, slot.starts_at, slot.guid)
    assert now.moved_at is not None


def test_added_slot_is_one_change(event: Event, organizer: Client) -> None:
    session = make_session(event)
    form = slot_form(Slot(event=event, session=session))
    before = head(event)

    answer = organizer.post("/admin/agenda/slot/add/", form)

    slot = Slot.objects.get()
    assert answer.status_code == 302
    assert changes_since(event, before) == [("slot", slot.key)]
    assert slot.version == head(event) == before + 1
    assert check(event.pk) == []


def test_changed_slot_is_one_change_and_keeps_its_key(event: Event, organizer: Client) -> None:
    slot = make_slot(event)
    before = head(event)

    answer = organizer.post(f"/admin/agenda/slot/{slot.pk}/change/", slot_form(slot))

    moved = Slot.objects.get()
    assert answer.status_code == 302
    assert (moved.key, moved.starts_at.astimezone(event.tz).hour) == (slot.key, 12)
    assert changes_since(event, before) == [("slot", slot.key)]
    assert moved.version == head(event) == before + 1


@pytest.mark.parametrize("way", ["delete", "action"])
def test_deleted_slots_are_one_change_each(event: Event, organizer: Client, way: str) -> None:
    slots = [make_slot(event)] if way == "delete" else [make_slot(event), make_slot(event)]
    before = head(event)

    if way == "delete":
        organizer.post(f"/admin/agenda/slot/{slots[0].pk}/delete/", {"post": "yes"})
    else:
        organizer.post("/admin/agenda/slot/", action("delete_selected", *slots))

    assert Slot.objects.count() == 0
    assert sorted(changes_since(event, before)) == sorted(("slot", slot.key) for slot in slots)
    assert check(event.pk) == []


def test_refused_form_changes_nothing(event: Event, organizer: Client) -> None:
    slot = make_slot(event)
    before = head(event)

    answer = organizer.post(
        f"/admin/agenda/slot/{slot.pk}/change/", slot_form(slot, start="12:00", end="11:00")
    )

    assert (answer.status_code, head(event)) == (200, before)
    assert Slot.objects.get().version == slot.version


def test_looking_changes_nothing(event: Event, organizer: Client) -> None:
    slot, post = make_slot(event), make_post(event)
    before = head(event)

    for where in [
        f"agenda/slot/{slot.pk}/change/",
        f"agenda/slot/{slot.pk}/delete/",
        f"agenda/slot/{slot.pk}/history/",
        f"wall/post/{post.pk}/change/",
    ]:
        assert organizer.get(f"/admin/{where}").status_code == 200

    assert head(event) == before


@pytest.mark.parametrize("kind", ["room", "session"])
def test_new_name_is_told_for_every_slot_that_carries_it(
    event: Event, organizer: Client, committed: Committed, kind: str
) -> None:
    room, session = make_room(event, "Hall"), make_session(event, "Opening")
    slots = [make_slot(event, room=room, session=session) for _ in range(2)]
    make_slot(event)
    row = room if kind == "room" else session
    form = {
        "event": str(event.pk),
        "name": "Attic",
        "position": "0",
        "title": "New",
        "kind": "talk",
    }

    def rename() -> None:
        with committed():
            organizer.post(f"/admin/agenda/{kind}/{row.pk}/change/", form)

    before = head(event)
    assert_replay(event, rename)
    assert sorted(changes_since(event, before)) == sorted(("slot", slot.key) for slot in slots)


@pytest.mark.parametrize("way", ["delete", "action"])
def test_slots_of_a_deleted_session_leave_every_page(
    event: Event, organizer: Client, way: str
) -> None:
    session = make_session(event)
    gone = make_slot(event, session=session)
    make_slot(event)

    def delete() -> None:
        if way == "delete":
            organizer.post(f"/admin/agenda/session/{session.pk}/delete/", {"post": "yes"})
        else:
            organizer.post("/admin/agenda/session/", action("delete_selected", session))

    before = head(event)
    assert_replay(event, delete)
    assert not Session.objects.filter(pk=session.pk).exists()
    assert changes_since(event, before) == [("slot", gone.key)]


def test_room_with_slots_is_not_deleted(event: Event, organizer: Client) -> None:
    slot = make_slot(event, room=make_room(event))
    before = head(event)

    organizer.post(f"/admin/agenda/room/{slot.room_id}/delete/", {"post": "yes"})

    assert (Slot.objects.get().room_id, head(event)) == (slot.room_id, before)


def test_renamed_event_is_told_to_its_screens(
    event: Event, organizer: Client, committed: Committed
) -> None:
    page = organizer.get(f"/admin/agenda/event/{event.pk}/change/")
    form = {name: value for name, value in page.context["adminform"].form.initial.items() if value}
    for name in ["starts_at", "ends_at"]:
        at = form.pop(name)
        form |= {f"{name}_0": f"{at:%Y-%m-%d}", f"{name}_1": f"{at:%H:%M:%S}"}

    with committed():
        answer = organizer.post(
            f"/admin/agenda/event/{event.pk}/change/", form | {"hashtag": "other", "closed": "on"}
        )

    assert answer.status_code == 302
    assert Event.objects.get(pk=event.pk).closed
    assert changes_since(event, 0) == [("event", "event")]


def test_whoever_adds_an_event_organizes_it(event: Event, organizer: Client) -> None:
    times = {"starts_at_0": "2026-11-01", "ends_at_0": "2026-11-02"}
    times |= {"starts_at_1": "09:00:00", "ends_at_1": "18:00:00"}
    words = {"name": "Next", "slug": "next", "code": "NEXTA", "zone": "Europe/Berlin"}
    words |= {"language": "de", "day_boundary": "04:00:00", "feedback": "auto"}

    organizer.post("/admin/agenda/event/add/", words | times)

    made = Event.objects.get(slug="next")
    assert [task.role for task in made.membership_set.all()] == [Membership.Role.ORGANIZER]
    assert organizer.get(f"/admin/agenda/event/{made.pk}/change/").status_code == 200


# --- posts


def test_post_is_shown_and_hidden_but_never_written(event: Event, organizer: Client) -> None:
    posts = [make_post(event, state=Post.State.PENDING, text="Theirs") for _ in range(2)]
    before = head(event)

    organizer.post("/admin/wall/post/", action("show_selected", *posts))
    shown = [post.state for post in Post.objects.all()]
    organizer.post("/admin/wall/post/", action("hide_selected", posts[0]))
    written = organizer.post(f"/admin/wall/post/{posts[1].pk}/change/", {"text": "Mine"})

    assert shown == [Post.State.SHOWN] * 2
    assert [post.state for post in Post.objects.order_by("pk")] == ["hidden", "shown"]
    assert written.status_code == 403
    assert {post.text for post in Post.objects.all()} == {"Theirs"}
    assert len(changes_since(event, before)) == Decision.objects.count() == 3
    assert {each.by.username for each in Decision.objects.all() if each.by} == {
        organizer.get("/admin/").wsgi_request.user.username
    }


@pytest.mark.parametrize("way", ["delete", "action"])
def test_deleted_post_leaves_every_page_and_no_word_behind(
    event: Event, organizer: Client, way: str
) -> None:
    post = make_post(event, text="A word Kolibri", author_name="Name Kolibri")
    moderation.hide(post, by=None)
    before = head(event)

    if way == "delete":
        organizer.post(f"/admin/wall/post/{post.pk}/delete/", {"post": "yes"})
    else:
        organizer.post("/admin/wall/post/", action("delete_selected", post))
    organizer.get("/admin/wall/post/")  # the message about it has been read

    assert Post.objects.count() == 0
    assert changes_since(event, before) == [("post", post.key)]
    assert [(each.post, each.after) for each in Decision.objects.all()] == [(None, "hidden")]
    assert "Kolibri" not in dump()
    assert [f"{each}" for each in LogEntry.objects.values_list("object_id", flat=True)] == [
        str(post.pk)
    ]
    assert organizer.get("/admin/wall/decision/").status_code == 200


def test_second_rule_of_an_event_is_refused(event: Event, organizer: Client) -> None:
    factories.make_rule(event)

    answer = organizer.post("/admin/wall/rule/add/", {"event": str(event.pk), "mode": "review"})

    assert (answer.status_code, Rule.objects.count()) == (200, 1)


# --- secrets


def test_key_of_a_screen_is_shown_once_and_never_stored(event: Event, organizer: Client) -> None:
    form = {"event": str(event.pk), "name": "Main hall"}

    shown = organizer.post("/admin/wall/screen/add/", form, follow=True).content.decode()

    found = re.search(r"/screen#([A-Za-z0-9_-]{22})", shown)
    assert found is not None
    screen = Screen.objects.get()
    assert Screen.objects.with_key(found[1]) == screen
    later = [
        organizer.get(f"/admin/wall/screen/{page}").content.decode()
        for page in ["", f"{screen.pk}/change/", f"{screen.pk}/history/"]
    ]
    assert [found[1] in page or screen.key_hash in page for page in later] == [False] * 3
    assert found[1] not in dump()


def test_token_of_a_source_is_sealed_and_never_shown(event: Event, organizer: Client) -> None:
    organizer.post("/admin/wall/source/add/", source_form(event, secret="token-4711-canary"))

    source = Source.objects.get()
    pages = [
        organizer.get(f"/admin/wall/source/{page}").content.decode()
        for page in ["", f"{source.pk}/change/", f"{source.pk}/history/", f"{source.pk}/delete/"]
    ]
    assert source.token == "token-4711-canary"
    assert "token-4711-canary" not in dump()
    assert ["token-4711" in page or source.token_sealed in page for page in pages] == [False] * 4


def test_token_stays_when_the_form_leaves_it_empty(event: Event, organizer: Client) -> None:
    source = make_source(event, token="first")

    organizer.post(f"/admin/wall/source/{source.pk}/change/", source_form(event, name="New name"))

    assert (Source.objects.get().token, Source.objects.get().name) == ("first", "New name")


def test_token_goes_to_no_other_server_than_it_was_given_for(
    event: Event, organizer: Client
) -> None:
    source = make_source(event, token="first")
    form = source_form(event, server="elsewhere.example")

    organizer.post(f"/admin/wall/source/{source.pk}/change/", form)
    moved = Source.objects.get().token
    organizer.post(f"/admin/wall/source/{source.pk}/change/", form | {"secret": "second"})

    assert (moved, Source.objects.get().token) == ("", "second")


def dump() -> str:
    """Every value of every row in the database."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += [repr(row) for row in cursor.fetchall()]
    return "\n".join(found)
