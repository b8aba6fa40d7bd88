"""What guests and sources wrote is gone on its day, in portions; the rest stays, all are told."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from agenda import carry, helpers
from agenda.models import Answer, Attendee, Carry, Door, DoorEntry, Event, Membership, User
from eventhub.live import check_log, reading
from eventhub.live.log import changing, cut
from eventhub.live.models import Change, new_key
from tests import factories, two_events
from tests.replay import assert_replay, follow, page
from wall import moderation, photos, purge, scrub
from wall.models import Action, Decision, Photo, Picture, Post, Source

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folders(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"


@pytest.fixture
def over(event: Event) -> Event:
    """An event whose day of deletion is today."""
    event.purge_on = timezone.now().astimezone(event.tz).date()
    event.feedback = Event.Feedback.OPEN
    event.save()
    return event


def add_photo(post: Post) -> Path:
    photo = Photo.objects.create(
        post=post, event=post.event, width=1, height=1, size=4, alt="A cat"
    )
    path = photos.path_of(photo.key)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"meow")
    return path


def write_everything(event: Event) -> list[Path]:
    """A row of every kind that must go. The files of its photos."""
    mira = factories.make_attendee(event, "Mira")
    note = factories.make_note(event, attendee=mira, text="With a photo")
    factories.make_note(event, attendee=mira, text="Taken back", state=Post.State.WITHDRAWN)
    hidden = factories.make_post(event, state=Post.State.PENDING)
    moderation.hide(hidden, by=None)
    carry.make(mira)
    Answer.objects.create(event=event, question="good", text="The coffee", origin=new_key())
    factories.make_source(event, token="secret", cursor="17", error="It said no")
    helpers.open_door(event, task="desk", until=timezone.now() + timedelta(hours=1), by=None)
    person = User.objects.create(username="helper-1", first_name="Ole", password="!")
    Membership.objects.create(user=person, event=event, role="helper", tasks=["desk"])
    gone = Photo.objects.create(event=event, width=1, height=1, size=4)  # its note is gone
    return [add_photo(note), photos.path_of(gone.key)]


def left_of_guests(event: Event) -> list[object]:
    rows = [Post, Photo, Attendee, Answer, Door, DoorEntry]
    return [
        *(row for model in rows for row in model._default_manager.filter(event=event)),
        *Carry.objects.filter(attendee__event=event),
    ]


# --- when


def test_day_begins_where_the_event_is() -> None:
    berlin, apia = (
        factories.make_event(zone=zone, purge_on=date(2026, 11, 6))
        for zone in ("Europe/Berlin", "Pacific/Apia")
    )

    moments = [
        datetime(2026, 11, day, hour, tzinfo=UTC)
        for day, hour in ((5, 10), (5, 11), (5, 22), (5, 23))
    ]

    assert [set(purge.due(at)) for at in moments] == [
        set(),
        {apia},
        {apia},
        {apia, berlin},
    ]


# --- what


def test_everything_that_guests_and_sources_wrote_goes(over: Event) -> None:
    files = write_everything(over)

    gone = purge.purge(over)

    assert left_of_guests(over) == []
    assert [file for file in files if file.exists()] == []
    assert not User.objects.filter(username="helper-1").exists()
    assert gone["posts"] == 3
    assert gone["guests"] == gone["answers"] == gone["sources"] == 1
    assert gone["helpers"] == 3  # a door, a line in its book, a person
    source = Source.objects.get(event=over)
    assert (source.cursor, source.token_sealed, source.error, source.paused) == ("", "", "", True)
    assert {one.post_id for one in Decision.objects.filter(event=over)} == {None}
    assert check_log.check(over.pk) == []


def test_event_programme_accounts_and_other_events_stay() -> None:
    a, b = two_events.furnish_two()
    organizer = b.person(Membership.Role.ORGANIZER)
    Event.objects.filter(pk=b.event.pk).update(purge_on=date(2020, 1, 1))
    kept = ["event", "Room", "Session", "Slot", "Rule", "Screen"]
    others, before = a.state(), b.state()

    purge.purge(Event.objects.get(pk=b.event.pk))

    after = b.state()
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert len(after["Decision"]) == len(before["Decision"]) > 0
    assert Event.objects.organized_by(organizer).get() == b.event
    assert User.objects.filter(pk=b.rows["agenda/user"].pk).exists()  # a moderator
    assert a.state() == others


def test_of_keepers_stays_who_did_what_and_evidence_until_its_day() -> None:
    _, b = two_events.furnish_two()
    Event.objects.filter(pk=b.event.pk).update(purge_on=date(2020, 1, 1))
    files = [photos.path_of(one.key) for one in Picture.objects.filter(event=b.event)]
    before = b.state()

    purge.purge(Event.objects.get(pk=b.event.pk))

    after = b.state()
    gone = ["Author", "Step", "Presence", "Tombstone", "Objection", "Picture", "Prompt", "Prepared"]
    assert {name: after[name] for name in gone} == {name: [] for name in gone}
    assert all(before[name] for name in gone)
    assert [file for file in files if file.exists()] == []
    for name in ("Listed", "Evidence"):  # settings; and what has a day of its own
        assert after[name] == before[name] != []
    deed = Action.objects.get(event=b.event)
    assert (deed.verb, deed.about, deed.undo, deed.by_id) == (
        "block",
        "",
        {},
        b.rows["agenda/user"].pk,
    )


def test_author_who_has_written_since_is_left_to_the_next_run(over: Event) -> None:
    author = factories.make_author(over)
    purge.purge(over)
    again = factories.make_author(over, handle=author.handle)
    factories.make_post(over, author=again)

    assert purge.count(over) == {"posts": 1}
    assert dict(purge.purge(over)) == {"posts": 1, "authors": 1}


def test_helper_of_another_event_stays_a_helper_there(over: Event) -> None:
    other = factories.make_event()
    person = User.objects.create(username="helper-2", first_name="Ole", password="!")
    for event in (over, other):
        Membership.objects.create(user=person, event=event, role="helper", tasks=["desk"])

    purge.purge(over)

    assert Event.objects.for_user(person).get() == other


def test_purging_twice_finds_nothing_left(over: Event) -> None:
    write_everything(over)

    assert [bool(purge.purge(over)) for _ in range(3)] == [True, False, False]


def test_source_that_still_brings_something_is_caught_by_the_next_run(over: Event) -> None:
    factories.make_source(over)
    purge.purge(over)
    factories.make_post(over)

    assert purge.purge(over) == {"posts": 1}


# --- how


def test_many_rows_go_in_portions(over: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purge, "PORTION", 2)
    for _ in range(5):
        factories.make_note(over)

    sizes = [dict(portion) for portion in purge.portions(over)]

    assert [size["posts"] for size in sizes if "posts" in size] == [2, 2, 1]
    assert [size["guests"] for size in sizes if "guests" in size] == [2, 2, 1]


def test_interrupted_anywhere_it_goes_on_from_there(
    over: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purge, "PORTION", 1)
    files = write_everything(over)
    portions = 0

    while True:
        interrupted = purge.portions(over)
        if next(interrupted, None) is None:
            break
        portions += 1  # and nobody asks this run for more

    assert portions >= 8
    assert left_of_guests(over) == []
    assert [file for file in files if file.exists()] == []
    assert scrub.is_due()


def test_photo_whose_row_could_not_be_deleted_is_found_again(
    over: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    (file, _) = write_everything(over)
    # PostgreSQL now reads this row last, unless it is asked for an order.
    with changing(over):
        Post.objects.filter(text="With a photo").update(origin="note:last")

    def power_cut(*arguments: object) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr("eventhub.live.log.Log.remove", power_cut)
        with pytest.raises(RuntimeError, match="power cut"):
            purge.purge(over)
    assert not file.exists()

    purge.purge(over)

    assert left_of_guests(over) == []


def test_open_pages_are_told(over: Event) -> None:
    write_everything(over)

    assert_replay(over, lambda: purge.purge(over))


# --- the log


def test_a_run_later_the_log_knows_no_guest_any_more(over: Event) -> None:
    write_everything(over)
    before = page(over, ["wall"])
    purge.purge(over)
    assert Change.objects.filter(event_id=over.pk, topics__contains="mine:").exists()

    purge.purge(over)

    assert not Change.objects.filter(event_id=over.pk, topics__contains="mine:").exists()
    assert check_log.check(over.pk) == []
    answer = reading.catch_up(over.pk, ["wall"], "en", reading.Cursor.parse(_cursor(before)))
    assert isinstance(answer, reading.Reset)
    assert answer.items == []


def test_log_that_was_cut_goes_on(over: Event) -> None:
    factories.make_post(over)
    cut(over)
    here = page(over, ["wall"])

    factories.make_post(over)

    follow(over, here, ["wall"])
    assert check_log.check(over.pk) == []


def _cursor(replica: object) -> str:
    (group,) = replica.groups.values()  # type: ignore[attr-defined]
    return str(group.cursor)
