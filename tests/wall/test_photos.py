"""What strangers send as a photo: drawn anew or refused with a sentence, and nobody is hurt."""

import io
import os
import subprocess
import sys
import tempfile
import threading
from functools import cache
from pathlib import Path

import pytest
from django.utils import translation
from PIL import Image, ImageCms

from tests.wall import pictures
from wall import photo_check, photo_child
from wall.photo_check import LIMITS, MIB, CheckedPhoto, Limits, PhotoRefused, check

PATIENT = Limits(cpu_s=60, wall_s=60.0)  # this machine may be busy with other tests
# How they are made: every worker of a run reads this list, and one of them needs the pictures.
REFUSED = {name: (make, code) for name, make, code in pictures.refused()}
TAKEN = {name: (make, size) for name, make, size in pictures.taken()}


@cache
def sent(name: str) -> bytes:
    return TAKEN[name][0]()


@cache
def checked(name: str) -> CheckedPhoto:
    return check(sent(name), limits=PATIENT)


def drawn(photo: CheckedPhoto) -> Image.Image:
    return Image.open(io.BytesIO(photo.data)).convert("RGB")


def colour_at(photo: CheckedPhoto, across: float, down: float) -> str:
    """The name of the colour there, as far as a lossy picture can tell."""
    image = drawn(photo)
    where = int(image.width * across), int(image.height * down)
    pixel = image.getpixel(where)
    assert isinstance(pixel, tuple)
    names = {
        "red": (255, 0, 0),
        "green": (0, 160, 0),
        "blue": (0, 0, 255),
        "white": (255, 255, 255),
        "grey": (128, 128, 128),
    }
    return min(names, key=lambda n: sum((a - b) ** 2 for a, b in zip(names[n], pixel, strict=True)))


def chunks(data: bytes) -> list[bytes]:
    """The names of a WebP's chunks, all of which must be whole."""
    found, at = [], 12
    while at < len(data):
        found.append(data[at : at + 4])
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        at += 8 + length + length % 2
    assert at == len(data) == int.from_bytes(data[4:8], "little") + 8
    return found


def refusal(data: bytes, limits: Limits = PATIENT) -> str:
    with pytest.raises(PhotoRefused) as refused:
        check(data, limits=limits)
    return refused.value.code


def test_there_are_enough_of_both_kinds() -> None:
    assert len(REFUSED) + len(TAKEN) >= 70


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_shown_is_refused_with_its_sentence(name: str) -> None:
    make, code = REFUSED[name]
    data = make()

    with translation.override("en"), pytest.raises(PhotoRefused) as refused:
        check(data, limits=PATIENT)

    assert refused.value.code == f"photo_{code}"
    assert refused.value.message.endswith(".")


@pytest.mark.parametrize("name", TAKEN)
def test_photo_is_drawn_anew_and_nothing_of_the_file_is_left(name: str) -> None:
    size = TAKEN[name][1]

    photo = checked(name)

    assert (photo.width, photo.height) == size == drawn(photo).size
    assert chunks(photo.data) == [b"VP8 "]  # pixels: no EXIF, no XMP, no profile, no alpha
    assert Image.open(io.BytesIO(photo.data)).getexif() == {}
    assert pictures.CANARY not in photo.data


def test_the_places_and_words_that_go_were_there() -> None:
    """Negative control of the test above."""
    data = sent("a JPEG with a place")
    said = Image.open(io.BytesIO(data)).getexif()

    assert pictures.CANARY in data
    assert tuple(said.get_ifd(0x8825)[2]) == pictures.PLACE


@pytest.mark.parametrize("name", [n for n in TAKEN if "grey" not in n and "bit" not in n])
def test_photo_still_shows_what_it_showed(name: str) -> None:
    photo = checked(name)
    below = "white" if "clear colour" in name else "blue"

    seen = [colour_at(photo, *at) for at in ((0.2, 0.2), (0.8, 0.5), (0.2, 0.8))]

    assert seen == ["red", "green", below]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_photo_stands_upright_however_the_phone_was_held(orientation: int) -> None:
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    held = pictures.scene()
    if orientation in back:
        held = held.transpose(back[orientation])

    photo = check(pictures.file(held, "JPEG", exif=pictures.exif(orientation)), limits=PATIENT)

    assert (photo.width, photo.height) == (640, 480)
    assert [colour_at(photo, *at) for at in ((0.2, 0.2), (0.2, 0.8))] == ["red", "blue"]


def test_colours_are_those_that_the_profile_means() -> None:
    """A profile in which red and blue have changed places."""
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    changed = plain.replace(b"rXYZ", b"tmpX", 1).replace(b"bXYZ", b"rXYZ", 1)
    changed = changed.replace(b"tmpX", b"bXYZ", 1)

    photo = check(pictures.jpeg(icc_profile=changed), limits=PATIENT)

    assert [colour_at(photo, *at) for at in ((0.2, 0.2), (0.2, 0.8))] == ["blue", "red"]


def test_sixteen_bits_of_grey_are_not_cut_off_at_white() -> None:
    grey = Image.new("I;16", (64, 64), 0x8000)

    photo = check(pictures.file(grey, "PNG"), limits=PATIENT)

    assert colour_at(photo, 0.5, 0.5) == "grey"


def test_of_a_phones_picture_with_others_behind_it_the_photo_is_taken() -> None:
    """Portrait and high-contrast modes send depth and brightness along: no moving picture."""
    behind = [Image.new("RGB", (64, 64), "white")]
    several = pictures.file(pictures.scene(), "MPO", save_all=True, append_images=behind)

    photo = check(several, limits=PATIENT)

    assert (photo.width, colour_at(photo, 0.2, 0.2)) == (640, "red")


# --- the child and its limits


def test_picture_that_needs_more_memory_than_it_may_is_refused() -> None:
    data = sent("a PNG of 40 megapixels")
    little = Limits(memory_bytes=128 * MIB, cpu_s=60, wall_s=60.0)

    assert refusal(data, little) == "photo_large"
    assert checked("a PNG of 40 megapixels").width == 1600  # negative control


def test_picture_that_takes_too_much_of_a_processor_is_stopped() -> None:
    data = pictures.many_scans(3000, 2000, 1200)
    little = Limits(cpu_s=1, wall_s=60.0)

    assert refusal(data, little) == "photo_slow"
    assert check(data, limits=PATIENT).width == 1600  # negative control: it was the time


def test_child_that_does_not_come_back_is_given_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sleeping = instead(monkeypatch, tmp_path, "import time\ntime.sleep(600)")

    assert refusal(pictures.jpeg(), Limits(wall_s=0.2)) == "photo_slow"
    assert sleeping.exists()


@pytest.mark.parametrize("name", [n for n in TAKEN if "of 40" in n or "of 10" in n])
@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak from /proc")
def test_child_stays_below_200_mib(name: str, tmp_path: Path) -> None:
    arguments = [str(LIMITS.memory_bytes), "60", str(LIMITS.output_bytes)]
    probe = (
        f"import sys; sys.path.insert(0, {str(Path(photo_child.__file__).parent)!r})\n"
        f"import photo_child; photo_child.main({arguments})\n"
        "sys.stderr.write(open('/proc/self/status').read())"
    )

    done = subprocess.run(
        [sys.executable, "-I", "-c", probe], input=sent(name), capture_output=True, check=True
    )

    peak = next(li for li in done.stderr.decode().splitlines() if li.startswith("VmHWM"))
    assert int(peak.split()[1]) * 1024 < 200 * MIB


def instead(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str) -> Path:
    """Another child in place of ours."""
    script = tmp_path / "child.py"
    script.write_text(code)
    monkeypatch.setattr(photo_check, "CHILD", script)
    return script


def test_child_is_given_no_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EVENTHUB_SECRET_KEY", "canary")
    instead(monkeypatch, tmp_path, "import os, sys\nprint(dict(os.environ), os.listdir('/dev/fd'))")

    said = photo_check._run_child(b"", LIMITS, photo_check.PHOTO).decode()

    assert "canary" not in said
    assert said.count("'") // 2 - 2 * said.count(": '") <= 4  # three streams and the listing itself


@pytest.mark.parametrize(
    "code",
    [
        "import os; os.abort()",
        "raise SystemExit(3)",
        "print('no JSON')",
        "print('[]')",
        "print('{}')",
        "print('null')",
        'print(\'{"refused": ["x"]}\')',
        'print(\'{"refused": "made up"}\')',
        'print(\'{"width": "x", "height": 1}\')',
        'print(\'{"width": 100, "height": 100}\')',
        'print(\'{"width": 100, "height": 100}\\n<script>alert(1)</script>\')',
        'print(\'{"width": 9999, "height": 100}\\nRIFF\\x04\\0\\0\\0WEBP\', end="")',
        'print(\'{"width": 99, "height": 100}\\nRIFF\\x04\\0\\0\\0WEBP<script>\', end="")',
        "print('x' * 9_000_000)",
    ],
)
def test_child_that_was_taken_over_is_not_believed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str
) -> None:
    instead(monkeypatch, tmp_path, code)

    assert refusal(pictures.jpeg()) == "photo_broken"


def test_few_are_drawn_at_once_and_few_wait() -> None:
    places = photo_check._Places(running=1, waiting=0)

    with places.one() as first, places.one() as second:
        pass
    with places.one() as third:
        pass

    assert (first, second, third) == (True, False, True)


def test_who_finds_no_place_is_told_to_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photo_check, "_places", photo_check._Places(running=0, waiting=0))

    assert refusal(pictures.jpeg()) == "photo_busy"


def test_drawing_leaves_no_process_and_no_file_behind(tmp_path: Path) -> None:
    before = set(os.listdir(tempfile.gettempdir()))
    children = Path(f"/proc/self/task/{threading.get_native_id()}/children")
    running = children.read_text()

    check(pictures.jpeg(), limits=PATIENT)

    assert children.read_text() == running  # one that nobody has waited for would still be named
    left = set(os.listdir(tempfile.gettempdir())) - before
    assert not [name for name in left if name.startswith("tmp")]
