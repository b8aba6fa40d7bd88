"""The slide for speakers draws other scripts in typefaces that have them, and never a box."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import ImageFont

from wall import card_fonts, deck_card

pytestmark = pytest.mark.sqlite  # once is enough: no database has a part in it
CAPTIONS = ("Forum 2026", "#Fest🎉", "Party 🎉 im 👩‍💻 Raum", "Größe – “ß” €")
OTHERS = ("منتدى ٢٠٢٦", "Форум", "भारत", "東京フォーラム", "Forum مرحبا 🎉")
NOBODYS_OWN = "Forum \ue000"  # a place that Unicode gives to nobody


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A machine with no typeface but ours."""
    monkeypatch.setattr(card_fonts, "FOLDERS", (tmp_path,))
    forget()
    yield
    forget()


def forget() -> None:
    card_fonts._others.cache_clear()
    card_fonts._typefaces.cache_clear()


def boxes(runs: list[card_fonts.Run]) -> list[str]:
    """The signs that are drawn as what stands for a missing one, in the size of the slide."""
    found = []
    for path, part in runs:
        font = ImageFont.truetype(path, 54)
        missing = bytes(font.getmask("\uffff"))
        seen = [sign for sign in part if sign.strip() and sign not in "\u200d\ufe0f"]
        found += [sign for sign in seen if bytes(font.getmask(sign)) == missing]
    return found


def card(name: str, tag: str = "#Forum") -> bytes:
    """Its pixels, before they are packed."""
    code = "https://hub.example/ABC"
    return deck_card._drawn(name, tag, "hub.example/ABC", code, "Write.", "").tobytes()


@pytest.mark.parametrize("caption", CAPTIONS)
def test_our_own_typefaces_draw_letters_and_pictographs(
    caption: str, nothing_installed: None
) -> None:
    drawn = card_fonts.runs(caption)

    assert drawn is not None
    assert ("".join(part for _path, part in drawn), boxes(drawn)) == (caption, [])


def test_box_is_found_where_there_is_one() -> None:
    """Negative control: what our own typeface lacks is seen as missing."""
    assert boxes([(card_fonts.own(), "aش中")]) == ["ش", "中"]


@pytest.mark.parametrize(
    "caption", ["منتدى ٢٠٢٦", "Форум", "भारत", "東京フォーラム", "Forum مرحبا 🎉"]
)
def test_other_scripts_are_drawn_whole_or_not_at_all(caption: str) -> None:
    """Which of the two depends on what the machine has; a box is neither."""
    drawn = card_fonts.runs(caption)

    if drawn is None:
        assert card(caption) == card("")
    else:
        assert sorted("".join(part for _path, part in drawn)) == sorted(caption)
        assert boxes(drawn) == []
        assert card(caption) != card("")


@pytest.mark.parametrize("caption", ["منتدى", "東京", NOBODYS_OWN])
def test_line_that_no_typeface_has_is_left_out(caption: str, nothing_installed: None) -> None:
    assert card_fonts.runs(caption) is None
    assert card(caption) == card("")
    assert card("Forum 2026", tag=caption) == card("Forum 2026", tag="")


def test_parts_of_what_reads_from_the_right_stand_from_right_to_left() -> None:
    own, other = card_fonts.own(), Path("arabic")
    found = [(own, frozenset("Forum")), (other, frozenset("مرحبا"))]

    assert card_fonts._parts("مرحبا Forum", found) == [(other, "مرحبا "), (own, "Forum")]
    assert card_fonts._reads_from_right("#مرحبا Forum")
    assert not card_fonts._reads_from_right("Forum مرحبا")
