"""Contact sheets of every slide, measured by machine: `python -m tests.sheets [FOLDER] [SLIDE …]`.

Each slide at five sizes, light and dark, of a plain and of an odd event, as one picture; below it
what the last row could not read. Ends with 1 if anything is wrong.
"""

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page

from tests.chromium import chromium
from tests.processes import Installation, Served
from tests.ready_made import furnish

SIZES = ((1920, 1080), (1920, 1200), (1280, 800), (1024, 768), (3840, 2160))
LOOKS = ("plain", "hostile")
SCRIPT = (Path(__file__).parent / "browser" / "sheets.js").read_text(encoding="utf-8")
THUMB = (640, 360)
EVERY = None


@dataclass(frozen=True)
class Shot:
    """A slide in a scene at a moment that the venue names; with so many posts on the wall."""

    name: str
    slide: str
    scene: str = "break"
    at: str = "now"
    posts: int | None = EVERY
    codes: tuple[str, ...] = ()  # what has to be read off the picture: "address", "wifi"


SHOTS = (
    Shot("talk", "talk", "talk"),
    Shot("countdown", "countdown", "talk"),
    Shot("countdown-ending", "countdown", "ending", "ending"),
    Shot("countdown-break", "countdown", "break", "break"),
    Shot("next", "next", "break", "break"),
    Shot("nownext", "nownext", "sessions"),
    Shot("hint", "hint", codes=("address",)),
    Shot("welcome", "welcome", "before", "before"),
    Shot("goodnight", "goodnight", "after", "after", codes=("address",)),
    Shot("wifi", "wifi", codes=("wifi",)),
    Shot("placards", "placards"),
    Shot("placards-alone", "placards"),
    Shot("notice", "notice"),
    Shot("wall", "wall", codes=("address",)),
    Shot("wall-2", "wall", posts=2, codes=("address",)),
    Shot("wall-1", "wall", posts=1, codes=("address",)),
    Shot("wall-0", "wall", posts=0, codes=("address",)),
    Shot("prompt", "prompt", codes=("address",)),
    Shot("spotlight", "spotlight"),
    Shot("logo", "logo"),
    Shot("pitch", "pitch", "pitch"),
    Shot("board", "board", "sessions"),
    Shot("changes", "changes"),
    Shot("door", "door"),
    Shot("test", "test", codes=("address",)),
)


@dataclass
class Stage:
    """One page of one event, whose clock stands still; slides are switched in it."""

    page: Page
    known: dict[str, Any]

    def show(self, shot: Shot) -> str:
        """ "" or why the slide does not show."""
        at = self.known["at"][shot.at]
        self.page.evaluate("count => sheets.posts(count ?? 99)", shot.posts)
        self.page.clock.run_for(600)  # the wall looks four times a second
        has = self.page.evaluate(
            "([slide, at, scene]) => sheets.show(slide, at, scene)", [shot.slide, at, shot.scene]
        )
        if shot.name == "placards-alone":
            self.page.evaluate("sheets.turnToAlone()")
        self.page.evaluate(
            "Promise.all([...document.querySelectorAll('[data-shown] img')]"
            ".map(one => one.decode().catch(() => 0))).then(() => true)"
        )
        return "" if has else "has no content"

    def resize(self, size: tuple[int, int]) -> None:
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        self.page.clock.run_for(1500)

    def picture(self) -> Image.Image:
        return Image.open(BytesIO(self.page.screenshot(animations="disabled"))).convert("RGB")

    def faults(self, shot: Shot) -> list[str]:
        found: list[str] = self.page.evaluate("sheets.faults()")
        return found

    def misread(self, shot: Shot, picture: Image.Image) -> list[str]:
        """Codes that no phone would read off the picture."""
        import zxingcpp

        read = [str(code.text) for code in zxingcpp.read_barcodes(picture)] if shot.codes else []
        wanted = {"address": self.known["address"], "wifi": "WIFI:T:WPA;S:"}
        return [f"code of {one} not read" for one in shot.codes if not _in(wanted[one], read)]


def _in(words: str, read: list[str]) -> bool:
    return any(words in code for code in read)


def uneven_edge(picture: Image.Image) -> list[str]:
    """That something stands in the outer 5 %, whatever it is: the pixels there differ."""
    wide, high = picture.size
    edge_x, edge_y = int(wide * 0.05) - 2, int(high * 0.05) - 2
    strips = {
        "left": (0, 0, edge_x, high),
        "right": (wide - edge_x, 0, wide, high),
        "top": (0, 0, wide, edge_y),
        "bottom": (0, high - edge_y, wide, high),
    }
    return [
        f"something at the {name} edge"
        for name, box in strips.items()
        if any(low != top for low, top in picture.crop(box).getextrema())  # type: ignore[misc]
    ]


def stage(browser: Browser, url: str, known: dict[str, Any], *, dark: bool) -> Stage:
    context = browser.new_context(
        viewport={"width": SIZES[0][0], "height": SIZES[0][1]}, reduced_motion="reduce"
    )
    context.add_cookies([{"name": "screen", "value": known["key"], "url": url}])
    context.add_init_script(SCRIPT)
    page = context.new_page()
    page.clock.install(time=known["at"]["now"] / 1000)
    page.goto(f"{url}/screen" + ("?theme=dark" if dark else ""))
    page.wait_for_selector("live-dot[data-state=open]", state="attached")
    page.wait_for_selector("screen-scene > [data-slide][data-shown]")
    page.evaluate("document.fonts.ready.then(() => true)")
    page.clock.pause_at(known["at"]["now"] / 1000 + 60)
    return Stage(page, known)


def shoot(found: Stage, shot: Shot) -> tuple[Image.Image, list[str]]:
    """The picture and what is wrong with it."""
    missing = found.show(shot)
    if missing:
        return found.picture(), [missing]
    picture = found.picture()
    return picture, [*found.faults(shot), *found.misread(shot, picture), *uneven_edge(picture)]


def sheets(folder: Path, wanted: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Draw every sheet; (slide, faults) of each."""
    shots = [shot for shot in SHOTS if not wanted or shot.name in wanted]
    cells: dict[str, list[tuple[str, Image.Image]]] = {shot.name: [] for shot in shots}
    wrong: dict[str, list[str]] = {shot.name: [] for shot in shots}
    with tempfile.TemporaryDirectory() as place:
        installation = Installation(Path(place))
        known = furnish(installation, "tests.browser.sheets_venue")
        with Served(installation) as served, chromium() as browser:
            for look, dark in [(look, dark) for look in LOOKS for dark in (False, True)]:
                found = stage(browser, served.url, known[look], dark=dark)
                for size in SIZES:
                    found.resize(size)
                    for shot in shots:
                        picture, faults = shoot(found, shot)
                        label = f"{look} {'dark' if dark else 'light'} {size[0]}x{size[1]}"
                        cells[shot.name].append((label, thumbnail(picture)))
                        wrong[shot.name] += [f"{label}: {fault}" for fault in faults]
                found.page.context.close()
    for name, pictures in cells.items():
        sheet(pictures).save(folder / f"{name}.png")
        yield name, wrong[name]


def thumbnail(picture: Image.Image) -> Image.Image:
    picture.thumbnail(THUMB)
    return picture


def sheet(pictures: list[tuple[str, Image.Image]]) -> Image.Image:
    """All of one slide, a column for each look and theme, a row for each size."""
    across, down = len(LOOKS) * 2, len(SIZES)
    wide, high = THUMB[0] + 16, THUMB[1] + 34
    whole = Image.new("RGB", (across * wide, down * high), "#888888")
    pen = ImageDraw.Draw(whole)
    for number, (label, picture) in enumerate(pictures):
        x, y = number // down * wide + 8, number % down * high + 24
        pen.text((x, y - 16), label, fill="#ffffff")
        whole.paste(picture, (x, y))
    return whole


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0] if arguments else "var/sheets")
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for name, wrong in sheets(folder, arguments[1:]):
        count += len(wrong)
        print(f"{name}: {len(wrong)} faults, {folder / name}.png")
        for line in wrong:
            print(f"  {line}")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
