"""Texts that say the same have the same fingerprint; others do not."""

import pytest

from wall.likeness import alike, fingerprint

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
