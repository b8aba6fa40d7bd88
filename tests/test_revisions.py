"""Two organizers with one form open: nobody overwrites what is new without having read it."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from agenda.models import Event, Membership, Room, Session, Slot, Speaker
from agenda.revisions import fingerprint
from tests import factories, guests
from tests.replay import head
from tests.two_events import Hall
from wall.demo_organizer import add_organizer

pytestmark = pytest.mark.django_db

Committed = Callable[[], AbstractContextManager[object]]


class Page:
    """A change form as one person sees it: filled in, and sent when they are ready."""

    def __init__(self, client: Client, row: Any) -> None:
        self.client = client
        self.where = f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"
        self.read(client.get(self.where))

    def read(self, answer: Any) -> None:
        assert answer.status_code == 200
        form = answer.context["adminform"].form
        with timezone.override("Europe/Berlin"):
            self.fields = dict(self.filled(form))
        self.said = " ".join(answer.content.decode().split())

    @staticmethod
    def filled(form: Any) -> Iterator[tuple[str, str]]:
        for bound in form:
            value = bound.value()
            if bound.name in {"starts_at", "ends_at"}:
                parts = value if isinstance(value, list) else bound.field.widget.decompress(value)
                yield from ((f"{bound.name}_{i}", str(part)) for i, part in enumerate(parts))
            elif value is not None and value is not False:
                yield bound.name, str(value)

    def save(self, **fields: str) -> bool:
        """Whether it was taken; if not, what is shown is the page from now on."""
        answer = self.client.post(self.where, self.fields | fields)
        if answer.status_code == 302:
            return True
        self.read(answer)
        return False


@pytest.fixture
def two(event: Event) -> tuple[Client, Client]:
    """Mira and Jo organize this event, each in a browser of their own."""
    add_organizer(event, "!")
    people = [Hall(event).person(Membership.Role.ORGANIZER) for _ in range(2)]
    for person, name in zip(people, ["Mira", "Jo"], strict=True):
        person.first_name = name
        person.save()
    mira, jo = (guests.signed_in(person) for person in people)
    return mira, jo


@pytest.fixture
def mira(two: tuple[Client, Client]) -> Client:
    return two[0]


@pytest.fixture
def jo(two: tuple[Client, Client]) -> Client:
    return two[1]


def errors(page: Page) -> list[str]:
    found = re.findall(r'<ul class="errorlist[^"]*"[^>]*>(.*?)</ul>', page.said)
    return [" ".join(re.sub(r"<[^>]+>", " ", each).split()) for each in found]


def test_older_form_is_refused_and_says_who_changed_what(
    event: Event, mira: Client, jo: Client
) -> None:
    session = factories.make_session(event, "Opening")
    first, second = Page(mira, session), Page(jo, session)

    taken = first.save(title="Welcome"), second.save(title="Hello")

    assert taken == (True, False)
    assert Session.objects.get().title == "Welcome"
    words = "Mira has changed this in the meantime: Title. Look at it, then save once more."
    assert errors(second) == [guests.in_english(words), guests.in_english("It says now: Welcome")]
    assert second.fields["title"] == "Hello"


def test_form_shown_again_takes_what_only_the_other_has_changed(
    event: Event, mira: Client, jo: Client
) -> None:
    session = factories.make_session(event, "Opening", host="Ada")
    first, second = Page(mira, session), Page(jo, session)
    first.save(title="Welcome")

    refused = second.save(host="Grace")

    assert (refused, second.fields["title"], second.fields["host"]) == (False, "Welcome", "Grace")
    assert second.save()
    stored = Session.objects.get()
    assert (stored.title, stored.host) == ("Welcome", "Grace")


def test_whoever_saves_again_means_it(event: Event, mira: Client, jo: Client) -> None:
    session = factories.make_session(event, "Opening")
    first, second = Page(mira, session), Page(jo, session)
    first.save(title="Welcome")

    taken = second.save(title="Hello"), second.save()

    assert (taken, Session.objects.get().title) == ((False, True), "Hello")


def test_form_after_a_change_by_no_form_is_refused_without_a_name(
    event: Event, mira: Client
) -> None:
    session = factories.make_session(event, "Opening")
    page = Page(mira, session)
    Session.objects.filter(pk=session.pk).update(title="Imported")  # with or without a revision

    assert not page.save(title="Mine")

    words = "This has been changed in the meantime: Title. Look at it, then save once more."
    assert errors(page)[0] == guests.in_english(words)


def test_second_window_of_one_person_is_told_so(event: Event, mira: Client) -> None:
    room = factories.make_room(event, "Hall")
    first, second = Page(mira, room), Page(mira, room)
    first.save(capacity="40")

    assert not second.save(capacity="50")

    assert errors(second)[0].startswith(
        guests.in_english("You have changed this elsewhere in the meantime: Seats.")
    )


def test_saving_without_a_difference_locks_nobody_out(
    event: Event, mira: Client, jo: Client
) -> None:
    room = factories.make_room(event, "Hall")
    first, second = Page(mira, room), Page(jo, room)

    assert (first.save(), second.save(name="Attic")) == (True, True)
    assert Room.objects.get().name == "Attic"


def test_moved_slot_is_not_put_back_by_an_older_form(
    event: Event, mira: Client, jo: Client
) -> None:
    slot = factories.make_slot(event, room=factories.make_room(event, "Hall"))
    first, second = Page(mira, slot), Page(jo, slot)
    first.save(starts_at_1="13:00:00", ends_at_1="14:00:00")
    before = head(event)

    refused = second.save(fixed="on")

    assert (refused, head(event)) == (False, before)
    assert (second.fields["starts_at_1"], second.fields["fixed"]) == ("13:00:00", "True")
    assert second.save()
    moved = Slot.objects.get()
    assert (moved.starts_at.astimezone(event.tz).hour, moved.fixed) == (13, True)


def test_speakers_of_a_session_are_compared_as_well(event: Event, mira: Client, jo: Client) -> None:
    session = factories.make_session(event)
    first, second = Page(mira, session), Page(jo, session)
    first.save(names="Ada\nGrace")

    assert not second.save(names="Hedy")

    assert [each.speaker.name for each in session.appearances.all()] == ["Ada", "Grace"]
    assert "Hedy" not in Speaker.objects.values_list("name", flat=True)


def test_event_is_not_overwritten_either(
    event: Event, mira: Client, jo: Client, committed: Committed
) -> None:
    first, second = Page(mira, event), Page(jo, event)

    with committed():
        taken = first.save(wifi_name="Gaeste"), second.save(wifi_name="Guests")

    assert (taken, Event.objects.get().wifi_name) == ((True, False), "Gaeste")


@pytest.mark.parametrize("odd", ["x", "1", "1.2", "1.2.title=zz,", "9" * 40 + ".1.", "1.1.\x00"])
def test_forged_hidden_field_saves_nothing(event: Event, mira: Client, odd: str) -> None:
    room = factories.make_room(event, "Hall")

    assert not Page(mira, room).save(opened=odd, name="Attic")

    assert Room.objects.get().name == "Hall"


def test_program_without_the_hidden_field_is_taken_as_it_is(event: Event, mira: Client) -> None:
    room = factories.make_room(event, "Hall")

    assert Page(mira, room).save(opened="", name="Attic")


@pytest.mark.parametrize(("one", "other"), [(None, ""), ("a\r\nb ", "a\nb"), (3, 3)])
def test_same_value_has_one_fingerprint(one: Any, other: Any) -> None:
    assert fingerprint(one) == fingerprint(other)


def test_different_values_have_two(event: Event) -> None:
    assert len({fingerprint(value) for value in ["", "0", 0, 1, [], False]}) >= 4
