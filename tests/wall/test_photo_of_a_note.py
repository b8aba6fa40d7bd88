"""A note has its photo, and the photo's address answers, as long as the note may be seen."""

import os
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from agenda.models import Attendee, Event
from eventhub.live import guard
from eventhub.live.log import changing
from eventhub.live.models import new_key
from tests import guests
from tests.factories import (
    make_attendee,
    make_event,
    make_moderator,
    make_note,
    make_photo,
    make_rule,
    make_screen,
)
from tests.replay import changes_since, head
from wall import ingest, moderation, photos
from wall.models import Decision, Photo, Post

pytestmark = pytest.mark.django_db

Committed = Callable[[], AbstractContextManager[object]]
DATA = b"RIFF\x0a\0\0\0WEBPcanary"
CHECKED = photos.CheckedPhoto(DATA, 640, 480)


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def guest(event: Event) -> Attendee:
    event.photos = True
    event.save()
    return make_attendee(event, "Mira")


def files(media: Path) -> list[str]:
    return sorted(path.name for path in media.rglob("*") if path.is_file())


def take_note(guest: Attendee, **fields: Any) -> Post:
    wanted: dict[str, Any] = {"idempotency": new_key(), "photo": CHECKED} | fields
    return ingest.take_note(guest.event, attendee_key=guest.key, written="A note", **wanted).post


def fetch(photo: Photo, client: Client | None = None) -> Any:
    return (client or guests.browser()).get(f"/media/{photo.key}")


# --- keeping and dropping


def test_note_with_a_photo_is_looked_at_first_though_others_are_shown(guest: Attendee) -> None:
    make_rule(guest.event, "free")

    with_photo, without = take_note(guest), take_note(guest, photo=None)

    assert (with_photo.state, without.state) == ("pending", "shown")


def test_photo_lies_under_its_key_and_belongs_to_the_note(guest: Attendee, media: Path) -> None:
    post = take_note(guest, alt="  The hall,\n full ")

    photo = Photo.objects.get(post=post)
    assert (photo.event, photo.width, photo.height) == (guest.event, 640, 480)
    assert (photo.size, photo.alt) == (len(DATA), "The hall, full")
    assert files(media) == [f"{photo.key}.webp"]
    assert photos.path_of(photo.key).read_bytes() == DATA
    assert photos.path_of(photo.key).stat().st_mode & 0o077 == 0


def test_same_note_sent_again_keeps_one_photo(guest: Attendee, media: Path) -> None:
    key = new_key()

    first, second = take_note(guest, idempotency=key), take_note(guest, idempotency=key)

    assert (first.pk, Photo.objects.count()) == (second.pk, 1)
    assert len(files(media)) == 1


def test_event_without_photos_takes_none(guest: Attendee, media: Path) -> None:
    Event.objects.update(photos=False)
    guest.event.refresh_from_db()

    with pytest.raises(photos.PhotoRefused) as refused:
        take_note(guest)

    assert refused.value.code == "photo_off"
    assert (Post.objects.count(), files(media)) == (0, [])


def test_nobody_waits_for_the_disk_while_a_note_is_written(
    guest: Attendee, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, open_logs = photos._write, []

    def watched(path: Path, data: bytes) -> None:
        open_logs.append(guard.open_log())
        write(path, data)

    monkeypatch.setattr(photos, "_write", watched)
    take_note(guest)
    with changing(guest.event):
        take_note(guest)  # what it looks like where somebody holds the log

    assert [log is None for log in open_logs] == [True, False]


def test_full_disk_takes_neither_note_nor_photo(guest: Attendee, media: Path) -> None:
    media.write_text("a file where the folder should be")

    with pytest.raises(photos.PhotoRefused) as refused:
        take_note(guest)

    assert refused.value.code == "photo_no_room"
    assert Post.objects.count() == 0


def test_dropped_photo_is_gone_with_the_commit(guest: Attendee, committed: Committed) -> None:
    photo = make_photo(make_note(guest.event, attendee=guest), alt="The hall")
    path, before = photos.path_of(photo.key), head(guest.event)
    assert photo.post is not None

    with committed():
        assert photos.drop(photo.post) is True
        assert path.exists()

    photo.refresh_from_db()
    assert photo.post is None
    assert (photo.alt, path.exists()) == ("", False)
    assert [kind for kind, _key in changes_since(guest.event, before)] == ["post"]
    assert photos.drop(Post.objects.get()) is False


def test_photo_whose_dropping_is_taken_back_stays(guest: Attendee, committed: Committed) -> None:
    post = make_note(guest.event, attendee=guest)
    photo = make_photo(post)

    def drop_and_fail() -> None:
        with changing(guest.event):
            photos.drop(post)
            raise RuntimeError

    with committed(), pytest.raises(RuntimeError):
        drop_and_fail()

    photo.refresh_from_db()
    assert photo.post == post
    assert photos.path_of(photo.key).exists()


def test_sweep_removes_what_belongs_to_no_note(guest: Attendee, media: Path) -> None:
    kept, orphan, fresh = (make_photo(make_note(guest.event, attendee=guest)) for _ in range(3))
    half = photos.path_of(new_key()).with_suffix(".part")
    half.parent.mkdir(exist_ok=True)
    half.write_bytes(b"half")
    for photo in (orphan, fresh):
        assert photo.post is not None
        with changing(guest.event) as log:
            log.remove(log.fresh(photo.post))
    hours_ago = time.time() - 2 * photos.ORPHAN_AFTER_S
    for path in (photos.path_of(kept.key), photos.path_of(orphan.key), half):
        os.utime(path, (hours_ago, hours_ago))

    assert photos.sweep() == 2
    assert files(media) == sorted(f"{photo.key}.webp" for photo in (kept, fresh))


def test_sweep_of_a_folder_that_is_not_there_finds_nothing(db: None) -> None:
    assert photos.sweep() == 0


# --- the address


def test_shown_photo_is_served_with_a_fixed_type_and_kept_nowhere(guest: Attendee) -> None:
    photo = make_photo(make_note(guest.event, attendee=guest))

    answer = fetch(photo)

    assert (answer.status_code, answer.content) == (200, DATA)
    wanted = {
        "Content-Type": "image/webp",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    assert {name: answer.headers[name] for name in wanted} == wanted
    assert not answer.cookies


def who(event: Event, guest: Attendee) -> dict[str, Client]:
    elsewhere = make_event()
    return {
        "anonymous": guests.browser(),
        "another guest": guests.guest(event),
        "a moderator of another event": guests.signed_in(make_moderator(elsewhere)),
        "the author": guests.guest(event, guest.key),
        "a moderator": guests.signed_in(make_moderator(event)),
    }


def test_waiting_photo_is_seen_by_the_desk_and_its_author_only(guest: Attendee) -> None:
    photo = make_photo(make_note(guest.event, attendee=guest, state="pending"))

    answers = {name: fetch(photo, client) for name, client in who(guest.event, guest).items()}

    assert {name: answer.status_code for name, answer in answers.items()} == {
        "anonymous": 404,
        "another guest": 404,
        "a moderator of another event": 404,
        "the author": 200,
        "a moderator": 200,
    }
    said = [b"canary" in answers[name].content for name in list(answers)[:3]]
    assert said == [False, False, False]


@pytest.mark.each_case
@pytest.mark.parametrize("how", ["hidden", "withdrawn", "deleted", "dropped"])
def test_photo_of_a_note_that_is_gone_is_gone_for_everybody(
    guest: Attendee, how: str, committed: Committed
) -> None:
    post = make_note(guest.event, attendee=guest)
    photo = make_photo(post)
    assert fetch(photo).status_code == 200

    with committed():
        if how == "hidden":
            moderation.hide(post, by=None)
        elif how == "withdrawn":
            assert moderation.withdraw(post, attendee_key=guest.key)
        elif how == "dropped":
            photos.drop(post)
        else:
            with changing(guest.event) as log:
                log.remove(log.fresh(post))

    answers = [fetch(photo, client) for client in who(guest.event, guest).values()]
    assert [answer.status_code for answer in answers] == [410] * 5
    assert {answer.content for answer in answers} == {b""}
    assert {answer["Cache-Control"] for answer in answers} == {"no-store"}


def test_photo_shown_again_answers_again(guest: Attendee) -> None:
    post = make_note(guest.event, attendee=guest)
    photo = make_photo(post)
    moderation.hide(post, by=None)

    moderation.show(post, by=None)

    assert fetch(photo).status_code == 200


def test_photo_whose_file_is_missing_is_gone(guest: Attendee) -> None:
    photo = make_photo(make_note(guest.event, attendee=guest))
    photos.path_of(photo.key).unlink()

    assert fetch(photo).status_code == 410


@pytest.mark.parametrize("key", ["x" * 22, "-", "..", "a%2F..%2Fb", "%00"])
def test_address_of_no_photo_is_unknown(guest: Attendee, key: str) -> None:
    assert guests.browser().get(f"/media/{key}").status_code == 404


def test_photo_of_a_closed_event_is_for_its_people(guest: Attendee) -> None:
    Event.objects.update(closed=True)
    photo = make_photo(make_note(guest.event, attendee=guest))
    screen_key = new_key()
    make_screen(guest.event, key=screen_key)
    people = {**who(guest.event, guest), "a screen": guests.beamer(screen_key)}

    answers = {name: fetch(photo, client).status_code for name, client in people.items()}

    outside = ("anonymous", "a moderator of another event")
    assert answers == {name: 404 if name in outside else 200 for name in people}


def test_photo_is_only_read_at_its_address(guest: Attendee) -> None:
    photo = make_photo(make_note(guest.event, attendee=guest))

    assert guests.browser().post(f"/media/{photo.key}").status_code == 405
    assert guests.browser().head(f"/media/{photo.key}").status_code == 200


# --- the desk


def test_desk_hides_a_photo_with_children_in_one_press_and_remembers_why(guest: Attendee) -> None:
    post = make_note(guest.event, attendee=guest, state="pending")
    photo = make_photo(post)
    desk = guests.signed_in(make_moderator(guest.event, "mira"))
    page = desk.get(f"/{guest.event.slug}/desk/").content.decode()
    address = f"/{guest.event.slug}/desk/posts/{post.key}/children"
    assert f'src="/media/{photo.key}"' in page
    assert f'formaction="{address}"' in page

    answer = desk.post(address, {"version": post.version}, headers=guests.JSON)

    decision = Decision.objects.get()
    assert (answer.status_code, answer.json()["state"]) == (200, "hidden")
    assert (decision.reason, decision.after) == ("children", "hidden")
    assert answer.json()["undo"] == decision.pk
    assert f"/media/{photo.key}" not in desk.get(f"/{guest.event.slug}/desk/").content.decode()


def test_desk_decides_about_children_only_on_what_it_has_seen(guest: Attendee) -> None:
    post = make_note(guest.event, attendee=guest, state="pending")
    mira = make_moderator(guest.event, "mira")

    with pytest.raises(moderation.DecidedMeanwhileError):
        moderation.hide_children(post, by=mira, seen_version=post.version - 1)


def test_note_without_a_photo_has_neither_picture_nor_question(guest: Attendee) -> None:
    make_note(guest.event, attendee=guest, state="pending")
    desk = guests.signed_in(make_moderator(guest.event, "mira"))

    page = desk.get(f"/{guest.event.slug}/desk/").content.decode()

    assert ("/media/" in page, "/children" in page) == (False, False)


def test_picture_says_what_can_be_seen(guest: Attendee) -> None:
    make_photo(make_note(guest.event, attendee=guest), alt='The "hall"')
    make_photo(make_note(guest.event, attendee=guest))

    page = guests.browser().get(f"/{guest.event.slug}/wall/").content.decode()

    assert 'alt="The &quot;hall&quot;"' in page
    assert 'alt="Photo by Mira"' in page


def test_author_of_a_hidden_photo_is_shown_no_address_that_is_gone(guest: Attendee) -> None:
    """Negative control: while it waits, the same page shows it."""
    post = make_note(guest.event, attendee=guest, state="pending")
    make_photo(post)
    phone = guests.guest(guest.event, guest.key)
    pages = [phone.get(f"/{guest.event.slug}/wall/").content.decode()]

    moderation.hide(post, by=None)

    pages.append(phone.get(f"/{guest.event.slug}/wall/").content.decode())
    assert ["/media/" in page for page in pages] == [True, False]
