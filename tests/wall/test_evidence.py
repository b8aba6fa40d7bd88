"""A post kept as evidence is sealed, proves itself, and goes on its own day and no other."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from agenda import erasure
from agenda.models import Event, Membership, User
from eventhub.live.models import new_key
from tests import factories
from wall import evidence, guests, moderation, photos, purge, scrub
from wall.models import Action, Evidence, Post

pytestmark = pytest.mark.django_db

PICTURE = b"RIFF picture of a post"
TODAY = timezone.now().date()


@pytest.fixture(autouse=True)
def folders(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"


@pytest.fixture
def mira(event: Event) -> User:
    return factories.make_moderator(event, first_name="Mira")


def organizer(event: Event, name: str = "Jo") -> User:
    user = factories.make_user(first_name=name)
    Membership.objects.create(user=user, event=event, role=Membership.Role.ORGANIZER)
    return user


def with_picture(post: Post) -> Post:
    row = factories.make_picture(post, alt="A banner", url="https://files.example/1.png")
    path = photos.path_of(row.key)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(PICTURE)
    return post


def seal(post: Post, *, by: User, **wish: Any) -> Evidence:
    post = Post.objects.filter(pk=post.pk).to_draw().get()
    usual: dict[str, Any] = {"key": new_key(), "version": post.version, "why": "Threat"}
    usual["until"] = evidence.days(post.event)[1]
    if "kept_for" not in wish:
        usual["kept_for"] = organizer(post.event)
    return evidence.seal(post, by=by, **usual | wish)


def lines(event: Event) -> list[str]:
    return list(Action.objects.filter(event=event).order_by("pk").values_list("verb", flat=True))


# --- what is kept


def test_text_address_author_times_and_picture_are_kept(event: Event, mira: User) -> None:
    author = factories.make_author(event, identity="did:plc:17", handle="@ada@social.example")
    post = with_picture(
        factories.make_post(event, text="Bad words", url="https://social.example/1", author=author)
    )

    content = evidence.open_sealed(seal(post, by=mira))

    assert content is not None
    told = content.told
    assert (told["text"], told["address"]) == ("Bad words", "https://social.example/1")
    assert (told["author"], told["identity"]) == (post.author_name, "did:plc:17")
    assert told["written_at"] == post.written_at.isoformat(timespec="seconds")
    assert [one["description"] for one in told["pictures"]] == ["A banner"]
    assert content.pictures == [PICTURE]


def test_why_it_is_kept_is_sealed_like_the_rest(event: Event, mira: User) -> None:
    row = seal(factories.make_post(event), by=mira, why="Ole was threatened")

    stored = Evidence.objects.filter(pk=row.pk).values().get()
    content = evidence.open_sealed(row)

    assert [name for name, value in stored.items() if "threatened" in str(value)] == []
    assert content is not None
    assert content.told["why_kept"] == "Ole was threatened"


def test_hidden_post_is_kept_with_its_picture(event: Event, mira: User) -> None:
    post = with_picture(factories.make_post(event, text="Bad words"))
    moderation.hide(post, by=mira)

    content = evidence.open_sealed(seal(post, by=mira))

    assert content is not None
    assert (content.told["state"], content.pictures) == ("hidden", [PICTURE])


def test_picture_whose_file_is_gone_is_named_without_bytes(event: Event, mira: User) -> None:
    post = factories.make_post(event)
    photos.remove_file(factories.make_picture(post, alt="A banner").key)

    content = evidence.open_sealed(seal(post, by=mira))

    assert content is not None
    assert (content.told["pictures"][0]["file"], content.pictures) == ("", [])


def test_guest_is_kept_by_name_never_by_the_key_of_their_cookie(event: Event, mira: User) -> None:
    note = factories.make_note(event, attendee=factories.make_attendee(event, "Ole"))
    assert note.attendee is not None

    content = evidence.open_sealed(seal(note, by=mira))

    assert content is not None
    assert "Ole" in content.written
    assert note.attendee.key not in content.written


def test_nothing_of_it_stands_readable_in_its_row(event: Event, mira: User) -> None:
    row = seal(with_picture(factories.make_post(event, text="Bad words")), by=mira)

    stored = repr(Evidence.objects.filter(pk=row.pk).values().get())

    assert "Bad words" not in stored
    assert "RIFF" not in stored
    assert len(row.pictures) == 1


# --- it proves itself


@pytest.mark.parametrize("what", ["digest", "other picture", "picture", "text"])
def test_altered_bytes_are_noticed(event: Event, mira: User, what: str) -> None:
    row = seal(with_picture(factories.make_post(event)), by=mira)
    other = seal(with_picture(factories.make_post(event, text="Harmless")), by=mira)
    assert evidence.open_sealed(row) is not None  # the negative control

    if what == "text":  # a whole other one, sealed with the right key
        row.sealed = other.sealed
    elif what == "digest":
        row.digest = other.digest
    elif what == "picture":
        row.pictures = [row.pictures[0][:-6] + "AAAAA="]
    else:
        row.pictures = []

    assert evidence.open_sealed(row) is None


def test_another_key_of_the_server_opens_nothing(
    event: Event, mira: User, settings: Settings
) -> None:
    row = seal(factories.make_post(event), by=mira)

    settings.SECRET_KEY = "another key"

    assert evidence.open_sealed(row) is None


# --- for whom, and when not


def test_sealing_twice_with_one_key_keeps_one(event: Event, mira: User) -> None:
    key, post = new_key(), factories.make_post(event)

    assert seal(post, by=mira, key=key) == seal(post, by=mira, key=key)
    assert lines(event) == ["seal_evidence"]


def test_what_has_changed_since_it_was_looked_at_is_refused(event: Event, mira: User) -> None:
    post = factories.make_post(event)
    seen = post.version
    moderation.hide(post, by=mira)

    with pytest.raises(evidence.PostChanged):
        seal(post, by=mira, version=seen)

    assert Evidence.objects.count() == 0


def test_kept_is_for_organizers_of_this_event_alone(event: Event, mira: User) -> None:
    stranger = organizer(factories.make_event())
    post = factories.make_post(event)

    for person in (mira, stranger):
        with pytest.raises(evidence.EvidenceRefused):
            seal(post, by=mira, kept_for=person)

    assert list(evidence.organizers(event)) == []


@pytest.mark.parametrize("days", [-1, 0, 3 * 365 + 2])
def test_day_before_tomorrow_or_far_away_is_refused(event: Event, mira: User, days: int) -> None:
    with pytest.raises(evidence.EvidenceRefused):
        seal(factories.make_post(event), by=mira, until=TODAY + timedelta(days=days))


def test_who_no_longer_organizes_opens_nothing(event: Event, mira: User) -> None:
    jo = organizer(event)
    row = seal(factories.make_post(event), by=mira, kept_for=jo)
    assert list(evidence.of(event, jo)) == [row]

    Membership.objects.filter(user=jo).delete()

    assert list(evidence.of(event, jo)) == []


def test_opening_is_one_line_in_ten_minutes(event: Event, mira: User) -> None:
    jo = organizer(event)
    row = seal(factories.make_post(event), by=mira, kept_for=jo)

    evidence.note_reading(row, by=jo)
    evidence.note_reading(row, by=jo)
    Action.objects.update(at=timezone.now() - timedelta(minutes=11))
    evidence.note_reading(row, by=jo)

    assert lines(event) == ["seal_evidence", "read_evidence", "read_evidence"]


# --- when it goes


def test_it_outlives_post_guest_and_purge_of_its_event(event: Event, mira: User) -> None:
    note = factories.make_note(event, text="Bad words")
    assert note.attendee is not None
    row = seal(note, by=mira)
    guests.erase(event, note.attendee.key)
    event.purge_on = TODAY
    event.save()

    purge.purge(event)

    content = evidence.open_sealed(Evidence.objects.get(pk=row.pk))
    assert content is not None
    assert content.told["text"] == "Bad words"
    evidence.note_reading(row, by=row.kept_for)
    assert purge.count(Event.objects.get(pk=event.pk)) == {}  # nothing new to be deleted


def test_it_goes_on_its_own_day(event: Event, mira: User) -> None:
    row = seal(factories.make_post(event), by=mira)
    other = seal(factories.make_post(event), by=mira)
    day = timezone.now() + timedelta(days=1)
    Evidence.objects.filter(pk=row.pk).update(delete_on=day.astimezone(event.tz).date())

    assert evidence.delete_due(timezone.now()) == 0
    assert evidence.delete_due(day) == 1

    assert list(Evidence.objects.all()) == [other]
    assert scrub.is_due()
    assert lines(event)[-1] == "delete_evidence"


def test_deleting_twice_is_deleting_once(event: Event, mira: User) -> None:
    row = seal(factories.make_post(event), by=mira)

    assert [evidence.delete(row, by=row.kept_for) for _ in range(2)] == [True, False]


def test_it_goes_with_its_event(event: Event, mira: User) -> None:
    seal(factories.make_post(event), by=mira)

    erasure.erase(event)

    assert Evidence.objects.count() == 0
