"""The addresses of the desk; wall.urls takes them up."""

from django.urls import path

from wall.views import (
    desk,
    desk_authors,
    desk_decline,
    desk_evidence,
    desk_people,
    desk_posts,
    desk_search,
)

DESK = "<slug:slug>/desk/"
POST = f"{DESK}posts/<slug:key>/"
KEPT = f"{DESK}evidence/<slug:key>/"

routes = [
    path(DESK, desk.desk, name="desk"),
    path(f"{DESK}mode", desk.mode, name="mode"),
    path(f"{DESK}queue", desk_people.queue, name="queue"),
    path(f"{DESK}here", desk_people.here, name="here"),
    path(f"{DESK}next", desk_people.take_next, name="next"),
    path(f"{DESK}leave", desk_people.leave, name="leave"),
    path(f"{DESK}search", desk_search.search, name="search"),
    path(f"{DESK}decline", desk_decline.sheet, name="decline_sheet"),
    path(f"{DESK}declined", desk_decline.decline, name="decline"),
    path(POST, desk_posts.post, name="post"),
    path(f"{POST}show", desk_posts.show, name="show"),
    path(f"{POST}hide", desk_posts.hide, name="hide"),
    path(f"{POST}children", desk_posts.hide_children, name="hide_children"),
    path(f"{POST}hold", desk_posts.hold, name="hold"),
    path(f"{POST}undo", desk_posts.undo, name="undo"),
    path(f"{POST}link", desk_posts.link, name="link"),
    path(f"{POST}trust", desk_authors.trust, name="trust"),
    path(f"{POST}block", desk_authors.block, name="block"),
    path(f"{POST}clear", desk_authors.clear, name="clear"),
    path(f"{POST}evidence", desk_evidence.seal, name="seal_evidence"),
    path(f"{DESK}evidence/", desk_evidence.overview, name="evidence"),
    path(KEPT, desk_evidence.read, name="read_evidence"),
    path(f"{KEPT}file", desk_evidence.take, name="take_evidence"),
    path(f"{KEPT}picture/<int:place>", desk_evidence.picture, name="evidence_picture"),
    path(f"{KEPT}delete", desk_evidence.delete, name="delete_evidence"),
]
