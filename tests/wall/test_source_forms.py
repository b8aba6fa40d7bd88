"""What is mistyped in a source's form is answered in words, with what was probably meant."""

from typing import Any

import pytest
from django.utils import translation

from wall.models import Source
from wall.source_forms import FORMS
from wall.source_keeping import mark_of

GOOD: dict[str, dict[str, Any]] = {
    "mastodon": {"server": "mastodon.example", "tag": "#Fest"},
    "bluesky": {"service": "bsky.social", "handle": "@Mira.bsky.social", "tag": "fest"},
    "jetstream": {"host": "https://jet.example/", "tag": "fest"},
    "feed": {"url": "blog.example/feed.xml#top"},
    "hook": {},
}


def problems(kind: str, **typed: Any) -> dict[str, list[str]]:
    with translation.override("en"):
        form = FORMS[kind](GOOD[kind] | {"budget": "30"} | typed)
        return {name: list(map(str, words)) for name, words in form.errors.items()}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Please type a hashtag."),
        ("#", "Please type a hashtag."),
        ("2026", "A hashtag has only letters, digits and _."),
        ("Sommer Fest", "A hashtag has no spaces. Do you mean #SommerFest?"),
        ("sommer-fest", "A hashtag has only letters, digits and _. Do you mean #sommerfest?"),
        ("sommerfest🌻", "A hashtag has only letters, digits and _. Do you mean #sommerfest?"),
        ("🌻", "A hashtag has only letters, digits and _."),
        ("a" * 61, "This hashtag is too long: at most 60 letters."),
        ("#" + "ä" * 400, "This hashtag is too long: at most 60 letters."),
        ("fest❤️", "A hashtag has only letters, digits and _. Do you mean #fest?"),
        ("1️⃣fest", "A hashtag has only letters, digits and _. Do you mean #1fest?"),
        ("1️⃣", "A hashtag has only letters, digits and _."),
    ],
)
def test_tag_that_is_none_is_answered_with_the_one_that_was_meant(typed: str, said: str) -> None:
    assert problems("mastodon", tag=typed) == {"tag": [said]}


@pytest.mark.parametrize(
    "typed", ["#Ändern", "##fest", "＃祭り", "cafe\u0301", "straße_2", "a" * 60]
)
def test_tag_of_any_script_is_one(typed: str) -> None:
    assert problems("mastodon", tag=typed) == {}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Please type the name of a server."),
        ("mira@x.org", "This is not the address of a server. Write it like mastodon.social."),
        ("x.org/@mira", "Please enter the server only, without anything behind its name."),
    ],
)
def test_server_that_is_none_is_refused_in_words(typed: str, said: str) -> None:
    assert problems("mastodon", server=typed) == {"server": [said]}


@pytest.mark.parametrize(
    ("kind", "typed", "said"),
    [
        ("bluesky", {}, {"secret": ["Without it the server does not let us read."]}),
        (
            "bluesky",
            {"handle": "mira", "secret": "s"},
            {"handle": ["The name of an account has a dot in it, such as mira.bsky.social."]},
        ),
        ("feed", {"url": "just words"}, {"url": ["This is not the address of a feed."]}),
        ("feed", {"url": "file:///etc/passwd"}, {"url": ["This is not the address of a feed."]}),
        (
            "mastodon",
            {"secret": "two words"},
            {"secret": ["The access token contains characters it cannot have."]},
        ),
        (
            "hook",
            {"languages": "deutsch"},
            {"languages": ["Type the short names of languages, such as de en."]},
        ),
        (
            "hook",
            {"include_tags": " ".join(f"t{n}" for n in range(21))},
            {"include_tags": ["At most 20 hashtags."]},
        ),
    ],
)
def test_whatever_else_is_odd_is_said_at_its_field(
    kind: str, typed: dict[str, str], said: dict[str, list[str]]
) -> None:
    assert problems(kind, **typed) == said


@pytest.mark.parametrize(
    ("kind", "config", "name"),
    [
        (
            "mastodon",
            {"server": "https://mastodon.example", "tag": "Fest"},
            "#Fest, mastodon.example",
        ),
        (
            "bluesky",
            {"service": "https://bsky.social", "handle": "mira.bsky.social", "tag": "fest"},
            "#fest, Bluesky",
        ),
        ("jetstream", {"host": "jet.example", "tag": "fest"}, "#fest, Jetstream"),
        ("feed", {"url": "https://blog.example/feed.xml"}, "Feed, blog.example"),
        ("hook", {}, "Webhook"),
    ],
)
def test_what_is_typed_becomes_the_settings_of_the_kind(
    kind: str, config: dict[str, str], name: str
) -> None:
    form = FORMS[kind](GOOD[kind] | {"budget": "30", "secret": "geheim"})

    with translation.override("en"):
        assert form.is_valid()
        assert (form.wish().config, form.wish().name) == (config, name)


def test_what_an_emoji_leaves_behind_is_no_part_of_the_tag() -> None:
    form = FORMS["mastodon"](GOOD["mastodon"] | {"budget": "30", "tag": "fest\ufe0f"})

    assert form.is_valid()
    assert form.wish().config["tag"] == "fest"


def test_a_token_pasted_with_its_scheme_is_the_token() -> None:
    form = FORMS["mastodon"](GOOD["mastodon"] | {"budget": "30", "secret": " Bearer abc "})

    assert form.is_valid()
    assert form.wish().token == "abc"


def test_reading_a_source_changes_nothing_of_what_was_set() -> None:
    source = Source(adapter="mastodon", name="#fest", config={"tag": "fest"})
    before = mark_of(source)

    source.cursor, source.state, source.lag_s = "77", Source.State.GOOD, 4
    assert mark_of(source) == before

    source.budget = 5
    assert mark_of(source) != before
