"""The address of a picture: only while it may be seen, with a fixed type, never to be kept."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from agenda import access, attendees
from agenda.models import Event
from wall import photos
from wall.models import Photo, Picture, Placard, Post

GONE = {Post.State.HIDDEN, Post.State.WITHDRAWN}
HEADERS = {
    "Cache-Control": "no-store",  # hidden means gone, from every browser
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


@require_safe
def photo(request: HttpRequest, key: str) -> HttpResponse:
    """200 while its post is shown; while it waits, for the desk and its author. 410 afterwards.

    404 for everybody else: who may not see a picture does not learn that there is one.
    """
    found = Photo.objects.select_related("event", "post__attendee").filter(key=key).first()
    if found is None:
        return _picture(request, key)
    if not access.may_read(found.event, request.COOKIES):
        raise Http404
    return _seen_with(request, key, found.post)


def _picture(request: HttpRequest, key: str) -> HttpResponse:
    """As `photo`, of what was fetched: a face is seen with the posts of its author."""
    found = Picture.objects.select_related("event", "post").filter(key=key).first()
    wanted = found is not None and found.state == Picture.State.WANTED
    if found is None:
        return _placard(request, key)
    if wanted or not access.may_read(found.event, request.COOKIES):
        raise Http404
    if found.state != Picture.State.KEPT:
        return _gone()
    if found.role == Picture.Role.EMOJI:
        return _file(key)
    face = found.role == Picture.Role.FACE
    return _seen_with(request, key, _post_of_face(found) if face else found.post)


def _placard(request: HttpRequest, key: str) -> HttpResponse:
    """What screens show between other slides is as public as the event."""
    found = Placard.objects.select_related("event").filter(file=key).first()
    if found is None or not access.may_read(found.event, request.COOKIES):
        raise Http404
    return _file(key)


def _post_of_face(face: Picture) -> Post | None:
    """One of its author's posts that is shown, else one that waits."""
    if face.author_id is None:
        return None
    left = Post.objects.filter(author=face.author_id).exclude(state__in=GONE)
    return left.shown().first() or left.first()


def _seen_with(request: HttpRequest, key: str, post: Post | None) -> HttpResponse:
    if post is None or post.state in GONE:
        return _gone()
    if post.state != Post.State.SHOWN and not _sees_what_waits(request, post):
        raise Http404
    return _file(key)


def _file(key: str) -> HttpResponse:
    try:
        data = photos.path_of(key).read_bytes()
    except FileNotFoundError:  # dropped this very moment, or missing from a backup
        return _gone()
    return HttpResponse(data, content_type=photos.CONTENT_TYPE, headers=HEADERS)


def _gone() -> HttpResponse:
    return HttpResponse(status=410, content_type="text/plain", headers=HEADERS)


def _sees_what_waits(request: HttpRequest, post: Post) -> bool:
    name = attendees.cookie_name(post.event_id, settings.ATTENDEE_COOKIE_NAME)
    key = attendees.key_from(request.COOKIES.get(name, ""), post.event_id)
    if key is not None and post.is_by(key):
        return True
    return Event.objects.moderated_by(request.user).filter(pk=post.event_id).exists()
