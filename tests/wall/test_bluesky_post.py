"""What a Bluesky post becomes: facets counted in bytes, warnings, pictures, and whatever is odd."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bluesky_server import facets_of, profile_of, record_of
from wall.sources.base import Image, Incoming
from wall.sources.bluesky_post import of_record, of_view
from wall.sources.bluesky_shapes import Profile, Record, View
from wall.sources.jetstream_sieve import Sieve
from wall.text import normalise

NOW = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)
KEY = "at://did:plc:mira/app.bsky.feed.post/3ka"
SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "posts" / "jetstream-v1.jsonl"


def told(text: str = "Hallo", *, author: dict[str, Any] | None = None, **fields: Any) -> Any:
    record = msgspec.json.decode(json.dumps(record_of(text, **fields)), type=Record)
    whole = profile_of("did:plc:mira") | (author or {})
    person = msgspec.json.decode(json.dumps(whole), type=Profile)
    return of_record(KEY, record, person, NOW)


def seen(**fields: Any) -> Incoming | None:
    whole = {"uri": KEY, "author": profile_of("did:plc:mira"), "record": record_of("Hallo")}
    return of_view(msgspec.json.decode(json.dumps(whole | fields), type=View), NOW)


def facet(start: Any, end: Any, kind: str = "tag", **feature: Any) -> dict[str, Any]:
    feature = {"$type": f"app.bsky.richtext.facet#{kind}"} | feature
    return {"index": {"byteStart": start, "byteEnd": end}, "features": [feature]}


def test_facets_are_counted_in_bytes() -> None:
    item = told("Grüße 👋🏽 vom #Ufer: https://moor.example/a_b ♥")

    assert [(one.kind, item.text[one.start : one.end], one.value) for one in item.facets] == [
        ("tag", "#Ufer", "Ufer"),
        ("link", "https://moor.example/a_b", "https://moor.example/a_b"),
    ]


@pytest.mark.parametrize(
    "odd",
    [
        facet(1, 3, tag="x"),  # cuts a character
        facet(0, 99, tag="x"),
        facet(-1, 3, tag="x"),
        facet(3, 3, tag="x"),
        facet("0", 3, tag="x"),
        facet(0, 2, tag=3),
        facet(0, 2, "link", uri="javascript:alert(1)"),
        {"index": None, "features": []},
        17,
    ],
)
def test_odd_facet_costs_only_itself(odd: Any) -> None:
    text = "ü #ufer"

    item = told(text, facets=[odd, *facets_of(text)])

    assert [(one.kind, one.value) for one in item.facets] == [("tag", "ufer")]


def test_of_facets_that_overlap_the_first_stays() -> None:
    text = "#ufer"

    item = told(text, facets=[facet(0, 5, tag="ufer"), facet(0, 5, tag="ufer"), facet(1, 4)])

    assert [(one.start, one.end) for one in item.facets] == [(0, 5)]


@pytest.mark.parametrize(
    ("fields", "sensitive"),
    [
        ({"labels": {"values": [{"val": "graphic-media"}]}}, True),
        ({"labels": {"values": [{"val": "porn", "neg": True}]}}, False),
        ({"labels": {"values": [{"val": "bot"}]}}, False),
        ({"labels": 3}, False),
    ],
)
def test_label_is_a_warning(fields: dict[str, Any], sensitive: bool) -> None:
    assert told(**fields).sensitive is sensitive


@pytest.mark.parametrize("label", ["!no-unauthenticated", "!hide", "!takedown"])
def test_what_is_not_for_everybody_is_not_for_walls(label: str) -> None:
    assert told(author={"labels": [{"val": label}]}) is None
    assert seen(labels=[{"val": label}]) is None
    assert told(labels={"values": [{"val": label}]}) is None


@pytest.mark.parametrize(
    "embed",
    [
        {
            "images": [
                {"thumb": "https://a.example/t", "fullsize": "https://a.example/1", "alt": "x"}
            ]
        },
        {
            "media": [
                {"thumbnail": "https://a.example/t", "fullsize": "https://a.example/1", "alt": "x"}
            ]
        },
        {"items": [17, {"fullsize": "https://a.example/1", "alt": "x"}, {"fullsize": "file:///a"}]},
        {"media": {"images": [{"fullsize": "https://a.example/1", "alt": "x"}]}, "record": {}},
        {"thumbnail": "https://a.example/1", "playlist": "https://a.example/p", "alt": "x"},
    ],
)
def test_pictures_of_every_kind_of_embed_come_with_their_descriptions(embed: Any) -> None:
    item = seen(embed=embed)

    assert item is not None
    assert item.pictures == (Image("https://a.example/1", alt="x"),)


def test_at_most_four_pictures_and_a_post_of_pictures_alone_counts() -> None:
    many = [{"fullsize": f"https://a.example/{number}", "alt": ""} for number in range(9)]

    item = seen(record=record_of(""), embed={"images": many})

    assert item is not None
    assert (item.text, len(item.pictures)) == ("", 4)
    assert seen(record=record_of("")) is None


def test_author_whose_handle_does_not_hold_is_called_by_their_identity() -> None:
    assert told(author={"handle": "handle.invalid"}).author == "@did:plc:mira"
    assert told(author={"handle": "Mira.Example"}).author == "@mira.example"
    assert told(author={"displayName": "Mira ✔"}).name == "Mira"


def test_moment_is_never_in_the_future_and_bad_ones_are_now() -> None:
    ahead = (NOW + timedelta(days=1)).isoformat()

    assert told(createdAt=ahead).written_at == told(createdAt="gestern").written_at == NOW


def test_view_of_another_person_is_refused() -> None:
    assert seen(author=profile_of("did:plc:jost")) is None
    assert seen(uri="at://did:plc:mira/app.bsky.feed.like/3ka") is None


@settings(max_examples=60, deadline=None)
@given(
    text=st.text(max_size=80),
    spans=st.lists(st.tuples(st.integers(-2, 200), st.integers(-2, 200)), max_size=6),
)
def test_facets_fit_the_text_whatever_it_is(text: str, spans: list[tuple[int, int]]) -> None:
    links = [facet(start, end, "link", uri="https://a.example/") for start, end in spans]

    item = told(f"{text} x", facets=links)

    assert item.text == normalise(item.text)
    ends = [0, *(place for one in item.facets for place in (one.start, one.end))]
    assert ends == sorted(ends)
    assert ends[-1] <= len(item.text)


@pytest.mark.skipif(not SAMPLES.exists(), reason="foreign samples lie beside the repository only")
def test_recorded_events_of_every_kind_are_read() -> None:
    sieve = Sieve(["sommerfest"], lambda: NOW)
    for line in SAMPLES.read_bytes().splitlines():
        sieve.take(line)

    assert (sieve.good, sieve.odd) == (10, 0)
