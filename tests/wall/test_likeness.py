"""Texts that say the same have the same fingerprint; others do not."""

import pytest

from wall import likeness
from wall.likeness import MAX_READ_CHARS, alike, fingerprint

TEXT = "Kauft jetzt die besten Uhren der Welt, nur heute"


@pytest.mark.parametrize(
    "other",
    [
        TEXT.upper(),
        f"{TEXT} 4711",
        f"{TEXT} https://uhren.example/?id=7",
        f"@mira @tom {TEXT}",
        f"{TEXT} 🎉🎉🎉",
        f"{TEXT} #handfest",
        "Kauft  jetzt — die besten UHREN der Weeeelt: nur heute!!!",
        "K\u0430uft jetzt die b\u0435sten Uhren der Welt, nur heute",
        "Kau\u200bft jetzt die be\u0336sten Uhren der Welt nur heute",
    ],
)
def test_what_floods_vary_changes_nothing(other: str) -> None:
    assert fingerprint(other) == fingerprint(TEXT) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (TEXT, "Die Session über offene Daten war die beste des ganzen Tages"),
        ("Danke!", "Danke euch"),
        ("Super Session", "Tolle Session"),
        ("😀", "😡"),
    ],
)
def test_texts_that_say_something_else_lie_apart(one: str, other: str) -> None:
    assert fingerprint(one) != fingerprint(other)
    assert alike(one, other) is False


def test_word_put_in_or_left_out_is_still_alike() -> None:
    assert alike(TEXT, "Kauft jetzt keine Uhren: die Zeit der Welt steht heute still") is False
    assert alike(TEXT, "Also: Kauft jetzt die besten Uhren der Welt, nur heute noch") is True


@pytest.mark.parametrize("text", ["", " ", "\n"])
def test_nothing_is_like_nothing(text: str) -> None:
    assert fingerprint(text) == ""
    assert alike(text, text) is False


@pytest.mark.parametrize(
    "text", ["😀", "17", "@mira", "https://a.example", "x" * 6000, "a b " * 3000]
)
def test_every_text_has_a_fingerprint_of_one_size(text: str) -> None:
    assert len(fingerprint(text)) == 32


class Counted(str):
    """A text that says how much of it was asked for."""

    asked = 0

    def __getitem__(self, part):  # type: ignore[no-untyped-def]
        self.asked = part.stop
        return str.__getitem__(self, part)


@pytest.mark.parametrize("pump", ["a", "ab", "a ", "1", "@", "\ufdfa", "a\u0301"])
def test_no_more_is_read_than_a_post_can_have(pump: str) -> None:
    text = Counted(pump * 100_000)

    assert len(fingerprint(text)) == 32
    assert text.asked == MAX_READ_CHARS


def test_no_pattern_reads_across_a_whole_text() -> None:
    """Repeats stand on single characters only; each other pattern sees one token."""
    assert [one.pattern for one in (likeness._REPEATED, likeness._DIGIT, likeness._WORD)] == [
        r"(.)\1+",
        r"\d",
        r"[^\W_]+",
    ]
