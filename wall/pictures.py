"""Pictures of other servers: remembered when their post arrives, dropped when it goes.

Fetches nothing and decodes nothing; `wall/media.py` does.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction

from wall import photos
from wall.facets import pack, unpack
from wall.models import Author, Picture, Post
from wall.sources.base import MAX_PICTURES, Image, Incoming

MAX_EMOJIS = 300  # of one event
Arrived = Sequence[tuple[Post, Incoming]]
Told = Mapping[int, list[tuple[str, str]]]  # by post: address and description of each, in order
PROXY = "/media_proxy/"  # a Mastodon server's address of a picture that it has not fetched itself


def want(event_id: int, arrived: Iterable[tuple[Post, Incoming]], *, new: bool = False) -> None:
    """Note down what belongs to these posts and is not known yet; drop what was taken out of them.

    Called with the log open. At most three questions to the database, however many posts. `new`:
    they were written in this log, so nothing is known of any.
    """
    arrived = list(arrived)
    media = [(post, item) for post, item in arrived if item.pictures or not new]
    rows = [*_media(event_id, media), *_faces(event_id, arrived), *_emojis(event_id, arrived)]
    Picture.objects.bulk_create(rows)


def told_of(posts: Iterable[Post]) -> Told:
    """What is known of the pictures of `posts`. One question to the database."""
    found: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = Picture.objects.filter(post__in=[post.pk for post in posts], role=Picture.Role.MEDIA)
    for number, url, alt in rows.order_by("position").values_list("post", "url", "alt"):
        found[number].append((url, alt))
    return found


def as_before(post: Post, item: Incoming, told: Told) -> bool:
    """Whether `item` shows the same pictures: with others it is another post."""
    before, now = told.get(post.pk, []), [_told(image) for image in _of(item)]
    return len(before) == len(now) and all(map(_alike, before, now))


def _alike(before: tuple[str, str], now: tuple[str, str]) -> bool:
    """A server that has fetched a picture meanwhile gives it another address."""
    same = before[0] == now[0] or PROXY in before[0] or PROXY in now[0]
    return same and before[1] == now[1]


def emojis_of(event_id: int, items: Iterable[Incoming]) -> dict[str, str]:
    """The keys of the emoji that stand in `items` and are here, by their addresses."""
    wanted = {image.url for item in items for image in item.emojis}
    if not wanted:
        return {}
    kept = Picture.objects.filter(
        event_id=event_id, role=Picture.Role.EMOJI, state=Picture.State.KEPT, url__in=wanted
    )
    return dict(kept.values_list("url", "key"))


def dress_all(event_id: int, arrived: Arrived) -> None:
    """Put the emoji that are here into texts that arrive. One question if there are any."""
    keys = emojis_of(event_id, (item for _post, item in arrived))
    for post, _item in arrived if keys else ():
        post.facets = pack(unpack(post.facets), keys)


def dress(post: Post, emoji: Picture) -> bool:
    """Put `emoji`, which has just come, into the text of `post`. Whether it stands there."""
    facets = unpack(post.facets)
    keys = {facet.value: facet.picture for facet in facets if facet.picture}
    dressed = pack(facets, keys | {emoji.url: emoji.key})
    changed: bool = dressed != post.facets
    post.facets = dressed
    return changed


def drop_of(posts: Iterable[Post]) -> None:
    """Nothing is left of the pictures of `posts` but that their addresses are gone."""
    there = [post.pk for post in posts]
    if there:
        _drop(Picture.objects.filter(post__in=there).values_list("key", flat=True))


def forget_strangers() -> int:
    """Authors of whom no post is left go, and their faces; unless the desk has judged them."""
    idle = Author.objects.filter(posts=None, standing="", attendee=None)
    faces = Picture.objects.filter(author__in=idle)
    with transaction.atomic():
        _drop(faces.values_list("key", flat=True))
        return idle.delete()[1].get("wall.Author", 0)


def _drop(keys: Iterable[str]) -> None:
    keys = list(keys)
    if not keys:
        return
    Picture.objects.filter(key__in=keys).update(
        post=None, author=None, state=Picture.State.DROPPED, url="", alt=""
    )

    def remove() -> None:
        for key in keys:
            photos.remove_file(key)

    transaction.on_commit(remove, robust=True)


def _of(item: Incoming) -> tuple[Image, ...]:
    """Each address once, or a post could show one picture four times."""
    return tuple({image.url: image for image in item.pictures}.values())[:MAX_PICTURES]


def _told(image: Image) -> tuple[str, str]:
    return image.url[:2000], image.alt[:1500]


def _media(event_id: int, arrived: Arrived) -> Iterable[Picture]:
    if not arrived:
        return
    posts = [post.pk for post, _item in arrived]
    known: defaultdict[int | None, dict[str, Picture]] = defaultdict(dict)
    for row in Picture.objects.filter(post__in=posts, role=Picture.Role.MEDIA):
        known[row.post_id][row.url] = row
    for post, item in arrived:
        left = known[post.pk]
        for place, image in enumerate(_of(item)):
            url, alt = _told(image)
            if url not in left:
                yield Picture(event_id=event_id, post=post, url=url, alt=alt, position=place)
            elif ((row := left.pop(url)).alt, row.position) != (alt, place):
                Picture.objects.filter(pk=row.pk).update(alt=alt, position=place)
        _drop([row.key for row in left.values()])


def _faces(event_id: int, arrived: Arrived) -> Iterable[Picture]:
    """The first face of each: a later one would stand beside posts approved with another."""
    faces = {post.author_id: item.face for post, item in arrived if item.face and post.author_id}
    if not faces:
        return
    kept = Picture.objects.filter(author__in=faces).exclude(state=Picture.State.DROPPED)
    for number in faces.keys() - set(kept.values_list("author", flat=True)):
        yield Picture(
            event_id=event_id, author_id=number, role=Picture.Role.FACE, url=faces[number][:2000]
        )


def _emojis(event_id: int, arrived: Arrived) -> Iterable[Picture]:
    wanted = {image.url: image.name for _post, item in arrived for image in item.emojis}
    if not wanted:
        return
    known = Picture.objects.filter(event_id=event_id, role=Picture.Role.EMOJI)
    urls = set(known.values_list("url", flat=True))
    room = max(0, MAX_EMOJIS - len(urls))
    for url in sorted(wanted.keys() - urls)[:room]:
        yield Picture(
            event_id=event_id, role=Picture.Role.EMOJI, url=url[:2000], name=wanted[url][:64]
        )
