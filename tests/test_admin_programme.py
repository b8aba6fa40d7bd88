"""The admin of rooms, tracks, speakers and sessions: lines become rows, new words reach pages."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from agenda.admin.lines import name_speakers
from agenda.models import Appearance, Event, Membership, Session, Speaker, Track
from eventhub.live.check_log import check
from tests import factories, guests
from tests.replay import assert_replay, changes_since, head
from tests.two_events import Hall
from wall.demo_organizer import add_organizer
from wall.organizers import ensure_group

pytestmark = [pytest.mark.django_db, pytest.mark.each_case]


@pytest.fixture
def organizer(event: Event) -> Client:
    add_organizer(event, "!")
    return guests.signed_in(Hall(event).person(Membership.Role.ORGANIZER))


def session_form(event: Event, **fields: str) -> dict[str, str]:
    return {"event": str(event.pk), "title": "Opening", "kind": "talk"} | fields


def save(client: Client, session: Session, **fields: str) -> Any:
    where = f"/admin/agenda/session/{session.pk}/change/"
    return client.post(where, session_form(session.event, **fields))


def who(session: Session) -> list[str]:
    return [each.speaker.name for each in session.appearances.all()]


# --- lines


def test_speakers_typed_as_lines_appear_in_this_order_and_are_made_once(
    event: Event, organizer: Client
) -> None:
    known = factories.make_speaker(event, "Ada")
    form = session_form(event, names="Grace\r\n Ada \r\n\r\n")

    organizer.post("/admin/agenda/session/add/", form)

    session = Session.objects.get()
    assert who(session) == ["Grace", "Ada"]
    assert set(Speaker.objects.values_list("name", flat=True)) == {"Ada", "Grace"}
    assert session.speakers.get(name="Ada") == known


def test_speaker_of_another_event_is_not_taken_for_this_one(
    event: Event, organizer: Client
) -> None:
    foreign = factories.make_speaker(factories.make_event(), "Ada")

    organizer.post("/admin/agenda/session/add/", session_form(event, names="Ada"))

    assert Session.objects.get().speakers.get().pk != foreign.pk


def test_two_people_of_one_name_stay_two(event: Event) -> None:
    session = factories.make_session(event)
    pair = [factories.make_speaker(event, "Ada") for _ in range(3)][1:]
    for speaker in pair:
        Appearance.objects.create(session=session, speaker=speaker)

    name_speakers(session, ["Grace", "Ada", "Ada"])

    assert who(session) == ["Grace", "Ada", "Ada"]
    assert {one.pk for one in session.speakers.filter(name="Ada")} == {one.pk for one in pair}


def test_session_saved_with_the_same_names_keeps_its_rows(event: Event, organizer: Client) -> None:
    session = factories.make_session(event)
    name_speakers(session, ["Ada", "Grace"])
    rows = list(session.appearances.values_list("pk", flat=True))

    save(organizer, session, names="Ada\r\nGrace")

    assert list(session.appearances.values_list("pk", flat=True)) == rows


def test_links_are_typed_with_their_titles(event: Event, organizer: Client) -> None:
    session = factories.make_session(event)

    save(organizer, session, pages="https://a.example/x My slides\r\nhttps://b.example/y")

    session.refresh_from_db()
    assert session.links == [
        {"title": "My slides", "url": "https://a.example/x"},
        {"title": "b.example", "url": "https://b.example/y"},
    ]
    page = organizer.get(f"/admin/agenda/session/{session.pk}/change/").content.decode()
    assert "https://a.example/x My slides\nhttps://b.example/y b.example" in page


@pytest.mark.parametrize("odd", ["javascript:alert(1)", "slides", "ftp://a.example", "https://"])
def test_link_that_is_none_is_refused(event: Event, organizer: Client, odd: str) -> None:
    session = factories.make_session(event)

    assert save(organizer, session, pages=odd).status_code == 200

    session.refresh_from_db()
    assert session.links == []


@pytest.mark.parametrize("names", ["x" * 121, "\n".join(map(str, range(51)))])
def test_names_that_are_too_much_are_refused(event: Event, organizer: Client, names: str) -> None:
    session = factories.make_session(event)

    assert save(organizer, session, names=names).status_code == 200
    assert not Speaker.objects.exists()


# --- what is told


def placed(event: Event) -> Session:
    """A session with a track and a speaker, in two slots; and a slot of another session."""
    session = factories.make_session(event, track=factories.make_track(event, "Craft"))
    name_speakers(session, ["Ada"])
    for start in ("10:00", "12:00"):
        factories.make_slot(event, session=session, start=start)
    factories.make_slot(event)
    return session


@pytest.mark.parametrize("model", ["track", "speaker"])
@pytest.mark.parametrize("way", ["rename", "delete"])
def test_track_and_speaker_are_told_on_every_slot_in_one_go(
    event: Event, organizer: Client, model: str, way: str
) -> None:
    session = placed(event)
    row: Track | Speaker = session.speakers.get() if model == "speaker" else session.track  # type: ignore[assignment]
    where = f"/admin/agenda/{model}/{row.pk}/"
    before = head(event)

    def act() -> None:
        if way == "rename":
            form = {"event": str(event.pk), "name": "New", "position": "0"}
            assert organizer.post(f"{where}change/", form).status_code == 302
        else:
            organizer.post(f"{where}delete/", {"post": "yes"})

    assert_replay(event, act)
    keys = {slot.key for slot in session.slots.all()}
    assert {key for _kind, key in changes_since(event, before)} == keys
    assert check(event.pk) == []
    assert Session.objects.filter(pk=session.pk).exists()


def test_new_speakers_of_a_session_are_told_with_its_slots(event: Event, organizer: Client) -> None:
    session = placed(event)

    assert_replay(event, lambda: save(organizer, session, names="Ada\nGrace"))

    assert who(session) == ["Ada", "Grace"]


@pytest.mark.parametrize("model", ["room", "track", "speaker", "session"])
def test_row_that_stands_on_no_slot_moves_the_head_as_well(
    event: Event, organizer: Client, model: str
) -> None:
    before = head(event)
    form = session_form(event, name="New", position="0")

    assert organizer.post(f"/admin/agenda/{model}/add/", form).status_code == 302

    assert head(event) > before
    assert check(event.pk) == []


def test_choices_of_a_row_are_of_its_own_event(event: Event) -> None:
    """Also for who organizes several: two halls of one name are not to be told apart."""
    add_organizer(event, "!")
    person = Hall(event).person(Membership.Role.ORGANIZER)
    other = factories.make_event()
    Membership.objects.create(user=person, event=other, role=Membership.Role.ORGANIZER)
    factories.make_room(other, "Foreign")
    slot = factories.make_slot(event, room=factories.make_room(event, "Own"))

    page = guests.signed_in(person).get(f"/admin/agenda/slot/{slot.pk}/change/").content.decode()

    assert (">Own<" in page, ">Foreign<" in page) == (True, False)


def test_list_offers_own_events_and_tracks_to_filter_by(event: Event, organizer: Client) -> None:
    for where in (event, factories.make_event(name="Foreign")):
        for number in range(2):
            track = factories.make_track(where, f"Track {number} of {where.name}")
            factories.make_session(where, track=track)

    page = organizer.get("/admin/agenda/session/").content.decode()

    assert [line for line in page.splitlines() if "Foreign" in line] == []


# --- rights


@pytest.mark.parametrize(
    ("name", "models"),
    [
        ("0006_organizers_edit_tracks_and_speakers", ["track", "speaker"]),
        ("0009_organizers_edit_barcamps", ["barcamp", "period", "proposal"]),
    ],
)
def test_organizers_of_old_get_the_rights_over_what_is_new(
    db: None, name: str, models: list[str]
) -> None:
    from importlib import import_module

    from django.apps import apps

    group = ensure_group()
    new = Permission.objects.filter(
        content_type__app_label="agenda", content_type__model__in=models
    )
    taken = Permission.objects.get(codename="delete_room")
    group.permissions.remove(taken, *new)
    migration = import_module(f"wall.migrations.{name}")

    migration.give(apps, None)

    assert set(new) <= set(group.permissions.all())
    assert taken not in group.permissions.all()
