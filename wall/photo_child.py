"""Draw one photo anew: read stdin, write a WebP to stdout. Runs alone, without Django.

Started by `wall.photos` as a process of its own, because what strangers send is decoded here: a
decoder that crashes, loops or eats memory takes nobody along. It is given no settings, no secrets
and no database; its limits are arguments: MEMORY_BYTES CPU_S OUTPUT_BYTES, and for what is no
photo LONGEST_PX SHORTEST_PX CLEAR (1: what is transparent stays so).

The answer is one line of JSON, {"width", "height"} followed by the picture, or {"refused": CODE}.
"""

import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

ROOT = Path(__file__).resolve().parent.parent
MAX_PIXELS = 40_000_000
MAX_CLEAR_PIXELS = 1_000_000
MAX_WEBP_PIXELS = 10_000_000  # its decoder keeps four copies
BIG_PIXELS = 24_000_000
LONGEST_SIDE_PX = 1600  # what a beamer can show of it
SHORTEST_SIDE_PX = 32  # less is no photo
BAND_ROWS = 16
QUALITY = 80
ORIENTATION = 0x0112  # the only thing we read of a file's metadata
HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


class Refused(Exception):
    """Its argument is the code that `wall.photos` has a sentence for."""


def opened(data: bytes) -> "Image":
    """The picture with its header read, nothing decoded. Only these three kinds are ever tried."""
    from PIL.JpegImagePlugin import JpegImageFile
    from PIL.PngImagePlugin import PngImageFile
    from PIL.WebPImagePlugin import WebPImageFile

    if data.startswith(b"\xff\xd8\xff"):
        # Of a phone's picture with further ones behind it (depth, brightness) this is the photo.
        return JpegImageFile(io.BytesIO(data))
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PngImageFile(io.BytesIO(data))
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        _look_at_webp(data[12:32])
        return WebPImageFile(io.BytesIO(data))
    if data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS:
        raise Refused("heic")
    raise Refused("kind")


def _look_at_webp(chunk: bytes) -> None:
    """Size and movement by its header alone: the decoder begins by making room for both."""
    if chunk.startswith(b"VP8X") and len(chunk) >= 18:
        if chunk[8] & 0x02:
            raise Refused("moving")
        size = tuple(int.from_bytes(chunk[at : at + 3], "little") + 1 for at in (12, 15))
    elif chunk.startswith(b"VP8L") and len(chunk) >= 13:
        bits = int.from_bytes(chunk[9:13], "little")
        size = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif chunk.startswith(b"VP8 ") and len(chunk) >= 18:
        size = tuple(int.from_bytes(chunk[at : at + 2], "little") & 0x3FFF for at in (14, 16))
    else:
        raise Refused("broken")
    if size[0] * size[1] > MAX_WEBP_PIXELS:
        raise Refused("large")


def target(
    width: int, height: int, longest: int = LONGEST_SIDE_PX, shortest: int = SHORTEST_SIDE_PX
) -> tuple[int, int]:
    """The size it will have, before it is turned upright."""
    if min(width, height) < shortest:
        raise Refused("small")
    if width * height > MAX_PIXELS:
        raise Refused("large")
    scale = min(1.0, longest / max(width, height))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    if min(size) < shortest:
        raise Refused("small")
    return size


def redraw(
    data: bytes,
    longest: int = LONGEST_SIDE_PX,
    shortest: int = SHORTEST_SIDE_PX,
    clear: bool = False,
) -> "Image":
    """The pixels alone, upright, in sRGB, at most `longest` on the longest side.

    `clear`: what is transparent stays so, of small pictures only.
    """
    from PIL import Image

    image = opened(data)
    size, pixels = target(*image.size, longest, shortest), image.width * image.height
    if getattr(image, "n_frames", 1) != 1:
        raise Refused("moving")
    if clear:
        if pixels > MAX_CLEAR_PIXELS:
            raise Refused("large")
        return image.convert("RGBA").resize(size, Image.Resampling.LANCZOS)
    image.draft(image.mode, size)  # a JPEG is decoded at a half, a quarter or an eighth
    try:
        image.load()
    except OSError:
        # libjpeg says "broken" as well when it has no room for all of a progressive picture.
        raise Refused("large" if pixels > BIG_PIXELS else "broken") from None
    turn = _turn(image)
    profile = image.info.get("icc_profile")
    small = _reduced(image, max(1, max(image.size) // longest))
    image.close()
    if small.size != size:
        small = small.resize(size, Image.Resampling.LANCZOS)
    plain = _in_srgb(small, profile)
    return plain.transpose(Image.Transpose(turn)) if turn is not None else plain


def _turn(image: "Image") -> int | None:
    """What makes it upright, of the eight ways to hold a camera; None for nothing to do."""
    from PIL.Image import Transpose

    turns = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    try:
        return turns.get(image.getexif().get(ORIENTATION, 1))
    except MemoryError:
        raise
    except Exception:
        return None  # metadata that cannot be read is no reason to refuse a photo


def _reduced(image: "Image", factor: int) -> "Image":
    """A smaller copy, without transparency, band by band: a second full one would not fit."""
    from PIL import Image

    width, height = image.size
    first = _solid(image.crop((0, 0, width, 1)))
    small = Image.new(first.mode, (-(-width // factor), -(-height // factor)))
    for top in range(0, height, BAND_ROWS * factor):
        bottom = min(height, top + BAND_ROWS * factor)
        small.paste(_solid(image.crop((0, top, width, bottom))).reduce(factor), (0, top // factor))
    return small


def _solid(band: "Image") -> "Image":
    """In L, RGB or CMYK; what was transparent is white."""
    from PIL import Image

    if band.mode in {"L", "RGB", "CMYK"} and "transparency" not in band.info:
        return band
    if band.mode.startswith("I"):  # 16 bits of grey
        return band.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    clear = band.convert("RGBA")
    solid = Image.new("RGB", clear.size, "white")
    solid.paste(clear, mask=clear.getchannel("A"))
    return solid


def _in_srgb(image: "Image", profile: bytes | None) -> "Image":
    """Colours as their profile means them; one that cannot be read is left aside."""
    if profile:
        from PIL import ImageCms

        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            changed = ImageCms.profileToProfile(image, source, srgb, outputMode="RGB")
        except MemoryError:
            raise
        except Exception:
            changed = None
        if changed is not None:
            return changed
    return image.convert("RGB")


def main(arguments: list[str]) -> None:
    sys.path.insert(0, str(ROOT))
    from eventhub.limits import limit

    numbers = [int(argument) for argument in arguments]
    limit(*numbers[:3])
    picture = b""
    try:
        longest, shortest, clear = numbers[3:] or (LONGEST_SIDE_PX, SHORTEST_SIDE_PX, 0)
        image = redraw(sys.stdin.buffer.read(), longest, shortest, bool(clear))
        file = io.BytesIO()
        # Nothing but pixels: no metadata, no profile, no comment.
        image.info.clear()
        image.save(file, "WEBP", quality=QUALITY, method=3, exif=b"", icc_profile=b"", xmp=b"")
        answer: dict[str, object] = {"width": image.width, "height": image.height}
        picture = file.getvalue()
    except Refused as refused:
        answer = {"refused": refused.args[0]}
    except MemoryError:
        answer = {"refused": "large"}
    except Exception:
        # Whatever a decoder says of a stranger's file: it is not one that can be shown.
        answer = {"refused": "broken"}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + picture)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
