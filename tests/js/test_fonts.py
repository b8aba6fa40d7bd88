"""The typefaces are the files that were added, and nothing else lies beside them."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

FONTS = Path(__file__).resolve().parents[2] / "eventhub" / "static" / "eventhub" / "fonts"


def test_fonts_are_those_of_the_list() -> None:
    lines = (FONTS / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, name in (line.split() for line in lines)}

    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FONTS.glob("*.woff2")
    }

    assert found == listed


def test_every_pictograph_lies_in_a_part_that_is_there() -> None:
    css = (FONTS.parent / "emoji.css").read_text(encoding="utf-8")
    faces = dict(re.findall(r'url\("fonts/(\S+?)"\).*?unicode-range: ([^;]+);', css))

    assert set(faces) == {path.name for path in FONTS.glob("emoji-*.woff2")}
    covered = {code for ranges in faces.values() for code in _codes(ranges)}
    assert [
        sign for sign in "😀👍🏽🎉🤝🚀☕❤🌍🇩🇪🏳🌈👩\u200d💻\ufe0f" if ord(sign) not in covered
    ] == []
    assert ord("ß") not in covered  # letters are another typeface's


def _codes(ranges: str) -> Iterator[int]:
    for part in ranges.split(","):
        first, _, last = part.strip().removeprefix("U+").partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)
