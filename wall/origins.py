"""What a post is called here, whatever its source calls it, and which source may speak for it.

Reads posts; changes none.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from wall.models import Post, Source
from wall.sources.base import Incoming

MAX_ORIGIN_CHARS = 500
_REMOTE = "remote:"
_OURS = ("note:", "house:", "blake2:", _REMOTE)  # names that we give ourselves


def origin_of(key: str) -> str:
    """The canonical name, or a hash of it, which is just as unique.

    Hashed is what is overlong, and what pretends to be one of our own names.
    """
    if len(key) <= MAX_ORIGIN_CHARS and not key.startswith(_OURS):
        return key
    return "blake2:" + hashlib.blake2b(key.encode(), digest_size=32).hexdigest()


def folded(items: Sequence[Incoming]) -> dict[str, Incoming]:
    """The last word on each named post by origin. Deleted stays deleted: a delete may overtake."""
    last: dict[str, Incoming] = {}
    for item in items:
        origin = origin_of(item.key)
        if item.key and (origin not in last or not last[origin].gone):
            last[origin] = item
    return last


def deleted_by_id(
    source: Source, items: Sequence[Incoming], named: Mapping[str, Incoming]
) -> tuple[dict[str, Incoming], set[str]]:
    """Those of `items` that are gone and were called by their remote id alone, as streams do.

    By origin, as far as they stand here or are `named` in the same breath; and names under which
    the others may be buried. One question to the database at most.
    """
    nameless = {
        item.remote_id: item for item in items if item.gone and item.remote_id and not item.key
    }
    if not nameless:
        return {}, set()
    stored = Post.objects.filter(source=source, remote_id__in=nameless)
    origins = dict(stored.values_list("remote_id", "origin")) | {
        item.remote_id: origin for origin, item in named.items() if item.remote_id in nameless
    }
    found = {origins[called]: item for called, item in nameless.items() if called in origins}
    return found, remote_names(source, nameless.keys() - origins.keys())


def remote_names(source: Source, remote_ids: Iterable[str]) -> set[str]:
    """Names for what `source` calls so, as no other post can be called."""
    return {f"{_REMOTE}{source.pk}:{remote_id}" for remote_id in remote_ids if remote_id}


def speaks_for(source: Source, post: Post) -> bool:
    """Whether `source` may edit or hide `post`: it brought it, or the post is at home there.

    Of several servers that tell of one post the others might lie.
    """
    if post.source_id == source.pk:
        return True
    home = _server(post.origin) if source.adapter == post.network else ""
    return bool(home) and home == _server(str(source.config.get("server", "")))


def _server(address: str) -> str:
    """host:port of an address or of what an organizer typed as a server; "" if there is none."""
    try:
        return urlsplit(address if "://" in address else f"https://{address}").netloc.lower()
    except ValueError:
        return ""
