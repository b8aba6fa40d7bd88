"""What evidence holds: all of one post as a file, its pictures beside it, their hashes in it.

Knows posts and files; neither seals nor stores. The SHA-256 of the written file proves all of it.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from agenda.models import User
from wall import photos
from wall.models import Photo, Picture, Post

MAX_PICTURES = 4
FORMAT = "eventhub evidence 1"
MOMENTS = ("written_at", "received_at", "kept_at")


@dataclass(frozen=True, slots=True)
class Content:
    """`written` is the file, to the letter; `pictures` the bytes that it names, in its order."""

    written: str
    pictures: Sequence[bytes]

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.written.encode()).hexdigest()

    @property
    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.written)
        return found

    @property
    def is_whole(self) -> bool:
        """Whether the pictures are those that the file names."""
        named = [one["sha256"] for one in self.told["pictures"] if one["file"]]
        return named == [hashlib.sha256(data).hexdigest() for data in self.pictures]


def gather(post: Post, *, kept_for: User, by: User, why: str) -> Content:
    """Everything of `post` (asked for `to_draw()`), also of what is hidden. Reads its pictures'
    files; one that is not here is named without its bytes.
    """
    named, kept = [], []
    for row in pictures_of(post):
        try:
            data = photos.path_of(row.key).read_bytes()
        except FileNotFoundError:
            data = b""
        known = {"file": "", "sha256": "", "description": row.alt, "address": _address(row)}
        if data:
            kept.append(data)
            known["file"] = f"picture-{len(kept)}{photos.SUFFIX}"
            known["sha256"] = hashlib.sha256(data).hexdigest()
        named.append(known)
    told = _told(post) | {
        "pictures": named,
        "why_kept": why,
        "kept_for": _name(kept_for),
        "kept_by": _name(by),
        "kept_at": _moment(timezone.now()),
    }
    return Content(json.dumps(told, indent=2, ensure_ascii=False), kept)


def pictures_of(post: Post) -> Sequence[Photo | Picture]:
    """As the desk saw them, in whatever state `post` is."""
    if (photo := photos.photo_of(post)) is not None:
        return [photo]
    media = [one for one in post.pictures.all() if (one.role, one.state) == ("media", "kept")]
    return sorted(media, key=lambda picture: picture.position)[:MAX_PICTURES]


def archive(content: Content, name: str) -> bytes:
    """One file to take away: for people, for machines, and the pictures."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr(f"{name}/post.txt", for_people(content))
        files.writestr(f"{name}/post.json", content.written)
        for number, data in enumerate(content.pictures, start=1):
            files.writestr(f"{name}/picture-{number}{photos.SUFFIX}", data)
    return packed.getvalue()


def for_people(content: Content) -> str:
    """The same in the active language, and how to prove that nothing was altered."""
    told = content.told
    known = [(label, field) for field, label in _labels().items() if told.get(field)]
    lines = [f"{label}: {_in_words(field, str(told[field]))}" for label, field in known]
    pictures = [
        f"{one['file'] or '–'} {one['sha256']} {one['description']}".strip()
        for one in told["pictures"]
    ]
    proof = _("The SHA-256 of the file post.json is {digest}. It names those of the pictures.")
    parts = [told["text"], "\n".join(lines), "\n".join(pictures)]
    parts.append(proof.format(digest=content.digest))
    return "\n\n".join(part for part in parts if part) + "\n"


def facts(told: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a page tells beside the text: label and words."""
    known = [field for field in _labels() if field not in MOMENTS and told.get(field)]
    return [(_labels()[field], _in_words(field, str(told[field]))) for field in known]


def moments(told: Mapping[str, Any]) -> list[tuple[str, datetime]]:
    """And when: label and aware moment."""
    return [(_labels()[field], datetime.fromisoformat(told[field])) for field in MOMENTS]


def _in_words(field: str, value: str) -> str:
    """States and networks are kept by the names that programs know; people read their own."""
    if field == "state" and value in Post.State.values:
        return str(Post.State(value).label)
    if field == "network":
        return _("Note") if value == "note" else Post(network=value).network_name
    return value


def _labels() -> dict[str, str]:
    return {
        "author": _("Name"),
        "account": _("Account"),
        "identity": _("Permanent account"),
        "network": _("Network"),
        "address": _("Address"),
        "origin": _("Origin"),
        "session": _("Session"),
        "content_warning": _("Content warning"),
        "state": _("State when kept"),
        "written_at": _("Written"),
        "received_at": _("Received"),
        "event": _("Event"),
        "why_kept": _("Why it is kept"),
        "kept_for": _("Kept for"),
        "kept_by": _("Kept by"),
        "kept_at": _("Kept at"),
    }


def _told(post: Post) -> dict[str, Any]:
    """A guest is named as their note is: the key of their cookie is nobody's evidence."""
    author = post.author if post.attendee_id is None else None
    return {
        "format": FORMAT,
        "event": f"{post.event.name} ({post.event.slug})",
        "author": post.author_name,
        "account": post.author_handle,
        "identity": author.identity if author is not None else "",
        "network": post.network,
        "address": post.url,
        "origin": post.origin if post.attendee_id is None else "",
        "session": post.session.title if post.session is not None else "",
        "content_warning": post.summary,
        "text": post.text,
        "links": post.facets,
        "state": post.state,
        "written_at": _moment(post.written_at),
        "received_at": _moment(post.received_at),
    }


def _address(row: Photo | Picture) -> str:
    return row.url if isinstance(row, Picture) else ""


def _name(user: User) -> str:
    full = user.get_full_name()
    return f"{full} ({user.username})" if full and full != user.username else user.username


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
