"""What may stand on the wall, letter by letter.

Normalising runs over 2,000 generated strings, the rest over 500 each; the long run is
`EVENTHUB_TEXT_EXAMPLES=100000 python -m pytest tests/wall/test_text.py`.
"""

from __future__ import annotations

import os
import unicodedata

import pytest
import regex
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wall.sources.base import Facet
from wall.text import (
    Segment,
    cut,
    facets_of,
    length,
    normalise,
    normalise_name,
    pack,
    same_tag,
    segments,
    shorten,
    unpack,
    without_closing_tag,
)


def generated(examples: int) -> settings:
    """So many in `make sweep`, a quarter in `make test`."""
    usual = examples if os.environ.get("EVENTHUB_TEST_SWEEP") else examples // 4
    return settings(
        max_examples=int(os.environ.get("EVENTHUB_TEXT_EXAMPLES", usual)),
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow],
    )


# What attacks are made of, dense enough that combinations happen.
NASTY = [
    *"aZ é1#*-_.:/@ \t\n\r\x00\x1b\x85\xa0\xad",
    *"\u0300\u0301\u0323\u034f\u0489\u20e3\u20e0",  # marks
    *"\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2069\ufeff",
    *"\u2028\u2029\u3000\u2800\u3164\u115f\u1160\uffa0\ufffc\ufffe\ue000\ud800\udfff",
    *"\ufe00\ufe0e\ufe0f\U000e0100\U000e0001\U000e0067\U000e0062\U000e007f",
    *"👩💻❤🏳🌈🏴🏿🇩🇪✓✔✅☑",
    *"क्षिज़ंبیكത്ශ්කะกำ\u0e49\u1100\u1161\u11a8각\u0d4e葛\u0958\ufb2c\U0001d160",
]
texts = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from(NASTY), max_size=60).map("".join),
    st.lists(st.one_of(st.sampled_from(NASTY), st.characters()), max_size=40).map("".join),
)


@generated(2000)
@given(texts)
def test_normalised_text_stays_as_it_is(text: str) -> None:
    once = normalise(text)

    assert normalise(once) == once


@generated(2000)
@given(texts)
def test_normalised_text_holds_nothing_that_hides_or_piles_up(text: str) -> None:
    clean = normalise(text)

    clean.encode()  # no lone surrogates: PostgreSQL and sockets take it
    assert unicodedata.is_normalized("NFC", clean)
    assert not regex.search(
        r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u200b\ufeff\u3164]", clean
    )
    assert not [c for c in clean if unicodedata.category(c) in ("Cc", "Cs", "Co") and c != "\n"]
    assert not regex.search(r"[\p{Mn}\p{Me}]{3}", clean)
    assert not regex.search(r"\p{Mc}{3}|(?:^|\s)\p{M}|  |\n{3}|^\s|\s\Z", clean)
    assert len(clean.split("\n")) <= 12
    assert max((len(cluster) for cluster in regex.findall(r"\X", clean)), default=0) <= 12


@generated(500)
@given(texts)
def test_normalised_name_is_one_short_line_and_stays(text: str) -> None:
    name = normalise_name(text)

    assert normalise_name(name) == name
    assert "\n" not in name
    assert length(name) <= 40
    assert not set("✓✔☑✅🗸🗹") & set(name)


@generated(500)
@given(texts, st.integers(1, 30))
def test_cut_text_keeps_the_limit_and_stays_normalised(text: str, limit: int) -> None:
    clean = normalise(text)
    short = cut(clean, limit)

    assert length(short) <= limit
    assert normalise(short) == short
    assert short == clean or short.endswith("…")


@generated(500)
@given(
    texts,
    st.lists(
        st.builds(
            Facet,
            st.sampled_from(["link", "tag", "mention"]),
            st.integers(-3, 90),
            st.integers(-3, 90),
            st.sampled_from(["https://a.example/", "javascript:alert(1)", "tag", ""]),
        ),
        max_size=8,
    ),
)
def test_segments_of_any_facets_tell_the_whole_text(text: str, facets: list[Facet]) -> None:
    pieces = segments(text, facets)

    # A link's text may be followed by its host; everything else is the text itself.
    assert regex.sub(r" \(a\.example\)", "", "".join(piece.text for piece in pieces)) == text
    assert [p for p in pieces if p.kind == "link" and not p.value.startswith("https://")] == []


@generated(500)
@given(texts)
def test_facets_of_any_note_lie_inside_it_in_order(text: str) -> None:
    clean = normalise(text)
    facets = facets_of(clean)

    edges = [edge for facet in facets for edge in (facet.start, facet.end)]
    assert edges == sorted(edges)
    assert all(0 <= facet.start < facet.end <= len(clean) for facet in facets)
    assert unpack(pack(facets)) == facets


@pytest.mark.parametrize(
    "text",
    [
        "👩🏻‍❤️‍💋‍👨🏿",
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "1️⃣ #️⃣",
        "🏳️‍🌈",
        "🇩🇪🇨🇿",
        "❤️",
        "👁️‍🗨️",
        "می‌خواهم",
        "ज़िंदगी",
        "ශ්‍රී ලංකා",
        "ที่นี่",
        "Škoda Ångström Đorđević",
    ],
)
def test_text_in_any_script_is_left_alone(text: str) -> None:
    assert normalise(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a\u202eb\u2066c\u200fd", "abcd"),
        ("H\u0336\u0322\u0301\u0300\u0334allo", "H\u0336\u0334allo"),
        ("\u0301\u0302Hallo \u0303du", "Hallo du"),
        ("un\u00adsicht\u200bbar\u3164", "unsichtbar"),
        ("a\u200db", "ab"),
        ("  a \t  b  \r\n\r\n\r\n\r\nc\u2028d  ", "a b\n\nc\nd"),
        ("x\ufe0f \U000e0067\U000e007f", "x"),
        ("👩" + "\u200d👩" * 5, "👩\u200d👩\u200d👩\u200d👩👩\u200d👩"),
        ("\ue000\ud800\x00\x1b[31mrot", "[31mrot"),
    ],
)
def test_what_hides_or_piles_up_is_removed(text: str, clean: str) -> None:
    assert normalise(text) == clean


def test_ten_thousand_lines_become_twelve_without_losing_words() -> None:
    clean = normalise("\n".join(str(number) for number in range(10_000)))

    assert len(clean.split("\n")) == 12
    assert clean.split() == [str(number) for number in range(10_000)]


def test_endless_clusters_count_for_what_they_are() -> None:
    assert length(normalise("👩\u200d" * 400)) == 100
    assert len(normalise("\u1100" * 5000)) == 12


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("Lotte ✔️", "Lotte"),
        ("✅ Team\nWand ☑", "Team Wand"),
        ("🗸✓", ""),
        ("Jost 🌻", "Jost 🌻"),
        ("x" * 41, "x" * 39 + "…"),
    ],
)
def test_names_are_one_line_without_badges(name: str, clean: str) -> None:
    assert normalise_name(name) == clean


def test_length_counts_what_people_see() -> None:
    assert [length(text) for text in ("", "äöü", "👩🏻‍❤️‍💋‍👨🏿", "🇩🇪🇨🇿", "e\u0301")] == [
        0,
        3,
        1,
        2,
        1,
    ]


def test_note_facets_are_links_and_tags() -> None:
    text = "Siehe https://münchen.example/a_(b). #Grüße_1 #2026 a#b #ÄÖ, &#39; http://x@y.example/"

    found = [(facet.kind, text[facet.start : facet.end], facet.value) for facet in facets_of(text)]

    assert found == [
        ("link", "https://münchen.example/a_(b)", "https://münchen.example/a_(b)"),
        ("tag", "#Grüße_1", "Grüße_1"),
        ("tag", "#ÄÖ", "ÄÖ"),
    ]


def test_tag_inside_a_link_is_part_of_the_link() -> None:
    assert [facet.kind for facet in facets_of("https://a.example/#Teil,#Zwei")] == ["link"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("IndieWeb", "#indieweb", True),
        ("STRASSE", "straße", True),
        ("Grüße", "Gru\u0308ße", True),
        ("ｗａｎｄ", "＃wand", True),
        ("Andern", "Ändern", False),
    ],
)
def test_tags_compare_as_people_read_them(one: str, other: str, same: bool) -> None:
    assert same_tag(one, other) is same


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Moin #IndieWeb", "Moin"),
        ("Moin #IndieWeb\n\n#indieweb", "Moin"),
        ("Moin #IndieWeb zusammen", "Moin #IndieWeb zusammen"),
        ("Moin #IndieWebCamp", "Moin #IndieWebCamp"),
        ("#IndieWeb", "#IndieWeb"),
        ("Moin#IndieWeb", "Moin#IndieWeb"),
        ("", ""),
    ],
)
def test_closing_tag_of_the_event_is_left_out(text: str, left: str) -> None:
    assert without_closing_tag(text, facets_of(text), "indieweb") == left


def test_mixed_script_host_in_a_note_is_shown_in_punycode() -> None:
    text = "https://аррӏе.com/x"

    assert segments(text, facets_of(text)) == [
        Segment("link", "https://xn--80ak6aa92e.com/x", text)
    ]


def test_shortened_text_keeps_only_whole_facets() -> None:
    text = "eins #zwei #drei"

    assert shorten(text, facets_of(text), limit=12) == ("eins #zwei…", facets_of("eins #zwei"))
    assert shorten(text, facets_of(text), limit=16) == (text, facets_of(text))


def test_damaged_stored_facets_are_left_out() -> None:
    good = {"kind": "tag", "start": 0, "end": 2, "value": "a"}

    assert unpack([good, {"kind": "image"} | good | {"start": "0"}, None, 3]) == (
        Facet("tag", 0, 2, "a"),
    )
    assert unpack("nothing") == ()
