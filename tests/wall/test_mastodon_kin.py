"""Servers that speak like Mastodon, each with its own accent: shapes of our own writing."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from django.utils import translation

from tests.wall.recorder import Recorder
from wall.sources.base import Batch, SourceError
from wall.sources.mastodon import Mastodon
from wall.sources.mastodon_status import translated

NOW = datetime(2026, 6, 5, 12, 0, tzinfo=UTC)
SERVER = "https://netz.example"
CONFIG = {"server": "netz.example", "tag": "fest"}
PLAIN: dict[str, Any] = {
    "id": "1",
    "uri": "https://netz.example/1",
    "created_at": "2026-06-05T10:00:00Z",
    "visibility": "public",
    "content": "<p>Hallo #fest</p>",
    "account": {"acct": "mira"},
}
KIN: dict[str, dict[str, Any]] = {
    "GoToSocial": {
        "id": "01JZ4X9Q7M0R8K5T3V2W1Y6ABC",
        "uri": "https://netz.example/users/mira/statuses/01JZ4X9Q7M0R8K5T3V2W1Y6ABC",
        "language": None,
        "mentions": [{"id": "x", "acct": "ida@fern.example", "url": None}],
        "media_attachments": [
            {"id": "y", "type": "image", "url": None, "preview_url": None, "meta": None}
        ],
        "interaction_policy": {"can_reply": {"always": ["public"]}},
    },
    "Takahē": {"id": 168_000_000_000_000, "emojis": [], "language": None, "text": None},
    "Akkoma": {
        "id": "AbCdEfGhIjKlMnOpQr",
        "created_at": "2026-06-05T10:00:00",
        "emojis": [{"shortcode": "x", "url": None}],
        "akkoma": {"source": {"content": "Hallo"}},
        "pleroma": {"local": False},
    },
    "Pixelfed": {
        "uri": None,
        "url": "https://netz.example/p/mira/1",
        "sensitive": 0,
        "tags": {"0": {"name": "fest"}},
        "emojis": None,
        "account": {"acct": "mira", "emojis": {}, "suspended": None},
        "media_attachments": [{"id": 7, "type": "image", "url": "https://netz.example/b.jpg"}],
    },
}


def page(body: object, status: str = "200 OK") -> bytes:
    said = body if isinstance(body, bytes) else json.dumps(body).encode()
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n" % (status.encode(), len(said)) + said


async def fetch(*pages: bytes, token: str = "", cursor: str = "") -> Batch:
    egress = Recorder(pages=list(pages)).egress()
    return await Mastodon(now=lambda: NOW).fetch(CONFIG, token, cursor, egress)


async def failure(*pages: bytes, token: str = "") -> tuple[str, bool]:
    with pytest.raises(SourceError) as caught, translation.override("en"):
        await fetch(*pages, token=token)
    with translation.override("en"):
        return str(caught.value.message), caught.value.wants_secret


@pytest.mark.parametrize("name", sorted(KIN))
def test_post_of_each_kind_of_server_is_read(name: str) -> None:
    raw = msgspec.Raw(json.dumps(PLAIN | KIN[name]).encode())

    item = translated(raw, SERVER, NOW)

    assert item is not None
    assert (item.text, item.author) == ("Hallo #fest", "@mira@netz.example")
    assert item.key == KIN[name].get("uri") or item.key.startswith("https://netz.example/")
    assert (item.remote_id, item.sensitive) == (str((PLAIN | KIN[name])["id"]), False)


@pytest.mark.parametrize(
    "fields",
    [
        {"tags": ["fest", {"url": "x"}, {"name": 3}, {"name": "fest"}]},
        {"mentions": [{"id": 1}, None]},
        {"emojis": [{"shortcode": None}]},
        {"media_attachments": "keine"},
        {"account": {"acct": "mira", "emojis": [7]}},
    ],
)
def test_odd_part_of_a_list_costs_itself_only(fields: dict[str, Any]) -> None:
    item = translated(msgspec.Raw(json.dumps(PLAIN | fields).encode()), SERVER, NOW)

    assert item is not None
    assert item.text == "Hallo #fest"


@pytest.mark.parametrize(
    ("answer", "wants"),
    [
        (page({"error": "authorization required for timeline view"}, "403 Forbidden"), True),
        (page(b"<h1>403</h1>", "403 Forbidden"), True),
        (page({"error": "This method requires an authenticated user"}, "422 No"), True),
        (page({"error": "The access token is invalid"}, "401 No"), True),
        (page(b"<!doctype html><title>Login</title>"), True),
        (page({"error": "Validation failed"}, "422 No"), False),
    ],
)
async def test_that_strangers_may_not_read_is_told_with_where_to_get_a_token(
    answer: bytes, wants: bool
) -> None:
    assert (await failure(answer))[1] is wants


async def test_token_that_may_not_read_this_is_told_what_another_one_needs() -> None:
    closed = page({"error": "This action is outside the authorized scopes"}, "403 Forbidden")

    said = await failure(closed, token="t0ken")

    assert said == (
        "The server does not let this access token read the hashtag. You make another one there, "
        "with read:statuses ticked: Preferences, Development, New application.",
        True,
    )


async def test_token_that_is_wrong_is_told_with_where_to_get_a_new_one() -> None:
    said = await failure(page({"error": "The access token is invalid"}, "401 No"), token="t0ken")

    assert said == (
        "The server does not accept this access token. You make a new one there, signed in: "
        "Preferences, Development, New application.",
        True,
    )


async def test_hashtag_that_nobody_has_used_is_no_trouble() -> None:
    unknown, about = page({"error": "Record not found"}, "404 No"), page({"uri": "netz.example"})

    batch = await fetch(unknown, about, cursor="7")

    assert (batch.items, batch.cursor) == ((), "7")
    for strange in (page(b"<h1>nichts", "404 No"), page({"error": "nichts"}, "404 No")):
        words, _wants = await failure(unknown, strange)
        assert words.startswith("The server knows no such page.")


async def test_server_that_knows_no_mark_repeats_its_page_and_is_asked_in_peace() -> None:
    listed = [
        PLAIN | {"id": str(number), "uri": f"{SERVER}/{number}"} for number in range(40, 0, -1)
    ]

    batch = await fetch(page(listed), cursor="40")

    assert (batch.cursor, batch.wait_s, len(batch.items)) == ("40", 10.0, 40)
