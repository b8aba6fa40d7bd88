"""Pictures of other servers: fetched, drawn anew, served only while their post may be seen."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from agenda.models import Event
from eventhub.live.executor import DatabaseThreads
from tests import factories, guests
from tests.factories import make_batch, make_incoming
from tests.replay import assert_replay
from tests.wall import pictures as files
from tests.wall.picture_server import PictureServer
from wall import ingest, media, moderation, photos, pictures
from wall.models import Picture, Post, Source
from wall.sources.base import Facet, Image

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def server() -> PictureServer:
    return PictureServer()


@pytest.fixture
def source(event: Event) -> Source:
    return factories.make_source(event)


def fetch(server: PictureServer, *, rounds: int = 3) -> None:
    """As the collector does, until nothing is due."""

    async def go() -> None:
        database = DatabaseThreads("media", workers=1)
        fetcher = media.Fetcher(server.egress(), database)
        try:
            for _ in range(rounds):
                await fetcher.look()
                await fetcher.settle()
        finally:
            database.close()

    asyncio.run(go())


def arrive(source: Source, **fields: Any) -> Post:
    item = make_incoming(**fields)
    ingest.take(source, make_batch(item))
    return Post.objects.get(origin=item.key)


def status_of(picture: Picture, client: Any = None) -> int:
    asking = client or guests.browser()
    return int(asking.get(f"/media/{picture.key}").status_code)


def only(role: str = "media") -> Picture:
    return Picture.objects.get(role=role)


# --- the way of one picture


def test_picture_is_drawn_anew_and_seen_by_the_desk_then_by_all(
    event: Event, source: Source, server: PictureServer
) -> None:
    desk = guests.signed_in(factories.make_moderator(event))
    sent = files.jpeg(exif=files.exif())
    url = server.put("/a.jpg", sent)
    post = arrive(source, pictures=(Image(url, "A cat"),))
    fetch(server)

    waiting = status_of(only()), status_of(only(), desk)
    moderation.show(post, by=None)
    answer = guests.browser().get(f"/media/{only().key}")

    assert waiting == (404, 200)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "no-store")
    assert answer.content[:4] == b"RIFF"
    assert files.CANARY in sent
    assert files.CANARY not in answer.content
    assert (only().width, only().height) == (640, 480)


def test_hidden_means_gone_and_shown_again_brings_it_back(
    event: Event, source: Source, server: PictureServer
) -> None:
    post = arrive(source, pictures=(Image(server.put("/a.png", files.png())),))
    fetch(server)
    desk = guests.signed_in(factories.make_moderator(event))

    seen = []
    for decide in (moderation.show, moderation.hide, moderation.show):
        decide(post, by=None)
        seen.append((status_of(only()), status_of(only(), desk)))

    assert seen == [(200, 200), (410, 410), (200, 200)]


def test_deleted_at_its_source_leaves_no_file_and_no_address(
    event: Event, source: Source, server: PictureServer
) -> None:
    post = arrive(
        source, key="https://a.example/1", pictures=(Image(server.put("/a", files.png())),)
    )
    fetch(server)
    key = only().key
    assert photos.path_of(key).exists()

    ingest.take(source, make_batch(make_incoming("https://a.example/1", gone=True)))

    gone = Picture.objects.get(key=key)
    assert (gone.state, gone.url, gone.alt, gone.post) == ("dropped", "", "", None)
    assert not photos.path_of(key).exists()
    assert status_of(gone) == 410
    assert Post.objects.get(pk=post.pk).state == Post.State.WITHDRAWN


def test_what_was_shown_before_its_picture_came_stays_without(
    event: Event, source: Source, server: PictureServer
) -> None:
    """Nobody of the desk has seen it."""
    post = arrive(source, pictures=(Image(server.put("/slow.png", files.png())),))
    (wanted,) = media.due(timezone.now(), set())
    moderation.show(post, by=None)
    stored = photos.store(photos.CheckedPhoto(b"RIFF", 1, 1))

    kept = media.keep(wanted.number, stored)

    assert (kept, only().state) == (False, "dropped")
    assert Post.objects.to_draw().get().seen_pictures == []


def test_edit_with_another_picture_goes_back_to_the_queue(
    event: Event, source: Source, server: PictureServer
) -> None:
    old, new = (Image(server.put(f"/{name}.png", files.png()), "Cake") for name in "ab")
    post = arrive(source, key="https://a.example/1", text="Look", pictures=(old,))
    fetch(server)
    former = only().key
    moderation.show(post, by=factories.make_moderator(event))

    again = make_incoming("https://a.example/1", text="Look", pictures=(old,))
    ingest.take(source, make_batch(again))
    same = Post.objects.get().state
    edited = make_incoming("https://a.example/1", text="Look", pictures=(new,))
    ingest.take(source, make_batch(edited))
    fetch(server)

    assert (same, Post.objects.get().state) == ("shown", "pending")
    assert [one.url for one in Post.objects.to_draw().get().seen_pictures] == [new.url]
    assert status_of(Picture.objects.get(key=former)) == 410
    assert not photos.path_of(former).exists()


def test_other_address_of_a_picture_its_server_has_fetched_is_no_edit(source: Source) -> None:
    proxied = Image("https://a.example/media_proxy/7/small", "Cake")
    arrive(source, key="https://a.example/1", text="Look", pictures=(proxied,))
    cached = Image("https://files.example/cache/7.png", "Cake")

    took = ingest.take(
        source, make_batch(make_incoming("https://a.example/1", text="Look", pictures=(cached,)))
    )

    assert took == 0


# --- faces and emoji


def test_face_is_seen_once_somebody_has_looked_at_it(
    event: Event, source: Source, server: PictureServer
) -> None:
    url = server.put("/face.png", files.png(900, 900))
    post = arrive(source, face=url, author="@a@a.example")
    fetch(server)
    unseen = Post.objects.to_draw().get()

    moderation.hide(post, by=None)
    hidden = status_of(only("face"))
    moderation.show(post, by=factories.make_moderator(event))

    seen = Post.objects.to_draw().get()
    assert (unseen.state, unseen.face, hidden) == ("shown", None, 410)
    assert seen.face == only("face")
    assert (only("face").width, status_of(only("face"))) == (320, 200)


def test_face_that_comes_after_the_decision_is_not_shown(
    event: Event, source: Source, server: PictureServer
) -> None:
    post = arrive(source, face=server.put("/face.png", files.png()))
    moderation.hide(post, by=None)
    moderation.show(post, by=factories.make_moderator(event))

    fetch(server)

    assert (only("face").state, Post.objects.to_draw().get().face) == ("dropped", None)


def test_emoji_is_drawn_in_the_text_once_it_is_here(source: Source, server: PictureServer) -> None:
    url = server.put("/e.png", files.png(64, 64, "RGBA"))
    emoji: dict[str, Any] = {
        "emojis": (Image(url, ":wave:", "wave"),),
        "facets": (Facet("emoji", 3, 9, url),),
    }
    first = make_incoming("https://a.example/1", text="Hi :wave:!", **emoji)
    ingest.take(source, make_batch(first))
    before = shown_parts(first.key)
    fetch(server)

    ingest.take(source, make_batch(make_incoming("https://a.example/2", text="Yo :wave:", **emoji)))

    key = only("emoji").key
    assert before == [("text", "Hi ", ""), ("emoji", ":wave:", ""), ("text", "!", "")]
    assert shown_parts(first.key)[1] == ("emoji", ":wave:", key)
    assert shown_parts("https://a.example/2")[1] == ("emoji", ":wave:", key)
    assert ingest.take(source, make_batch(first)) == 0  # that we have its picture is no edit
    assert status_of(only("emoji")) == 200


def shown_parts(origin: str) -> list[tuple[str, str, str]]:
    post = Post.objects.get(origin=origin)
    return [(part.kind, part.text, part.picture) for part in post.segments]


def test_author_of_whom_nothing_is_left_is_forgotten_with_the_face(
    source: Source, server: PictureServer
) -> None:
    face = server.put("/face.png", files.png())
    arrive(source, key="https://a.example/1", face=face, author="@a@a.example")
    factories.make_author(source.event, standing="blocked")
    fetch(server)
    key = only("face").key

    before = pictures.forget_strangers()
    ingest.take(source, make_batch(make_incoming("https://a.example/1", gone=True)))

    assert (before, pictures.forget_strangers()) == (0, 1)
    assert not photos.path_of(key).exists()
    assert [one.standing for one in source.event.authors.all()] == ["blocked"]


# --- servers that are slow, wrong or hostile


def test_everything_is_told_to_open_pages(
    event: Event, source: Source, server: PictureServer
) -> None:
    url = server.put("/a.png", files.png())
    arrive(source, pictures=(Image(url, "A cat"),), face=url)

    assert_replay(event, lambda: fetch(server))


@pytest.mark.parametrize(
    ("status", "state"),
    [("404 Not Found", "failed"), ("403 No", "failed"), ("204 No", "failed"), ("500 X", "wanted")],
)
def test_server_that_refuses_is_believed_and_one_in_trouble_asked_again(
    source: Source, server: PictureServer, status: str, state: str
) -> None:
    arrive(source, pictures=(Image(server.put("/a", b"", status=status)),))

    fetch(server)

    assert only().state == state
    assert len(server.asked) == 1


def test_server_in_trouble_is_left_alone_with_all_its_pictures(
    source: Source, server: PictureServer
) -> None:
    busy = {"status": "429 Too Many", "more": "Retry-After: 60\r\n"}
    images = tuple(Image(server.put(f"/{n}", b"", **busy)) for n in range(4))
    for image in images:
        arrive(source, pictures=(image,))

    fetch(server)

    at = timezone.now()
    assert len(server.asked) == media.AT_ONCE_OF_SERVER
    assert list(media.due(at + timedelta(seconds=50), set())) == []
    assert len(media.due(at + timedelta(seconds=65), set())) == 4


def test_picture_is_given_up_after_some_tries(source: Source) -> None:
    arrive(source, pictures=(Image("https://files.example/a"),))

    for _ in range(media.TRIES):
        media.put_off(only().pk, None)

    assert only().state == "failed"


def test_inner_address_is_never_asked_for(source: Source, server: PictureServer) -> None:
    arrive(source, pictures=(Image("https://127.0.0.1/a"), Image("http://files.example/b")))

    fetch(server)

    assert {one.state for one in Picture.objects.all()} == {"failed"}
    assert server.asked == []


# --- crafted files


def crafted() -> Iterator[tuple[str, bytes, bool]]:
    """(name, file, whether it becomes a picture); without the heaviest, which test_photos has."""
    heavy = ("of 40", "of 10", "of 12", "8 MiB")
    for name, make, _code in files.refused():
        if not any(word in name for word in heavy) and (data := make()):
            yield name, data, False
    light = [one for one in files.taken() if not any(word in one[0] for word in heavy)]
    for name, make, _size in light[::2]:
        yield name, make(), True


@pytest.mark.sqlite
def test_of_crafted_files_no_original_byte_is_served(source: Source, server: PictureServer) -> None:
    made = list(crafted())
    assert len(made) >= 40
    for number, (_name, data, _good) in enumerate(made):
        url = server.put(f"/{number}", data, kind="image/svg+xml")
        factories.make_post(source.event, state="pending", origin=f"crafted:{number}")
        post = Post.objects.get(origin=f"crafted:{number}")
        Picture.objects.create(event=source.event, post=post, url=url, position=number % 4)

    fetch(server, rounds=len(made))

    wrong = []
    for number, (name, data, good) in enumerate(made):
        picture = Picture.objects.get(post__origin=f"crafted:{number}")
        if (picture.state == "kept") != good:
            wrong.append((name, picture.state))
        if picture.state == "kept":
            served = photos.path_of(picture.key).read_bytes()
            whole = served[:4] == b"RIFF" and served[8:12] == b"WEBP" and served != data
            if not whole or files.CANARY in served:
                wrong.append((name, "served"))
    assert wrong == []
