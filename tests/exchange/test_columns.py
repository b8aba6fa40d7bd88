"""The columns of a table: understood in both languages, and cells that hold lists."""

import pytest

from agenda.exchange import columns


def test_every_heading_means_one_column() -> None:
    headings = [
        columns.plain(name)
        for column in columns.COLUMNS
        for name in {*map(columns.plain, (*column.also, column.german, column.english))}
    ]

    assert sorted(headings) == sorted(set(headings))


@pytest.mark.parametrize("heading", ["Fällt aus", "fällt_aus *", " CANCELLED:", "Abgesagt"])
def test_a_heading_is_understood_however_it_is_typed(heading: str) -> None:
    assert columns.BY_HEADING[columns.plain(heading)].key == "cancelled"


@pytest.mark.parametrize(
    "names",
    [[], ["Ada"], ["Ada", "Grace"], ["Lovelace, Ada"], ["Lovelace, Ada", "Tom & Jerry"], ["A & B"]],
)
def test_names_survive_a_cell(names: list[str]) -> None:
    assert columns.split_names(columns.names_cell(names)) == names


def test_names_by_commas_are_understood() -> None:
    assert columns.split_names("Ada Lovelace,  Grace Hopper & Mary") == [
        "Ada Lovelace",
        "Grace Hopper",
        "Mary",
    ]


def test_links_survive_a_cell() -> None:
    links = [
        {"title": "Slides, part one", "url": "https://slides.example/1?a=b"},
        {"title": "", "url": "http://other.example/"},
    ]

    assert columns.split_links(columns.links_cell(links)) == links


def test_only_addresses_of_the_web_are_links() -> None:
    assert columns.split_links("javascript:alert(1) file:///etc/passwd") == []
