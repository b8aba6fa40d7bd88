"""The Mastodon adapter against a scripted server and a recorded answer of our own writing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from tests.mastodon_server import FAULTS, MastodonServer
from tests.wall.recorder import Recorder
from wall import egress as egress_module
from wall.egress import Egress
from wall.sources.base import Batch, Facet, Image, SourceError
from wall.sources.mastodon import Mastodon
from wall.targets import parse_server
from wall.text import length, normalise, normalise_name

NOW = datetime(2026, 6, 5, 12, 0, tzinfo=UTC)
RECORDED = Path(__file__).parent / "fixtures" / "mastodon_tag.json"
SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "posts" / "mastodon-statuses.jsonl"


async def fetch(server: MastodonServer, cursor: str = "", token: str = "") -> Batch:
    config = {"server": server.url, "tag": server.tag}
    return await Mastodon().fetch(config, token, cursor, Egress(allow=[server.address]))


async def translate(statuses: object, *, cursor: str = "") -> Batch:
    body = json.dumps(statuses).encode()
    page = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    config = {"server": "netz.example", "tag": "#Sommerfest"}
    return await Mastodon(now=lambda: NOW).fetch(
        config, "", cursor, Recorder(pages=[page]).egress()
    )


def status(number: int = 1, **fields: Any) -> dict[str, Any]:
    return {
        "id": str(number),
        "uri": f"https://netz.example/s/{number}",
        "created_at": "2026-06-05T10:00:00Z",
        "visibility": "public",
        "content": f"<p>Nummer {number}</p>",
        "account": {"acct": "mira", "url": "https://netz.example/@mira", "display_name": "Mira"},
    } | fields


async def failure_of(config: Mapping[str, str], token: str = "") -> SourceError:
    recorder = Recorder()
    with pytest.raises(SourceError) as failure:
        await Mastodon().fetch(config, token, "", recorder.egress())
    assert recorder.connected == []
    return failure.value


# --- paging
async def test_first_fetch_takes_the_newest_page_oldest_first() -> None:
    with MastodonServer() as server:
        ids = [server.add() for _ in range(25)]
        batch = await fetch(server)

    assert [item.key.rpartition("/")[2] for item in batch.items] == ids[-20:]
    assert (batch.cursor, batch.wait_s) == (ids[-1], 10.0)
    assert server.requests[0][0] == "/api/v1/timelines/tag/sommerfest?limit=20"


async def test_everything_since_the_cursor_is_caught_up_page_by_page() -> None:
    with MastodonServer() as server:
        cursor = server.add()
        ids = [server.add() for _ in range(100)]
        got: list[str] = []
        waits: list[float] = []
        for _ in range(3):
            batch = await fetch(server, cursor)
            cursor = batch.cursor
            waits.append(batch.wait_s)
            got += [item.key.rpartition("/")[2] for item in batch.items]

    assert got == ids
    assert waits == [0.0, 0.0, 10.0]


async def test_nothing_new_leaves_the_cursor_where_it_was() -> None:
    with MastodonServer() as server:
        cursor = server.add()
        batch = await fetch(server, cursor)

    assert (batch.items, batch.cursor, batch.wait_s) == ((), cursor, 10.0)


async def test_ids_compare_by_length_then_text() -> None:
    batch = await translate([status(10), status(9), status(100), status(99)])

    assert [item.text for item in batch.items] == [
        "Nummer 9",
        "Nummer 10",
        "Nummer 99",
        "Nummer 100",
    ]
    assert batch.cursor == "100"


async def test_server_that_repeats_a_full_page_is_not_asked_at_once() -> None:
    page = [status(number) for number in range(1, 41)]

    assert (await translate(page, cursor="40")).wait_s == 10.0
    assert (await translate(page, cursor="20")).wait_s == 0.0


async def test_token_travels_in_the_header_only() -> None:
    with MastodonServer() as server:
        await fetch(server, token=" geheim ")
        await fetch(server)

    assert [headers.get("authorization") for _path, headers in server.requests] == [
        "Bearer geheim",
        None,
    ]
    assert "geheim" not in server.requests[0][0]


# --- translation
async def test_recorded_answer_is_translated() -> None:
    batch = await translate(json.loads(RECORDED.read_text()))

    assert [(item.author, item.name, item.text) for item in batch.items] == [
        (
            "@mira@netz.example",
            "Mira",
            "Der Hof füllt sich. Wer bringt die Lichterkette mit?\n\n#sommerfest",
        ),
        (
            "@jost@werkbank.example",
            "Jost 🌻",
            "Gruß an @mira: Lötkolben ist heiß :lamm:\n"
            "Plan: werkbank.example/kurse/loeten-… #sommerfest",
        ),
        (
            "@aylin@ferne.example",
            "aylin",
            "Am Ende fällt der Vorhang dann doch. #sommerfest",
        ),
        ("@uhr@netz.example", "Uhr geht vor", "Aus der Zukunft #sommerfest"),
    ]
    assert batch.items[1].facets == (
        Facet("mention", 8, 13, "@mira@netz.example"),
        Facet("emoji", 34, 40, "https://netz.example/e/lamm.png"),
        Facet("link", 47, 78, "https://www.werkbank.example/kurse/loeten-fuer-alle"),
        Facet("tag", 79, 90, "sommerfest"),
    )
    third, future = batch.items[2:]
    assert (third.sensitive, third.summary, third.url, third.language) == (
        True,
        "Verrät den Schluss vom Theaterstück",
        "",
        "",
    )
    assert future.written_at == NOW
    assert batch.items[0].written_at == datetime(2026, 6, 5, 8, 1, 11, 482000, tzinfo=UTC)
    assert batch.items[0].key == batch.items[0].url.replace("/@mira", "/users/mira/statuses")


async def test_who_wrote_and_what_belongs_to_it_are_told() -> None:
    picture, film = "https://netz.example/m/1.png", "https://netz.example/m/2.mp4"
    emoji = {"shortcode": "herz", "url": "https://netz.example/e.gif", "static_url": "https://e/h"}
    account = status()["account"] | {
        "uri": "https://netz.example/users/mira",
        "created_at": "2023-02-01T00:00:00.000Z",
        "avatar": "https://netz.example/a.gif",
        "avatar_static": "https://netz.example/a.png",
    }
    attachments: list[object] = [
        {"type": "audio", "url": "https://netz.example/m/0.ogg"},
        {"type": "image", "url": picture, "description": "Ein Hof\u202e\nmit Linde"},
        {"type": "video", "url": film, "preview_url": "https://netz.example/m/2.jpg"},
        {"type": "gifv", "url": film, "preview_url": None},
        {"type": "image", "url": "javascript:alert(1)"},
        {"type": 5},
        "keins",
        *[{"type": "image", "url": f"{picture}?{number}"} for number in range(9)],
    ]

    (item,) = (
        await translate(
            [
                status(
                    7,
                    account=account,
                    content="<p>:herz: ja :herz:</p>",
                    emojis=[emoji],
                    media_attachments=attachments,
                    tags=[{"name": "Sommerfest"}],
                )
            ]
        )
    ).items

    assert (item.remote_id, item.identity, item.face, item.tags) == (
        "7",
        "https://netz.example/users/mira",
        "https://netz.example/a.png",
        ("Sommerfest",),
    )
    assert item.author_since == datetime(2023, 2, 1, tzinfo=UTC)
    assert item.pictures == (
        Image(picture, "Ein Hof\nmit Linde"),
        Image("https://netz.example/m/2.jpg"),
        Image(f"{picture}?0"),
        Image(f"{picture}?1"),
    )
    assert item.emojis == (Image("https://e/h", ":herz:", "herz"),)


async def test_odd_account_fields_and_a_missing_face_are_left_out() -> None:
    account = status()["account"] | {
        "uri": "acct:mira",
        "created_at": "irgendwann",
        "avatar": "https://netz.example/avatars/original/missing.png",
    }

    (item,) = (
        await translate(
            [
                status(
                    account=account,
                    content="",
                    media_attachments=[{"type": "image", "preview_url": "https://m.example/1"}],
                )
            ]
        )
    ).items

    assert (item.identity, item.author_since, item.face) == ("", None, "")
    assert (item.text, item.pictures) == ("", (Image("https://m.example/1"),))


@pytest.mark.parametrize(
    "fields",
    [
        {"visibility": "private"},
        {"visibility": "direct"},
        {"visibility": None},
        {"reblog": {"id": "3"}},
        {"account": {"acct": "mira", "limited": True}},
        {"account": {"acct": "mira", "suspended": True}},
        {"account": {"acct": "mira lind"}},
        {"account": None},
        {"uri": ""},
        {"uri": "x" * 2001},
        {"uri": 5},
        {"created_at": "gestern"},
        {"created_at": "0001-01-01T00:00:00+23:59"},
        {"created_at": None},
        {"content": "<script>alert(1)</script>"},
        {"content": {"html": "x"}},
    ],
)
async def test_item_that_is_damaged_or_not_public_costs_itself_only(fields: dict[str, Any]) -> None:
    batch = await translate([status(3), status(2, **fields), status(1)])

    assert [item.text for item in batch.items] == ["Nummer 1", "Nummer 3"]
    assert batch.cursor == "3"


@pytest.mark.parametrize(
    ("fields", "attribute", "value"),
    [
        ({"content": None, "spoiler_text": "Nur\nWarnung"}, "summary", "Nur Warnung"),
        ({"url": "javascript:alert(1)"}, "url", ""),
        ({"language": "de-DE"}, "language", "de-DE"),
        ({"language": "<b>"}, "language", ""),
        ({"id": 7}, "text", "Nummer 1"),
        ({"tags": None, "mentions": None, "emojis": None}, "text", "Nummer 1"),
        ({"account": {"acct": "Ida@Fern.Example"}}, "author", "@ida@fern.example"),
        ({"account": {"acct": "Ida"}}, "author", "@ida@netz.example"),
        ({"account": {"acct": "ida@аррӏе.com"}}, "author", "@ida@xn--80ak6aa92e.com"),
        ({"created_at": "2026-06-05T10:00:00"}, "written_at", NOW - timedelta(hours=2)),
        ({"created_at": "2026-06-05T12:00:00+02:00"}, "written_at", NOW - timedelta(hours=2)),
    ],
)
async def test_odd_but_harmless_fields_are_put_right(
    fields: dict[str, Any], attribute: str, value: object
) -> None:
    [item] = (await translate([status(**fields)])).items

    assert getattr(item, attribute) == value


async def test_long_post_is_cut_with_its_facets() -> None:
    words = "wort " * 200
    link = '<a href="https://a.example/">a.example</a>'
    [item] = (await translate([status(content=f"<p>{link} {words}{link}</p>")])).items

    assert length(item.text) <= 500
    assert item.text.endswith("…")
    assert [facet.start for facet in item.facets] == [0]


async def test_shown_posts_match_the_real_ones_recorded_elsewhere() -> None:
    if not SAMPLES.exists():
        pytest.skip(
            f"SKIPPED: no recorded posts of real servers at {SAMPLES}, nothing was compared"
        )
    statuses = [json.loads(line)["status"] for line in SAMPLES.read_text().splitlines()]
    public = [one for one in statuses if one["visibility"] == "public" and not one.get("reblog")]
    batch = await translate(statuses)

    assert len(public) > 0
    assert sorted(item.key for item in batch.items) == sorted({one["uri"] for one in public})
    for item in batch.items:
        assert normalise(item.text) == item.text != ""
        assert normalise_name(item.name) == item.name != ""
        assert "<" not in item.text
        assert all(item.text[f.start : f.end].strip() for f in item.facets)


# --- limits and faults
async def test_rate_limit_of_the_server_is_kept() -> None:
    with MastodonServer() as server:
        server.limit(remaining=2, reset_in_s=600)
        first = await fetch(server)
        await fetch(server)
        with pytest.raises(SourceError) as failure:
            await fetch(server)

    assert first.rate_left == 1
    assert 500 < first.wait_s <= 600
    assert failure.value.retry_after_s == 30.0


@pytest.mark.parametrize("fault", sorted(FAULTS.keys() - {"slow", "types", "utf8"}))
async def test_fault_of_the_server_is_told_and_then_forgotten(fault: str) -> None:
    with MastodonServer() as server:
        post = server.add()
        server.answer(fault, times=3 if fault == "loop" else 1)
        with pytest.raises(SourceError) as failure:
            await fetch(server)
        batch = await fetch(server)

    assert not failure.value.permanent
    assert str(failure.value.message)
    assert batch.cursor == post


@pytest.mark.parametrize("fault", ["types", "utf8"])
async def test_page_of_damaged_items_gives_none(fault: str) -> None:
    with MastodonServer() as server:
        server.answer(fault)
        batch = await fetch(server, cursor="5")

    assert (batch.items, batch.cursor) == ((), "5")


async def test_slow_server_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(egress_module, "TOTAL_S", 0.3)
    with MastodonServer() as server:
        server.answer("slow")
        with pytest.raises(SourceError):
            await fetch(server)


async def test_sign_in_page_of_a_network_is_called_that() -> None:
    with MastodonServer() as server, translation.override("en"):
        server.answer("html")
        with pytest.raises(SourceError) as failure:
            await fetch(server)
        message = str(failure.value.message)

    assert "web page instead of posts" in message


async def test_inner_server_that_is_not_allowed_is_never_asked() -> None:
    with MastodonServer() as server, pytest.raises(SourceError) as failure:
        await Mastodon().fetch({"server": server.url, "tag": "x"}, "", "", Egress())

    assert (server.requests, failure.value.permanent) == ([], False)


# --- settings
@pytest.mark.parametrize(
    ("config", "token"),
    [
        ({"server": "", "tag": "x"}, ""),
        ({"tag": "x"}, ""),
        ({"server": "netz.example/@mira", "tag": "x"}, ""),
        ({"server": "netz.example", "tag": ""}, ""),
        ({"server": "netz.example", "tag": "zwei worte"}, ""),
        ({"server": "netz.example", "tag": "../x"}, ""),
        ({"server": "netz.example", "tag": "2026"}, ""),
        ({"server": "netz.example", "tag": "x"}, "mit\r\nzeile"),
        ({"server": "netz.example", "tag": "x"}, "schlüssel"),
    ],
)
async def test_unusable_settings_are_permanent(config: dict[str, str], token: str) -> None:
    assert (await failure_of(config, token)).permanent


@pytest.mark.parametrize(
    ("typed", "base"),
    [
        (" Mastodon.Social ", "https://mastodon.social"),
        ("https://mastodon.social/", "https://mastodon.social"),
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
        ("[::1]:3000", "https://[::1]:3000"),
        ("bücher.example", "https://xn--bcher-kva.example"),
        ("netz.example:443", "https://netz.example"),
    ],
)
def test_server_is_understood_as_people_type_it(typed: str, base: str) -> None:
    assert parse_server(typed) == base


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "",
            "@mira@netz.example",
            "mira@netz.example",
            "ftp://netz.example",
            "netz.example/tags/x",
        ),
        *("netz.example?x", "netz.example#x", "https://", "zwei worte", "127.1", "a.example:port"),
    ],
)
def test_what_is_no_server_is_refused_in_plain_words(typed: str) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        parse_server(typed)
