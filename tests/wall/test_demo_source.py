"""The demo source: posts of our own, at human pace, none twice before all were shown."""

import asyncio
import re
import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from wall.egress import Egress
from wall.sources.base import Batch, SourceError
from wall.sources.demo import PHASES, POSTS_FILE, Demo, Place
from wall.text import MAX_POST_GRAPHEMES, length

NOON = datetime(2026, 10, 7, 12, 0, tzinfo=UTC)
CONFIG = {"tag": "HandfestDigital", "pace": "1.0"}
DATA = tomllib.loads(POSTS_FILE.read_text(encoding="utf-8"))
POSTS = DATA["post"]
HANDLE = re.compile(r"@[a-z]+@[a-z]+\.example")
QUOTED = re.compile(r"„[^„“”]*“|“[^„“”]*”")  # German, English


class Watch:
    """A clock that stands until somebody moves it."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def fetch(watch: Watch, cursor: str = "", config: dict[str, str] = CONFIG) -> Batch:
    """Each time a new adapter: nothing is known but the cursor."""
    return asyncio.run(Demo(watch).fetch(config, "", cursor, Egress()))


def replay(posts: int, config: dict[str, str] = CONFIG) -> list[Batch]:
    """Ask whenever something is due, until at least `posts` have come."""
    watch = Watch()
    batches = [fetch(watch, config=config)]
    while sum(len(batch.items) for batch in batches) < posts:
        watch.now += timedelta(seconds=batches[-1].wait_s + 0.1)
        batches.append(fetch(watch, batches[-1].cursor, config))
    return batches


def items(batches: list[Batch]) -> list[str]:
    return [item.key for batch in batches for item in batch.items]


def test_file_holds_at_least_ninety_posts_and_none_twice() -> None:
    texts = [post["text"] for post in POSTS]

    assert len(texts) >= 90
    assert len(set(texts)) == len(texts)


def test_names_in_the_file_point_to_something() -> None:
    ids = [post["id"] for post in POSTS if "id" in post]

    assert len(set(ids)) == len(ids)
    assert {post["after"] for post in POSTS if "after" in post} <= set(ids)
    assert {post.get("phase", PHASES[0]) for post in POSTS} == set(PHASES)
    assert {post["by"] for post in POSTS} == set(DATA["people"])


def test_every_post_fits_the_wall_with_its_hashtag_filled_in() -> None:
    texts = [item.text for batch in replay(len(POSTS)) for item in batch.items]

    assert [text for text in texts if not 0 < length(text) <= MAX_POST_GRAPHEMES] == []
    assert [text for text in texts if "{" in text or "}" in text] == []


def test_every_host_is_an_example() -> None:
    handles = [handle for _name, handle in DATA["people"].values()]
    written = " ".join(post["text"] for post in POSTS)
    hosts = re.findall(r"(?:https?://|\w@)([\w.-]+\w)", " ".join([*handles, written]))

    assert len(hosts) > len(handles)
    assert [host for host in hosts if not host.endswith(".example")] == []
    assert [handle for handle in handles if not HANDLE.fullmatch(handle)] == []


def test_typography_is_that_of_a_printed_page() -> None:
    texts = [post["text"] for post in POSTS]

    assert [text for text in texts if re.search(r"[\"']|\.\.\.| - |  ", text)] == []
    assert [text for text in texts if re.search(r"[„“”]", QUOTED.sub("", text))] == []


def test_first_fetch_gives_five_posts_of_the_last_half_hour_oldest_first() -> None:
    batch = fetch(Watch())

    written = [item.written_at for item in batch.items]
    assert len(written) == 5
    assert written == sorted(written)
    assert NOON - timedelta(minutes=30) <= written[0] < written[-1] <= NOON
    assert 12 <= batch.wait_s <= 45


def test_later_posts_come_singly_or_in_pairs_every_12_to_45_seconds() -> None:
    later = replay(120)[1:]

    assert {len(batch.items) for batch in later} == {1, 2}
    assert [batch.wait_s for batch in later if not 11.8 <= batch.wait_s <= 45] == []


def test_asking_before_anything_is_due_gives_nothing_and_changes_nothing() -> None:
    watch = Watch()
    first = fetch(watch)
    watch.now += timedelta(seconds=5)

    early = fetch(watch, first.cursor)

    assert (early.items, early.cursor) == ((), first.cursor)
    assert early.wait_s == pytest.approx(first.wait_s - 5)


def test_no_post_comes_twice_before_all_were_shown_and_rounds_have_their_own_keys() -> None:
    shown = items(replay(3 * len(POSTS)))[: 3 * len(POSTS)]

    rounds = [shown[start : start + len(POSTS)] for start in range(0, len(shown), len(POSTS))]
    assert len(set(shown)) == len(shown)
    assert [{key.split(":")[1] for key in keys} for keys in rounds] == [{"0"}, {"1"}, {"2"}]
    assert rounds[0] != [key.replace("demo:1:", "demo:0:") for key in rounds[1]]


def test_fetch_repeated_after_a_crash_gives_the_same_posts() -> None:
    watch = Watch()
    first = fetch(watch)
    watch.now += timedelta(seconds=first.wait_s + 2)

    again = [fetch(watch, first.cursor) for _attempt in range(2)]

    assert again[0] == again[1]


def test_restart_after_a_pause_continues_with_posts_not_seen_yet() -> None:
    watch = Watch()
    before = fetch(watch)
    watch.now += timedelta(minutes=20)

    after = fetch(watch, before.cursor)

    assert 1 <= len(after.items) <= 2
    assert {item.key for item in before.items} & {item.key for item in after.items} == set()
    assert {item.written_at for item in after.items} == {watch.now}


def test_restart_after_a_night_opens_anew_with_posts_not_seen_yet() -> None:
    watch = Watch()
    before = fetch(watch)
    watch.now += timedelta(hours=14)

    after = fetch(watch, before.cursor)

    assert len(after.items) == 5
    assert {item.key for item in before.items} & {item.key for item in after.items} == set()
    assert min(item.written_at for item in after.items) >= watch.now - timedelta(minutes=30)


def test_clock_set_back_does_not_silence_the_source() -> None:
    watch = Watch()
    first = fetch(watch)
    watch.now -= timedelta(days=1)

    batch = fetch(watch, first.cursor)

    assert (batch.items, 12 <= batch.wait_s <= 45) == ((), True)


@pytest.mark.parametrize(
    "cursor",
    [
        "17:3",
        "{}",
        "[]",
        "null",
        '{"round": -1, "used": "0", "due": 1}',
        '{"round": 0, "used": "0", "due": NaN}',
    ],
)
def test_damaged_cursor_starts_anew_with_the_same_keys(cursor: str) -> None:
    assert fetch(Watch(), cursor) == fetch(Watch())


def test_answer_never_comes_before_what_it_answers() -> None:
    shown = [key.split(":")[2] for key in items(replay(len(POSTS)))]
    text_of = {
        item.text: place
        for place, item in enumerate(item for batch in replay(len(POSTS)) for item in batch.items)
    }
    answers = [
        (shown.index(post["after"]), text_of[post["text"].replace("{tag}", CONFIG["tag"])])
        for post in POSTS
        if "after" in post
    ]

    assert len(answers) >= 10
    assert [pair for pair in answers if pair[0] >= pair[1]] == []


def test_posts_follow_the_programme() -> None:
    start = NOON.timestamp()
    phases = f"arrival={start - 7200} panel={start - 1800} break={start + 1800}"
    phase_of = {
        post["text"].replace("{tag}", CONFIG["tag"]): post.get("phase", "") for post in POSTS
    }

    batches = replay(40, {**CONFIG, "phases": phases})

    phases_shown = [phase_of[item.text] for batch in batches for item in batch.items]
    assert set(phases_shown) <= {"panel", "", "arrival"}
    assert phases_shown.count("panel") > phases_shown.count("")


def test_pace_two_is_twice_as_fast() -> None:
    calm = replay(60)[1:]

    brisk = replay(60, {**CONFIG, "pace": "2.0"})[1:]

    assert [b.wait_s for b in brisk] == pytest.approx([c.wait_s / 2 for c in calm], abs=0.2)


def test_hashtag_is_typed_as_a_facet() -> None:
    found = [
        (facet.value, item.text[facet.start : facet.end])
        for item in fetch(Watch(), config={"tag": "#Fäden_2"}).items
        for facet in item.facets
        if facet.kind == "tag"
    ]

    assert set(found) == {("Fäden_2", "#Fäden_2")}


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"tag": " # "},
        {"tag": "x", "pace": "fast"},
        {"tag": "x", "pace": "0"},
        {"tag": "x", "pace": "nan"},
        {"tag": "x", "phases": "panel"},
        {"tag": "x", "phases": "panel=soon"},
        {"tag": "x", "phases": "lunch=3"},
    ],
)
def test_unreadable_configuration_stops_the_source(config: dict[str, str]) -> None:
    with pytest.raises(SourceError) as caught:
        fetch(Watch(), config=config)

    assert caught.value.permanent is True


def test_cursor_reads_back_what_it_says() -> None:
    place = Place(round=3, used=0b1011, due_s=1_767_261_600.25)

    assert Place.read(str(place)) == place
    assert Place.read(str(replace(place, used=1 << 200))).used == 1 << 200
