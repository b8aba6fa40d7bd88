"""HTML of strangers becomes words and places, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wall.text import from_html, normalise, segments

PIECES = [
    *("<p>", "</p>", "<br>", "<a href='https://a.example/x'>", "</a>", "<span class='invisible'>"),
    *("</span>", "<span class='ellipsis'>", "<b>", "<li>", "<ruby>", "<rt>", "</rt>", "<pre>"),
    *("<script>", "</script>", "<img src=x onerror=alert(1)>", "<a class='mention hashtag'>#a"),
    *("<a class='mention' href='https://a.example/@b'>@b", "&lt;script&gt;", "&#x202e;", "<!--"),
    *("-->", "<svg onload=alert(1)>", "<math><mtext>", "<![CDATA[", "]]>", "\x00", "<p", "'\">"),
    *(" ", "\n", "Wort", "#tag", "\u0301", "👩\u200d", "ẞ", "&amp;", "&", "https://b.example/"),
]


def parts(html: str, **known: object) -> list[tuple[str, str, str]]:
    text, facets = from_html(html, **known)  # type: ignore[arg-type]
    return [(facet.kind, text[facet.start : facet.end], facet.value) for facet in facets]


@settings(max_examples=1000, deadline=None, database=None, derandomize=True)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=30).map("".join))
def test_any_html_gives_clean_text_with_fitting_facets(html: str) -> None:
    text, facets = from_html(html)

    assert normalise(text) == text
    edges = [edge for facet in facets for edge in (facet.start, facet.end)]
    assert edges == sorted(edges)
    assert all(text[f.start : f.end].strip() == text[f.start : f.end] != "" for f in facets)
    assert [f for f in facets if f.kind == "link" and not f.value.startswith("https://")] == []


def test_mastodon_markup_is_read_as_people_see_it() -> None:
    html = (
        '<p>Moin <a href="https://s.example/tags/Wand" class="mention hashtag" rel="tag">'
        '#<span>Wand</span></a> und <span class="h-card"><a href="https://s.example/@tom" '
        'class="u-url mention">@<span>tom</span></a></span>!<br />Neue Zeile &lt;b&gt;</p>'
        '<p><a href="https://www.lang.example/pfad/seite"><span class="invisible">https://www.'
        '</span><span class="ellipsis">lang.example/pfad</span><span class="invisible">/seite'
        "</span></a></p>"
    )

    text, facets = from_html(html, mentions={"https://s.example/@tom": "@tom@s.example"})

    assert text == "Moin #Wand und @tom!\nNeue Zeile <b>\n\nlang.example/pfad…"
    assert [(f.kind, text[f.start : f.end], f.value) for f in facets] == [
        ("tag", "#Wand", "Wand"),
        ("mention", "@tom", "@tom@s.example"),
        ("link", "lang.example/pfad…", "https://www.lang.example/pfad/seite"),
    ]


def test_tag_without_class_is_known_from_the_list() -> None:
    html = "<p><a href='https://g.example/tags/wand'>#Wand</a> <a href='https://g.example/'>#Ding</a></p>"

    assert parts(html, tags=["wand"]) == [
        ("tag", "#Wand", "Wand"),
        ("link", "#Ding", "https://g.example/"),
    ]


def test_mention_unknown_to_the_server_takes_the_host_of_its_profile() -> None:
    html = "<a class='mention' href='https://p.example/users/ida'>@ida</a>"

    assert parts(html) == [("mention", "@ida", "@ida@p.example")]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>eins</p><p>zwei<br>drei</p>", "eins\n\nzwei\ndrei"),
        ("<ul><li>a</li><li>b</li></ul>c", "a\nb\n\nc"),
        ("<p>a\n   b</p><pre>c\n  d</pre>", "a b\n\nc\nd"),
        ("<ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>", "漢字(かんじ)"),
        ("<p>Gut :blobkatze: :uhr:</p>", "Gut :uhr:"),
        ('<p class="quote-inline">RE: <a href="https://q.example/1">q</a></p><p>Ja</p>', "Ja"),
        ("<h1>Titel</h1>Text <b>fett</b> <i>schräg</i>", "Titel\n\nText fett schräg"),
        ("a<script>b</script><style>c</style><iframe>d</iframe>e<!-- f -->", "ae"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("offen <b>und <p>nie zu", "offen und\n\nnie zu"),
        ("", ""),
    ],
)
def test_html_becomes_text(html: str, text: str) -> None:
    assert from_html(html, emojis={"blobkatze": ""})[0] == text


def test_custom_emoji_with_a_picture_stay_as_facets() -> None:
    url = "https://a.example/e/katze.png"
    html = (
        '<p>:katze:  da &amp; <a href="https://b.example/">:katze: dort</a></p>'
        '<p><span class="invisible">:katze:</span>:uhr: :katze:</p>'
    )

    text, facets = from_html(html, emojis={"katze": url})

    assert text == ":katze: da &  dort\n\n:uhr: :katze:".replace("  ", " ")
    assert [(facet.kind, text[facet.start : facet.end], facet.value) for facet in facets] == [
        ("emoji", ":katze:", url),
        ("link", "dort", "https://b.example/"),
        ("emoji", ":katze:", url),
    ]


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "//a.example/",
        "/pfad",
        "https://bank.example@evil.example/",
        "https://a.example:port/",
        "https://0x7f.1/",
        "https://a.example/\u202e",
        "https://a.example/" + "x" * 3000,
        "",
    ],
)
def test_odd_addresses_are_no_links(href: str) -> None:
    assert parts(f'<a href="{href}">Wort</a>') == []


@pytest.mark.parametrize(
    ("visible", "href", "shown"),
    [
        ("https://bank.example/login", "https://evil.example/", "(evil.example)"),
        ("bank.example", "https://evil.example/", "(evil.example)"),
        ("bank.example", "https://www.bank.example/", ""),
        ("аррӏе.com", "https://аррӏе.com/", None),
        ("hier", "https://evil.example/", ""),
    ],
)
def test_link_that_reads_like_another_host_names_the_real_one(
    visible: str, href: str, shown: str | None
) -> None:
    text, _facets = from_html(f'<a href="{href}">{visible}</a>')

    assert text == ("xn--80ak6aa92e.com" if shown is None else f"{visible} {shown}".strip())


def test_foreign_text_keeps_its_segments_when_taken_apart() -> None:
    text, facets = from_html('<a href="https://evil.example/">bank.example</a> #x')

    pieces = [(piece.kind, piece.text, piece.host) for piece in segments(text, facets)]

    assert pieces == [
        ("link", "bank.example (evil.example)", "evil.example"),
        ("text", " #x", ""),
    ]


def test_mark_behind_a_link_costs_the_link_only() -> None:
    text, facets = from_html('<a href="https://a.example/">Wore</a>\u0301 da')

    assert (text, facets) == ("Woré da", ())


@pytest.mark.parametrize("bomb", ["<p>" * 50_000, "<a href=https://a.example/>x</a>" * 5_000])
def test_bombs_are_read_to_a_limit(bomb: str) -> None:
    text, facets = from_html(bomb)

    assert len(text) <= 5_000
    assert len(facets) <= 40
