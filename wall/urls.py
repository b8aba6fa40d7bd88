"""The addresses of the wall."""

from django.urls import path

from wall.views import (
    carry,
    desk,
    founding,
    home,
    media,
    notes,
    phone,
    poll,
    report,
    screen,
    screens,
    you,
)

app_name = "wall"
urlpatterns = [
    path("events/new", founding.new, name="new_event"),
    path("screen", screen.screen, name="screen"),
    path("screen/enter", screen.enter, name="screen_enter"),
    path("poll/<slug:slug>", poll.poll, name="poll"),
    path("media/<slug:key>", media.photo, name="photo"),
    path("<slug:slug>/wall/", phone.wall, name="wall"),
    path("<slug:slug>/me", phone.me, name="me"),
    path("<slug:slug>/notes", notes.take, name="notes"),
    path("<slug:slug>/notes/<slug:key>/withdraw", notes.withdraw, name="withdraw"),
    path("<slug:slug>/qr.svg", phone.qr, name="qr"),
    path("<slug:slug>/carry", carry.way_out, name="carry"),
    path("<slug:slug>/carry/in", carry.way_in, name="carry_in"),
    path("<slug:slug>/you/", you.you, name="you"),
    path("<slug:slug>/you/data.json", you.data, name="data"),
    path("<slug:slug>/you/erase", you.erase, name="erase"),
    path("<slug:slug>/home/report.md", report.markdown, name="report_markdown"),
    path("<slug:slug>/home/report.csv", report.csv, name="report_csv"),
    path("<slug:slug>/home/", home.home, name="home"),
    path("<slug:slug>/home/points", home.point, name="point"),
    path("<slug:slug>/home/poster", home.poster, name="poster"),
    path("<slug:slug>/home/numbers", home.counted, name="numbers"),
    path("<slug:slug>/home/screens/", screens.overview, name="screens"),
    path("<slug:slug>/home/screens/<slug:key>", screens.switch, name="switch_screen"),
    path("<slug:slug>/desk/", desk.desk, name="desk"),
    path("<slug:slug>/desk/mode", desk.mode, name="mode"),
    path("<slug:slug>/desk/posts/<slug:key>/show", desk.show, name="show"),
    path("<slug:slug>/desk/posts/<slug:key>/hide", desk.hide, name="hide"),
    path("<slug:slug>/desk/posts/<slug:key>/children", desk.hide_children, name="hide_children"),
    path("<slug:slug>/desk/posts/<slug:key>/undo", desk.undo, name="undo"),
]
