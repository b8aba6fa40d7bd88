"""Which items of a source are wanted at all, by language and tag."""

from dataclasses import replace
from typing import Any

import pytest

from tests import factories
from wall.models import Source
from wall.sources import choice
from wall.sources.base import Facet


@pytest.mark.parametrize(
    ("languages", "spoken", "wanted"),
    [
        ([], "xx", True),
        (["de"], "", True),
        (["de"], "de", True),
        (["de"], "de-AT", True),
        (["de"], "DE_ch", True),
        (["DE", "en"], "en", True),
        (["de"], "en", False),
        (["de-at"], "de", False),
        (["de"], "d", False),
    ],
)
def test_languages_are_kept_apart(languages: list[str], spoken: str, wanted: bool) -> None:
    item = replace(factories.make_incoming(), language=spoken)

    assert choice.is_wanted(Source(languages=languages), item) == wanted


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({}, True),
        ({"tags": ("Kuchen",)}, False),
        ({"facets": (Facet("tag", 0, 7, "KUCHEN"),)}, False),
        ({"facets": (Facet("link", 0, 7, "kuchen"),)}, True),
        ({"tags": ("Kuchenblech",)}, True),
    ],
)
def test_post_with_an_unwanted_tag_stays_out(fields: dict[str, Any], wanted: bool) -> None:
    item = replace(factories.make_incoming(), **fields)

    assert choice.is_wanted(Source(exclude_tags=["#Kuchen"]), item) == wanted


def test_further_tags_reach_the_adapter_once_and_only_if_they_are_tags() -> None:
    source = Source(
        pk=7,
        config={"server": "netz.example", "tag": "fest"},
        include_tags=["#Feier", "feier", "zwei Worte", "FEST", "2026"],
    )

    config = choice.settings_of(source)

    known = {"server": "netz.example", "tag": "fest", "source": "7"}
    assert config == known | {"also": "Feier feier FEST"}
    assert choice.also_read(config, "fest") == ["Feier"]
    assert choice.settings_of(Source(pk=8, config={"tag": "x"})) == {"tag": "x", "source": "8"}


@pytest.mark.parametrize(
    ("tag", "carried", "another"),
    [
        ("Ändern", ("ändern",), False),
        ("Ändern", ("andern",), True),
        ("Ändern", ("andern", "Ändern"), False),
        ("Ändern", (), False),
        ("Ändern", ("Haus",), False),
        ("straße", ("STRASSE",), False),
    ],
)
def test_tag_that_only_folds_alike_is_another(
    tag: str, carried: tuple[str, ...], another: bool
) -> None:
    item = replace(factories.make_incoming(), tags=carried)

    assert choice.is_another_tag(item, [tag]) == another


@pytest.mark.parametrize(
    ("text", "carried", "lost"),
    [
        ("Ohne", (), True),
        ("Ohne", ("haus",), True),
        ("Ohne", ("andern",), False),
        ("Mit #Ändern", (), False),
        ("日本語＃ändern", (), False),
    ],
)
def test_tag_is_lost_only_when_nothing_speaks_for_it(
    text: str, carried: tuple[str, ...], lost: bool
) -> None:
    item = replace(factories.make_incoming(text=text), tags=carried)

    assert choice.has_lost_its_tag(item, ["Ändern"]) == lost
