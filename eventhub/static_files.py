"""Static files: packed and with hashed names when collected, served beside Django."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.base import ContentFile
from whitenoise import WhiteNoise
from whitenoise.storage import CompressedManifestStaticFilesStorage

from eventhub.packs import Packing, stacked

FOLDERS = ("live", "eventhub", "agenda", "wall")


class HashedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # no types
    """Names carry a hash of the content, so that a browser may keep them for ever.

    A module's address is that of its pack. Before the first `collectstatic` (unit tests) the plain
    names are used.
    """

    manifest_strict = False

    def post_process(self, paths: Any, dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if dry_run:
            return
        modules = Packing(module_texts()).packs
        written = {f"{pack.name}.js": pack.text for pack in modules}
        sheets = _texts(".css")
        written |= {name: stacked(name, sheets) for name in sheets if name.endswith(".pack.css")}
        for name, text in written.items():
            self.delete(name)  # as it was collected: a list of imports
            paths[name] = (self, self.save(name, ContentFile(text.encode())))
        yield from super().post_process(paths, dry_run, **options)
        for pack in modules:
            address = self.hashed_files[f"{pack.name}.js"]
            self.hashed_files |= {f"{module}.js": address for module in pack.modules}
        self.save_manifest()

    def url(self, name: str | None, force: bool = False) -> str:
        if not self.hashed_files and name is not None:
            return f"{settings.STATIC_URL}{name}"
        return str(super().url(name, force))


def module_texts() -> dict[str, str]:
    """Every module of our own by its bare name, e.g. "live/stream", as it is written."""
    return {path.removesuffix(".js"): text for path, text in _texts(".js").items()}


def _texts(suffix: str) -> dict[str, str]:
    return {
        path: Path(storage.path(path)).read_text(encoding="utf-8")
        for finder in finders.get_finders()
        for path, storage in finder.list([])
        if path.endswith(suffix) and Path(path).parts[0] in FOLDERS
    }


def build_id() -> str:
    """Changes when any stylesheet, script or font has changed; "" before the first collect."""
    return str(getattr(staticfiles_storage, "manifest_hash", "") or "")


class StaticFiles:
    """Answers /static/ without a thread; WhiteNoise knows types, hashes, encodings and ranges."""

    def __init__(self, root: Path) -> None:
        self._files = WhiteNoise(
            _no_application, root=root, prefix="static/", max_age=60, immutable_file_test=_is_hashed
        )

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        file = self._files.files.get(unquote(scope["path"]))
        if file is None or scope["method"] not in {"GET", "HEAD"}:
            await _answer(send, 404, [("Content-Type", "text/plain"), ("Content-Length", "0")], b"")
            return
        environ = {
            f"HTTP_{name.decode('latin-1').upper().replace('-', '_')}": value.decode("latin-1")
            for name, value in scope["headers"]
        }
        response = file.get_response(scope["method"], environ)
        body = b""
        if response.file is not None:
            with response.file:
                body = response.file.read()
        headers = [*response.headers, ("X-Content-Type-Options", "nosniff")]
        await _answer(send, int(response.status), headers, body)


def _no_application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    raise RuntimeError("static files are answered, not passed on")


def _is_hashed(path: str, url: str) -> bool:
    """`name.0123456789ab.css` never changes."""
    parts = Path(path).name.split(".")
    return len(parts) > 2 and len(parts[-2]) == 12 and parts[-2].isalnum()


async def _answer(send: Any, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
    encoded = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    await send({"type": "http.response.body", "body": body})
