"""Pictures as guests and strangers send them: honest, broken, oversized, disguised.

Each is built here, byte by byte where Pillow would refuse to write it. Asserts nothing.
"""

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from PIL import Image, ImageCms, PngImagePlugin

CANARY = b"canary-in-the-file"
PLACE = (53.0, 33.0, 7.5)  # where the camera says it was
HTML = b"<html><script>alert(1)</script></html>" + CANARY
ZIP = b"PK\x03\x04" + CANARY + b"PK\x05\x06" + bytes(18)


def scene(width: int = 640, height: int = 480, mode: str = "RGB") -> Image.Image:
    """Red in the upper left corner, blue below, green on the right."""
    image = Image.new("RGB", (width, height), "blue")
    image.paste((0, 160, 0), (width // 2, 0, width, height))
    image.paste((255, 0, 0), (0, 0, width // 2, height // 2))
    return image.convert(mode)


def file(image: Image.Image, kind: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def jpeg(width: int = 640, height: int = 480, **options: Any) -> bytes:
    return file(scene(width, height), "JPEG", **options)


def png(width: int = 640, height: int = 480, mode: str = "RGB", **options: Any) -> bytes:
    return file(scene(width, height, mode), "PNG", **options)


def webp(width: int = 640, height: int = 480, **options: Any) -> bytes:
    return file(scene(width, height), "WEBP", **options)


def exif(orientation: int = 1) -> Image.Exif:
    """What a phone writes: camera, time, place; and how it was held."""
    data = Image.Exif()
    data[0x0112] = orientation
    data[0x010F] = CANARY.decode()  # the maker of the camera
    data[0x9003] = "2026:10:07 10:32:00"
    place = data.get_ifd(0x8825)
    place.update({1: "N", 2: PLACE, 3: "E", 4: (9.0, 59.0, 30.0)})
    return data


def other_profile() -> bytes:
    """A profile that is not sRGB."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


def chunk(name: bytes, data: bytes) -> bytes:
    body = name + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def bare_png(width: int, height: int, *, data: bytes = b"", depth: int = 8, kind: int = 2) -> bytes:
    """A PNG that claims a size; its picture is whatever `data` unpacks to."""
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(data, 9)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def claimed_jpeg(width: int, height: int) -> bytes:
    """A small JPEG whose header claims another size."""
    data = bytearray(jpeg(64, 64))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(data)


def claimed_webp(width: int, height: int, *, flags: int = 0) -> bytes:
    """An extended WebP with such a canvas, and too little in it."""
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes([flags, 0, 0, 0]) + sides
    return b"RIFF" + struct.pack("<I", len(body)) + body


def lossless_webp(width: int, height: int) -> bytes:
    bits = (width - 1) | (height - 1) << 14
    body = b"WEBPVP8L" + struct.pack("<I", 5) + b"\x2f" + struct.pack("<I", bits) + b"\x00"
    return b"RIFF" + struct.pack("<I", len(body)) + body


def many_scans(width: int, height: int, scans: int) -> bytes:
    """A progressive JPEG that repeats its last scan: little to send, long to decode."""
    data = jpeg(width, height, progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * scans + data[-2:]


def moving(kind: str, frames: int = 3) -> bytes:
    others = [scene(64, 64).rotate(90 * number) for number in range(1, frames)]
    return file(scene(64, 64), kind, save_all=True, append_images=others, duration=100)


def texts(*pairs: tuple[str, str]) -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    for name, words in pairs:
        info.add_text(name, words, zip=True)
    return info


def segment(marker: int, data: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(data) + 2) + data


def with_segments(*segments: bytes) -> bytes:
    data = jpeg()
    return data[:2] + b"".join(segments) + data[2:]


def heif(brand: bytes) -> bytes:
    return struct.pack(">I", 24) + b"ftyp" + brand + bytes(4) + brand + b"mif1" + bytes(200)


def refused() -> Iterator[tuple[str, Callable[[], bytes], str]]:
    """(name, how its file is made, code) of what is no photo, or none that we take."""
    yield "no bytes at all", lambda: b"", "empty"
    yield "one byte more than 8 MiB", lambda: bytes(8 * 1024 * 1024 + 1), "heavy"
    yield "a text", lambda: b"Hello there", "kind"
    yield "zero bytes", lambda: bytes(4096), "kind"
    yield "an SVG", lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "kind"
    yield "an SVG with an XML head", lambda: b'<?xml version="1.0"?><svg onload="x()"/>', "kind"
    yield "a page", lambda: HTML, "kind"
    yield "a PDF", lambda: b"%PDF-1.7\n" + CANARY, "kind"
    yield "an archive", lambda: ZIP, "kind"
    yield "PostScript", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "kind"
    yield "a still GIF", lambda: file(scene(64, 64), "GIF"), "kind"
    yield "a moving GIF", lambda: moving("GIF"), "kind"
    yield "a GIF that is a script", lambda: b"GIF89a/*" + CANARY + b"*/=1;alert(1)", "kind"
    yield "a BMP", lambda: file(scene(64, 64), "BMP"), "kind"
    yield "a TIFF", lambda: file(scene(64, 64), "TIFF"), "kind"
    yield "an icon", lambda: file(scene(64, 64), "ICO"), "kind"
    yield "a JPEG 2000", lambda: file(scene(64, 64), "JPEG2000"), "kind"
    yield "an AVIF", lambda: heif(b"avif"), "kind"
    yield "a HEIC", lambda: heif(b"heic"), "heic"
    yield "a HEIC of several", lambda: heif(b"msf1"), "heic"
    yield "a page before a JPEG", lambda: HTML + jpeg(), "kind"
    yield "a moving PNG", lambda: moving("PNG"), "moving"
    yield "a moving WebP", lambda: moving("WEBP"), "moving"
    yield "a WebP that says it moves", lambda: claimed_webp(64, 64, flags=2), "moving"
    yield "a PNG of 41 megapixels", lambda: bare_png(8200, 5000), "large"
    yield "a PNG of 4 gigapixels", lambda: bare_png(65_535, 65_535), "large"
    yield "a PNG of the largest sides", lambda: bare_png(2**31 - 1, 2**31 - 1), "large"
    yield "a JPEG of 4 gigapixels", lambda: claimed_jpeg(65_500, 65_500), "large"
    yield "a WebP of 268 megapixels", lambda: claimed_webp(16_383, 16_383), "large"
    yield "a WebP of 281 terapixels", lambda: claimed_webp(2**24, 2**24), "large"
    yield "a lossless WebP of 268 megapixels", lambda: lossless_webp(16_383, 16_383), "large"
    yield "a pixel", lambda: png(1, 1), "small"
    yield "a strip", lambda: png(20_000, 40), "small"
    yield "a PNG without width", lambda: bare_png(0, 100), "broken"
    yield "half a JPEG", lambda: jpeg()[: len(jpeg()) // 2], "broken"
    yield "half a PNG", lambda: png()[: len(png()) // 2], "broken"
    yield "half a WebP", lambda: webp()[: len(webp()) // 2], "broken"
    yield "three bytes of a JPEG", lambda: jpeg()[:3], "broken"
    yield "a JPEG of noise", lambda: jpeg()[:100] + CANARY * 400, "broken"
    yield "the head of a PNG", lambda: png()[:33], "broken"
    yield "a PNG with a wrong checksum", lambda: png()[:30] + b"xx" + png()[32:], "broken"
    yield (
        "a PNG with less in it than it claims",
        lambda: bare_png(600, 400, data=bytes(999)),
        "broken",
    )
    yield "a PNG of a kind that does not exist", lambda: bare_png(64, 64, kind=5), "broken"
    yield "a WebP without a picture", lambda: claimed_webp(64, 64), "broken"
    yield "a WebP of another kind", lambda: webp()[:12] + b"VP9 " + webp()[16:], "broken"
    yield "a PNG with a bomb as its comment", lambda: comment_bomb(), "broken"


def comment_bomb() -> bytes:
    """400 MB of text, packed."""
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(bytes(4_000_000)) for _ in range(100)) + packer.flush()
    plain = png()
    return plain[:33] + chunk(b"zTXt", b"Comment\x00\x00" + packed) + plain[33:]


def taken() -> Iterator[tuple[str, Callable[[], bytes], tuple[int, int]]]:
    """(name, how its file is made, size afterwards) of what is a photo, even if an odd one."""
    yield "a JPEG", lambda: jpeg(), (640, 480)
    yield "a PNG", lambda: png(), (640, 480)
    yield "a WebP", lambda: webp(), (640, 480)
    yield "a lossless WebP", lambda: webp(lossless=True), (640, 480)
    yield "a JPEG of 12 megapixels", lambda: jpeg(4000, 3000), (1600, 1200)
    yield "a JPEG of 40 megapixels", lambda: jpeg(8000, 5000), (1600, 1000)
    yield "a progressive JPEG of 40", lambda: jpeg(8000, 5000, progressive=True), (1600, 1000)
    yield "a PNG of 40 megapixels", lambda: png(8000, 5000, compress_level=1), (1600, 1000)
    yield (
        "a PNG of 40, transparent",
        lambda: png(8000, 5000, "RGBA", compress_level=1),
        (1600, 1000),
    )
    yield "a WebP of 10 megapixels", lambda: webp(4000, 2500, method=0), (1600, 1000)
    yield "a tall one", lambda: jpeg(1000, 4000), (400, 1600)
    yield "a grey JPEG", lambda: file(scene(mode="L"), "JPEG"), (640, 480)
    yield "a JPEG in printer's colours", lambda: file(scene(mode="CMYK"), "JPEG"), (640, 480)
    yield "a PNG of 16 bits", lambda: file(scene(mode="L").convert("I;16"), "PNG"), (640, 480)
    yield "a PNG of 1 bit", lambda: png(mode="1"), (640, 480)
    yield "a PNG with a palette", lambda: png(mode="P"), (640, 480)
    yield "a PNG with grey and alpha", lambda: png(mode="LA"), (640, 480)
    yield "a PNG with one clear colour", lambda: png(transparency=(0, 0, 255)), (640, 480)
    yield "a JPEG with a place", lambda: jpeg(exif=exif()), (640, 480)
    yield "a WebP with a place", lambda: webp(exif=exif()), (640, 480)
    yield "a PNG with a place", lambda: png(exif=exif()), (640, 480)
    yield "a PNG with words", lambda: png(pnginfo=texts(("Comment", CANARY.decode()))), (640, 480)
    yield "a JPEG with a comment", lambda: with_segments(segment(0xFE, HTML)), (640, 480)
    yield (
        "a JPEG with broken EXIF",
        lambda: with_segments(segment(0xE1, b"Exif\0\0II" + CANARY)),
        (640, 480),
    )
    yield "a JPEG with a strange profile", lambda: jpeg(icc_profile=other_profile()), (640, 480)
    yield "a JPEG with a broken profile", lambda: jpeg(icc_profile=CANARY * 50), (640, 480)
    yield "a JPEG with an archive behind it", lambda: jpeg() + ZIP, (640, 480)
    yield "a PNG with a page behind it", lambda: png() + HTML, (640, 480)
    yield "a WebP with a page behind it", lambda: webp() + HTML, (640, 480)
    yield "a JPEG with a second one behind it", lambda: jpeg() + jpeg(64, 64), (640, 480)
