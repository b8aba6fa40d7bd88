"""The typefaces are the files that were added, and nothing else lies beside them."""

import hashlib
from pathlib import Path

FONTS = Path(__file__).resolve().parents[2] / "eventhub" / "static" / "eventhub" / "fonts"


def test_fonts_are_those_of_the_list() -> None:
    lines = (FONTS / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, name in (line.split() for line in lines)}

    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FONTS.glob("*.woff2")
    }

    assert found == listed
