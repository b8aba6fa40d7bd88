"""Cells that start a formula: what leaves is harmless, what comes back is what was meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agenda.exchange.cells import as_meant, harmless

FORMULAS = [
    *("=1+1", "+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠SUM(1)"),
    *(
        " =1",
        "\u00a0=1",
        "\u3000=1",
        "\ufeff=1",
        "\u200b=1",
        "  \t =1",
        "=",
        "-",
        "=cmd|' /C x'!A0",
    ),
]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_gets_an_apostrophe(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "1+1", "Ada = Grace", "'quoted'", "a\n=1", "´=1"])
def test_anything_else_stays(text: str) -> None:
    assert (harmless(text), as_meant(text)) == (text, text)


@given(st.text(alphabet="'= \n-ab\u00a0＝", max_size=8))
def test_what_was_meant_comes_back(text: str) -> None:
    assert as_meant(harmless(text)) == text
