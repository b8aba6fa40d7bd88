"""Cells that no spreadsheet takes for a formula, and back. Knows text only."""

import re

FORMULA = "=+\\-@\t\r\n＝＋－＠"
_BLANK = " \u00a0\u3000\u200b\ufeff"
# An apostrophe before it counts as blank, or what was written with one could not be told apart.
_RISKY = re.compile(rf"[{_BLANK}']*[{FORMULA}]")


def harmless(cell: str) -> str:
    """`cell` with an apostrophe in front if it could be a formula, also behind blanks."""
    return f"'{cell}" if _RISKY.match(cell) else cell


def as_meant(cell: str) -> str:
    """What `harmless` was given; a cell of somebody else's making stays as it is."""
    return cell[1:] if cell[:1] == "'" and _RISKY.match(cell, 1) else cell
