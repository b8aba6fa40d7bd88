"""A file becomes the programme: handed in, looked at, confirmed; by its organizers only."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone, translation
from lxml.html import fragments_fromstring

from agenda import importing
from agenda.models import Event, Membership, Session, Upload, User
from tests import factories, guests
from tests.replay import head

pytestmark = pytest.mark.django_db(transaction=True)

State = Upload.State
PATIENCE_S = 60.0
TABLE = """ID;Tag;Beginn;Ende;Raum;Titel;Vortragende
a1;2026-10-07;11:00;11:30;Saal;Auftakt;Ada
a2;2026-10-07;12:00;12:30;Saal;Ausklang;Grace
"""


@pytest.fixture
def event() -> Event:
    return factories.make_event()


@pytest.fixture
def organizer(event: Event) -> User:
    user = factories.make_user(first_name="Orga")
    Membership.objects.create(user=user, event=event, role=Membership.Role.ORGANIZER)
    return user


@pytest.fixture
def client(organizer: User) -> Client:
    guests.refill_buckets()
    return guests.signed_in(organizer)


def hand_in(client: Client, event: Event, text: str = TABLE) -> Upload:
    """The file, read as far as it can be."""
    file = SimpleUploadedFile("programm.csv", text.encode())
    answer = client.post(f"/{event.slug}/home/import/", {"file": file})
    assert answer.status_code == 302
    look(client, answer["Location"])
    upload = Upload.objects.get()
    assert answer["Location"] == f"/{event.slug}/home/import/{upload.key}/"
    return upload


def look(client: Client, where: str) -> str:
    answer = client.get(where)
    assert answer.status_code == 200
    importing.wait(where.rstrip("/").rpartition("/")[2], PATIENCE_S)
    return answer.content.decode()


def page(client: Client, event: Event, upload: Upload) -> str:
    return look(client, f"/{event.slug}/home/import/{upload.key}/")


def send(client: Client, event: Event, upload: Upload, word: str) -> Any:
    answer = client.post(f"/{event.slug}/home/import/{upload.key}/{word}")
    importing.wait(upload.key, PATIENCE_S)
    upload.refresh_from_db()
    return answer


def test_file_is_shown_first_and_written_when_confirmed(event: Event, client: Client) -> None:
    before = head(event)

    upload = hand_in(client, event)
    shown = page(client, event, upload)
    between = Session.objects.count(), head(event)
    send(client, event, upload, "confirm")

    assert ("Auftakt" in shown, "Ausklang" in shown) == (True, True)
    assert between == (0, before)
    assert upload.state == State.DONE
    assert sorted(Session.objects.values_list("title", flat=True)) == ["Auftakt", "Ausklang"]
    assert bytes(upload.content) == b""


def test_confirmed_twice_it_is_written_once(event: Event, client: Client) -> None:
    upload = hand_in(client, event)
    send(client, event, upload, "confirm")
    before = head(event)

    send(client, event, upload, "confirm")

    assert (head(event), Session.objects.count()) == (before, 2)


def test_same_file_once_more_has_nothing_to_take_over(event: Event, client: Client) -> None:
    send(client, event, hand_in(client, event), "confirm")
    Upload.objects.all().delete()

    shown = page(client, event, hand_in(client, event))

    assert "/confirm" not in shown


@pytest.mark.parametrize("text", ["no table at all", "\0\1\2", "Titel\n"])
def test_file_that_cannot_be_read_says_why_and_changes_nothing(
    event: Event, client: Client, text: str
) -> None:
    before = head(event)

    upload = hand_in(client, event, text)
    shown = page(client, event, upload)
    upload.refresh_from_db()
    send(client, event, upload, "confirm")

    assert (upload.state, head(event), Session.objects.count()) == (State.FAILED, before, 0)
    assert 'role="alert"' in shown
    assert upload.report["refused"]


def test_work_that_breaks_leaves_a_sentence(
    event: Event, organizer: User, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(upload: Upload) -> None:
        raise ZeroDivisionError

    upload = importing.take(event, by=organizer, name="x.csv", content=b"x")
    with translation.override("en"):
        importing._guarded(upload, broken)
    upload.refresh_from_db()

    assert (upload.state, "our side" in upload.report["refused"]) == (State.FAILED, True)
    assert [record.message for record in caplog.records] == ["import failed"]


def test_progress_says_how_far_it_is_and_then_what_came_of_it(event: Event, client: Client) -> None:
    upload = hand_in(client, event)
    where = f"/{event.slug}/home/import/{upload.key}/progress"
    Upload.objects.update(state=State.WRITING, progress=1)
    importing._per_cent[upload.key] = 64

    busy = client.get(where).json()
    del importing._per_cent[upload.key]
    Upload.objects.update(state=State.READ)
    ready = client.get(where).json()

    assert (busy["busy"], 'value="64"' in busy["html"]) == (True, True)
    assert (ready["busy"], "Auftakt" in ready["html"]) == (False, True)
    for told in (busy, ready):  # a script puts in one element
        assert len(fragments_fromstring(told["html"].strip())) == 1


def test_file_whose_server_was_stopped_is_given_up(event: Event, client: Client) -> None:
    upload = hand_in(client, event)
    long_ago = timezone.now() - importing.LOST_AFTER - timedelta(seconds=1)
    Upload.objects.update(state=State.WRITING, at=long_ago)

    shown = page(client, event, upload)

    upload.refresh_from_db()
    assert (upload.state, 'role="alert"' in shown) == (State.FAILED, True)


def test_file_is_forgotten_when_discarded_and_after_a_day(
    event: Event, client: Client, organizer: User
) -> None:
    upload = hand_in(client, event)
    client.post(f"/{event.slug}/home/import/{upload.key}/discard")
    after_discard = Upload.objects.count()
    old, new = (importing.take(event, by=organizer, name="x", content=b"x") for _ in range(2))
    Upload.objects.filter(pk=old.pk).update(at=timezone.now() - importing.KEPT)

    importing.forget_old(timezone.now())

    assert (after_discard, list(Upload.objects.all())) == (0, [new])


def test_file_of_one_event_is_not_found_below_another(
    event: Event, client: Client, organizer: User
) -> None:
    upload = hand_in(client, event)
    other = factories.make_event()
    Membership.objects.create(user=organizer, event=other, role=Membership.Role.ORGANIZER)

    answers = [
        client.get(f"/{other.slug}/home/import/{upload.key}/{word}") for word in ("", "progress")
    ]
    answers += [
        client.post(f"/{other.slug}/home/import/{upload.key}/{word}")
        for word in ("confirm", "discard")
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert Upload.objects.get().state == State.READ


@pytest.mark.parametrize("size", [0, 10 * 1024 * 1024 + 1])
def test_file_that_is_empty_or_too_large_is_refused_in_words(
    event: Event, client: Client, size: int
) -> None:
    file = SimpleUploadedFile("programm.csv", b"x" * size)

    answer = client.post(f"/{event.slug}/home/import/", {"file": file})

    assert (answer.status_code, Upload.objects.count()) == (422, 0)
    assert 'role="alert"' in answer.content.decode()


def test_no_more_files_are_worked_on_at_once_than_the_process_may(
    event: Event, organizer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "MAX_AT_ONCE", 0)
    upload = importing.take(event, by=organizer, name="x", content=b"x")

    with pytest.raises(importing.TooManyError):
        importing.begin_reading(upload, language="de")

    upload.refresh_from_db()
    assert (upload.state, upload.progress) == (State.WAITING, 0)
