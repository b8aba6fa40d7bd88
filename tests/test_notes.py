"""A guest's notes over HTTP: to whom, with a photo, where each is, and taken back."""

import re
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from agenda.models import Event
from eventhub.live.models import new_key
from tests import guests
from tests.factories import (
    at,
    make_attendee,
    make_event,
    make_moderator,
    make_note,
    make_rule,
    make_screen,
    make_session,
    make_slot,
)
from tests.wall import pictures
from wall import moderation
from wall.models import Photo, Post, Rule

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def full_buckets() -> None:
    guests.refill_buckets()


def page_of(client: Client, event: Event, query: str = "") -> str:
    return client.get(f"/{event.slug}/wall/{query}").content.decode()


def own(page: str) -> str:
    return page.partition('topic="mine"')[2].partition("</own-notes>")[0]


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def withdraw(client: Client, event: Event, name: str, **how: Any) -> Any:
    how = how or {"headers": guests.JSON}
    return client.post(f"/{event.slug}/notes/{name}/withdraw", **how)


# --- to whom


@time_machine.travel(at("10:15"))
def test_page_offers_what_runs_now_and_keeps_the_rest_for_later(event: Event) -> None:
    now, later = (make_slot(event, start=start).session for start in ("10:00", "11:00"))

    page = page_of(guests.guest(event), event)

    chips = re.findall(r'<label class="chip"[^>]*?( hidden)?><input [^>]*value="(\d*)"', page)
    assert chips == [("", ""), ("", str(now.pk)), (" hidden", str(later.pk))]


@pytest.mark.parametrize("chosen", [True, False])
def test_address_presets_to_whom(event: Event, chosen: bool) -> None:
    session = make_session(event)

    page = page_of(guests.guest(event), event, f"?session={session.pk}" if chosen else "")

    assert (f'value="{session.pk}" checked' in page) is chosen
    assert ('value="" checked' in page) is not chosen


def test_note_to_a_session_says_so_on_phone_and_desk(event: Event) -> None:
    session = make_session(event, "Open Data in Kammern")
    client = guests.guest(event)
    mira = guests.signed_in(make_moderator(event))

    answer = client.post(
        f"/{event.slug}/notes", guests.note(session=str(session.pk)), headers=guests.HTML
    )

    assert answer["Location"] == f"/{event.slug}/wall/?session={session.pk}"
    assert page_of(client, event).count("Open Data in Kammern") == 2  # own note, wall
    assert "Open Data in Kammern" in mira.get(f"/{event.slug}/desk/").content.decode()


def test_organisation_stands_beside_the_name_on_phone_desk_and_screen(event: Event) -> None:
    make_note(event, author_name="Mira", organisation="Hafen Nord")
    key = new_key()
    make_screen(event, key=key)

    pages = [
        page_of(guests.browser(), event),
        guests.signed_in(make_moderator(event)).get(f"/{event.slug}/desk/").content.decode(),
        guests.beamer(key).get("/screen").content.decode(),
    ]

    assert [page.count("Hafen Nord") for page in pages] == [1, 1, 1]


# --- where each is


@time_machine.travel(at("10:00"), tick=False)
def test_each_own_note_says_where_it_is() -> None:
    event = make_event(contact="Infotresen im Foyer")
    mira = make_attendee(event, "Mira")
    for state in Post.State.values:
        make_note(event, attendee=mira, state=state, text="Hello", received_at=at("09:30"))

    said = words(own(page_of(guests.guest(event, mira.key), event)))

    assert "taken back" in said
    assert "not shown. Questions? Infotresen im Foyer" in said
    assert "on the wall since 11:30" in said  # Berlin, in October
    assert "is being looked at" in said
    assert said.count("Hello") == 3


def test_note_that_is_not_shown_says_no_reason(event: Event) -> None:
    guest = make_attendee(event)
    note = make_note(event, attendee=guest, state="pending")
    moderation.hide_children(note, by=make_moderator(event))

    said = words(own(page_of(guests.guest(event, guest.key), event)))

    assert "hildren" not in said


def test_how_long_a_look_takes_stands_beside_what_waits(event: Event) -> None:
    make_rule(event, Rule.Mode.REVIEW)
    mira = make_moderator(event)
    for _ in range(3):
        moderation.show(make_note(event, state="pending"), by=mira)
    client = guests.guest(event)

    answer = guests.post_note(client, event).json()

    assert answer["wait"] == "mostly within a minute"
    assert "is being looked at , mostly within a minute" in words(own(page_of(client, event)))


# --- a photo


@pytest.fixture
def album() -> Event:
    return make_event(photos=True)


def photo(data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile("x.jpg", data or pictures.jpeg(), content_type="image/jpeg")


@pytest.mark.parametrize("headers", [guests.JSON, guests.HTML], ids=["script", "form"])
def test_note_with_a_photo_waits_whatever_the_mode(album: Event, headers: dict[str, str]) -> None:
    make_rule(album, Rule.Mode.FREE)
    form = guests.note("Look!") | {"photo": photo(), "alt": "A flip chart"}

    answer = guests.guest(album).post(f"/{album.slug}/notes", form, headers=headers)

    note = Post.objects.get()
    assert answer.status_code == (201 if headers is guests.JSON else 302)
    assert (note.state, note.text) == ("pending", "Look!")
    assert (note.photo.alt, note.photo.width) == ("A flip chart", 640)


def test_photo_that_is_none_is_refused_with_a_sentence_and_keeps_the_words(album: Event) -> None:
    form = guests.note("Look!") | {"photo": photo(b"<html>")}

    page = guests.guest(album).post(f"/{album.slug}/notes", form, headers=guests.HTML)

    assert page.status_code == 422
    assert "This is not a photo we can show." in page.content.decode()
    assert "Look!" in page.content.decode()
    assert (Post.objects.count(), Photo.objects.count()) == (0, 0)


def test_photo_is_refused_where_the_event_wants_none(event: Event) -> None:
    form = guests.note("Look!") | {"photo": photo()}

    answer = guests.guest(event).post(f"/{event.slug}/notes", form, headers=guests.JSON)

    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "photo_off")
    assert Post.objects.count() == 0


@pytest.mark.parametrize("photos", [True, False])
def test_page_has_a_field_for_a_photo_where_the_event_wants_some(photos: bool) -> None:
    event = make_event(photos=photos)

    page = page_of(guests.guest(event), event)

    assert ('type="file"' in page, "multipart/form-data" in page) == (photos, photos)


def test_note_with_an_empty_file_field_is_a_note_without_a_photo(album: Event) -> None:
    """What a browser without JavaScript sends when nobody has chosen a file."""
    parts = [f'name="{name}"\r\n\r\n{value}' for name, value in guests.note().items()]
    parts.append('name="photo"; filename=""\r\nContent-Type: application/octet-stream\r\n\r\n')
    body = "".join(f"--x\r\nContent-Disposition: form-data; {part}\r\n" for part in parts)

    answer = guests.guest(album).post(
        f"/{album.slug}/notes", f"{body}--x--\r\n", content_type="multipart/form-data; boundary=x"
    )

    assert (answer.status_code, Photo.objects.count()) == (302, 0)


# --- taken back


def test_note_is_taken_back_by_a_script(event: Event) -> None:
    client = guests.guest(event)
    key = guests.post_note(client, event).json()["note"]["key"]

    said = withdraw(client, event, key).json()["note"]

    assert (said["key"], said["state"]) == (key, "withdrawn")
    assert words(said["html"]) == "taken back"
    assert Post.objects.get().text == ""


def test_note_is_taken_back_without_javascript(event: Event) -> None:
    client = guests.guest(event)
    guests.post_note(client, event, "Hello")
    html = own(page_of(client, event))
    (where,) = re.findall(r'formaction="([^"]+/withdraw)"', html)
    assert 'form="own"' in html

    answer = client.post(where, headers=guests.HTML)

    assert (answer.status_code, answer["Location"]) == (302, f"/{event.slug}/wall/")
    page = page_of(client, event)
    assert ("Hello" in page, words(own(page)).endswith("taken back")) == (False, True)


def test_photo_goes_with_the_note_that_is_taken_back(album: Event) -> None:
    client = guests.guest(album)
    form = guests.note("Look!") | {"photo": photo()}
    key = client.post(f"/{album.slug}/notes", form, headers=guests.JSON).json()["note"]["key"]
    address = f"/media/{Post.objects.get().photo.key}"
    assert client.get(address).status_code == 200

    withdraw(client, album, key)

    assert client.get(address).status_code == 410
    assert not hasattr(Post.objects.get(), "photo")


def test_note_of_somebody_else_is_not_taken_back(event: Event) -> None:
    note = make_note(event, text="Hello")

    answers = [
        withdraw(guests.guest(event), event, note.key),
        withdraw(guests.guest(make_event()), event, note.key),
        withdraw(guests.browser(), event, note.key),
    ]

    assert [answer.status_code for answer in answers] == [404, 403, 403]
    assert Post.objects.get().text == "Hello"


def test_note_is_not_taken_back_from_another_page(event: Event) -> None:
    mira = make_attendee(event, "Mira")
    note = make_note(event, attendee=mira, text="Hello")

    answer = withdraw(guests.guest(event, mira.key, checks_csrf=True), event, note.key)

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "csrf")
    assert Post.objects.get().text == "Hello"


@pytest.mark.parametrize("name", ["short", "x" * 65])
def test_name_that_no_phone_gives_a_note_is_refused(event: Event, name: str) -> None:
    assert withdraw(guests.guest(event), event, name).status_code == 422
    assert Post.objects.count() == 0


def test_whoever_has_written_too_fast_takes_back_at_once(event: Event) -> None:
    client = guests.guest(event)
    keys = [guests.post_note(client, event).json()["note"]["key"] for _ in range(10)]
    assert guests.post_note(client, event).status_code == 429

    answers = [withdraw(client, event, key).status_code for key in keys]

    assert answers == [200] * 10


def test_names_made_up_to_fill_the_table_come_to_an_end(event: Event) -> None:
    client = guests.guest(event)

    answers = {withdraw(client, event, new_key()).status_code for _ in range(70)}

    assert answers == {200, 429}


def test_desk_lists_nothing_that_was_taken_back(event: Event) -> None:
    mira = make_attendee(event, "Mira")
    note = make_note(event, attendee=mira, state="pending")
    desk = guests.signed_in(make_moderator(event))
    assert note.key in desk.get(f"/{event.slug}/desk/").content.decode()

    withdraw(guests.guest(event, mira.key), event, note.key)

    assert note.key not in desk.get(f"/{event.slug}/desk/").content.decode()
    show = desk.post(f"/{event.slug}/desk/posts/{note.key}/show", headers=guests.JSON)
    assert (show.status_code, Post.objects.get().state) == (409, "withdrawn")
