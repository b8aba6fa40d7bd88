"""A QR code as lines that a template can draw: for what may stand in no address of a picture."""

from dataclasses import dataclass

QUIET = 4  # modules of white around it, which readers need


@dataclass(frozen=True, slots=True)
class Drawing:
    """`side` in modules, the quiet zone included; `path` for an SVG of that size."""

    side: int
    path: str


def draw(text: str) -> Drawing:
    """`text` at error level M, each run of dark modules as one rectangle."""
    import segno  # on first use: it costs start time

    rows = segno.make(text, error="m", micro=False).matrix
    runs = []
    for y, row in enumerate(rows, start=QUIET):
        bits = "".join("1" if bit else "0" for bit in row)
        x = QUIET
        for dark in bits.split("0"):
            if dark:
                runs.append(f"M{x} {y}h{len(dark)}v1h-{len(dark)}z")
            x += len(dark) + 1
    return Drawing(len(rows) + 2 * QUIET, "".join(runs))
