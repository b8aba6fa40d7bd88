"""Pictures for the screens: drawn anew, in their order, seen by whoever may see the event."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agenda import copying
from agenda.models import Event, Membership, User
from eventhub.live import guard
from eventhub.live.log import changing
from eventhub.live.models import Change
from eventhub.live.topics import registry
from tests import factories, guests
from tests.wall import pictures
from wall import photos, placards
from wall.models import Picture, Placard
from wall.placards import PhotoRefused, PlacardsFull

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    return factories.make_event()


def organizer(event: Event) -> Client:
    person = factories.make_user()
    Membership.objects.create(user=person, event=event, role=Membership.Role.ORGANIZER)
    return signed_in(person)


def signed_in(person: User) -> Client:
    return guests.signed_in(person)


def kept(event: Event, *titles: str) -> list[Placard]:
    """Placards whose file nobody has drawn: what is in it does not matter here."""
    stored = photos.CheckedPhoto(b"RIFF\x0a\0\0\0WEBPcanary", 640, 480)
    return [placards._keep(event, stored, title, True) for title in titles]


def files() -> set[Path]:
    return set(photos.path_of("xx").parent.parent.glob("*/*"))


def send(client: Client, event: Event, *files: tuple[str, bytes], **form: Any) -> Any:
    sent = [SimpleUploadedFile(name, data) for name, data in files]
    return client.post(f"/{event.slug}/home/placards/", {"pictures": sent, **form})


def test_several_are_taken_at_once_named_after_their_files_and_drawn_anew(event: Event) -> None:
    sent = pictures.png(400, 300)

    answer = send(organizer(event), event, ("Bank.png", sent), ("Dom.png", sent), sponsor="on")

    assert answer.status_code == 302
    rows = placards.of(event)
    assert [(row.title, row.sponsor, row.width) for row in rows] == [
        ("Bank", True, 400),
        ("Dom", True, 400),
    ]
    data = photos.path_of(rows[0].file).read_bytes()
    assert data[8:12] == b"WEBP"
    assert data != sent


def test_what_is_no_picture_is_refused_in_words_and_the_others_are_taken(event: Event) -> None:
    files = [("Virus.png", pictures.HTML), ("Bank.png", pictures.png(400, 300))]

    answer = send(organizer(event), event, *files)

    assert answer.status_code == 422
    assert "Virus: This is not a photo" in answer.content.decode()
    assert [row.title for row in placards.of(event)] == ["Bank"]


def test_too_heavy_a_file_is_refused_and_nothing_is_kept(event: Event) -> None:
    before = files()

    with pytest.raises(PhotoRefused) as refusal:
        placards.add(event, b"x" * (placards.MAX_UPLOAD_BYTES + 1), title="Poster")

    assert refusal.value.code == "photo_heavy"
    assert placards.of(event) == []
    assert files() == before


def test_forty_are_enough(event: Event) -> None:
    kept(event, *(f"P{n}" for n in range(placards.MOST)))

    with pytest.raises(PlacardsFull):
        placards.add(event, b"whatever", title="One more")


def test_order_and_title_change_on_screens_and_the_same_again_tells_nobody(event: Event) -> None:
    first, second, third = kept(event, "A", "B", "C")

    assert placards.shift(third, -1) is True
    assert [row.title for row in placards.of(event)] == ["A", "C", "B"]
    assert placards.shift(first, -1) is False
    assert placards.change(second, title=" Bank ", sponsor=False) is True
    told = Change.objects.filter(event_id=event.pk).count()
    assert placards.change(second, title="Bank", sponsor=False) is False
    assert Change.objects.filter(event_id=event.pk).count() == told


def test_removed_one_is_gone_with_its_file_and_its_address_says_so(
    event: Event, django_capture_on_commit_callbacks: Any
) -> None:
    (placard,) = kept(event, "A")
    page = guests.browser()
    assert page.get(f"/media/{placard.file}").status_code == 200

    with django_capture_on_commit_callbacks(execute=True):
        organizer(event).post(f"/{event.slug}/home/placards/{placard.key}", {"what": "remove"})

    assert page.get(f"/media/{placard.file}").status_code == 410
    assert not photos.path_of(placard.file).exists()
    assert Picture.objects.get(key=placard.file).state == Picture.State.DROPPED


def test_closed_event_shows_its_pictures_to_nobody_else(event: Event) -> None:
    (placard,) = kept(event, "A")
    Event.objects.filter(pk=event.pk).update(closed=True)

    assert guests.browser().get(f"/media/{placard.file}").status_code == 404
    assert organizer(event).get(f"/media/{placard.file}").status_code == 200


def test_sweep_leaves_the_files_of_placards_alone(event: Event) -> None:
    (placard,) = kept(event, "A")

    assert photos._belonging([placard.file, "other"]) == {placard.file}


def test_next_of_a_series_has_the_same_pictures_in_files_of_its_own(event: Event) -> None:
    (placard,) = kept(event, "A")

    new = copying.copy(event, first_day=date(2027, 5, 14), by=factories.make_user())

    (copied,) = placards.of(new)
    assert (copied.title, copied.width) == (placard.title, placard.width)
    assert copied.file != placard.file
    assert photos.path_of(copied.file).exists()


def test_files_are_copied_before_the_log_is_opened(
    event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: within an open log the same look finds it open."""
    kept(event, "A", "B")
    write, seen = photos._write, []

    def looked(path: Path, data: bytes) -> None:
        seen.append(guard.open_log())
        write(path, data)

    monkeypatch.setattr(photos, "_write", looked)

    copying.copy(event, first_day=date(2027, 5, 14), by=factories.make_user())

    assert seen == [None, None]
    with changing(event):
        photos.store(photos.CheckedPhoto(b"canary", 9, 9))
    assert seen[2] is not None


def test_copy_that_fails_leaves_no_file_behind(event: Event) -> None:
    kept(event, "A", "B")
    before = files()

    with pytest.raises(ValidationError):
        copying.copy(event, first_day=date(2027, 5, 14), by=factories.make_user(), name="x" * 500)

    assert files() == before


def test_picture_whose_file_is_missing_stays_behind(event: Event) -> None:
    missing, _ = kept(event, "A", "B")
    photos.remove_file(missing.file)

    new = copying.copy(event, first_day=date(2027, 5, 14), by=factories.make_user())

    assert [(one.title, one.position) for one in placards.of(new)] == [("B", 0)]


def test_another_event_has_no_part_in_them(event: Event) -> None:
    (placard,) = kept(event, "A")
    other = factories.make_event()

    answer = organizer(other).post(
        f"/{other.slug}/home/placards/{placard.key}", {"what": "name", "title": "X"}
    )

    assert answer.status_code == 404
    assert placards.of(event)[0].title == "A"


def test_of_two_who_name_one_picture_the_second_reads_what_it_is_called(event: Event) -> None:
    (placard,) = kept(event, "A")
    page, client = f"/{event.slug}/home/placards/{placard.key}", organizer(event)
    seen = {"what": "name", "was": "A", "was_sponsor": "on", "sponsor": "on"}
    assert client.post(page, seen | {"title": "Bank"}).status_code == 302

    answer = client.post(page, seen | {"title": "Dom"})

    assert answer.status_code == 409
    assert "it is called “Bank” now" in answer.content.decode()
    assert placards.of(event)[0].title == "Bank"
    assert client.post(page, seen | {"title": "Bank"}).status_code == 302


def test_another_organizer_sees_what_was_uploaded_in_its_place(event: Event) -> None:
    first, second = kept(event, "A", "B")
    placards.shift(second, -1)

    rows = registry["placards"].window(event.pk, "placards", "en")

    assert [(row.key, row.order) for row in rows] == [
        (second.key, second.pk % 1000),
        (first.key, 1000 + first.pk % 1000),
    ]
    assert 'value="B"' in str(rows[0].html)
    assert "placards" in Change.objects.filter(event_id=event.pk).latest("seq").topics.split()


def test_page_asks_the_same_for_one_and_for_three(event: Event) -> None:
    client, counts = organizer(event), []
    for titles in (["A"], ["B", "C"]):
        kept(event, *titles)
        client.get(f"/{event.slug}/home/placards/")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(f"/{event.slug}/home/placards/")
        counts.append(len(asked))

    assert counts[0] == counts[1]
