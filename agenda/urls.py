"""The addresses of the agenda."""

from django.urls import path, re_path

from agenda.login import LoginView, LogoutView
from agenda.views import (
    doors,
    exchange,
    feedback,
    grid,
    help,
    imports,
    info,
    language,
    law,
    my,
    now,
    offline,
    programme,
    session,
    stars,
    start,
)

app_name = "agenda"
urlpatterns = [
    path("", start.home, name="home"),
    path("login/", LoginView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("sw.js", offline.worker, name="worker"),
    path("language", language.language, name="language"),
    path("join", start.typed, name="typed"),
    path("impressum", law.imprints, name="imprints"),
    path("datenschutz", law.privacies, name="privacies"),
    # Codes are looked for before slugs: upper or lower case, 4 to 8 of A-Z and 2-9.
    re_path(r"^(?P<code>[A-Za-z2-9]{4,8})$", start.join, name="join"),
    path("<slug:slug>/", now.now, name="now"),
    path("<slug:slug>/programme/", programme.programme, name="programme"),
    path("<slug:slug>/session/<int:number>/", session.session, name="session"),
    path("<slug:slug>/info/", info.info, name="info"),
    path("<slug:slug>/giggity.json", exchange.menu, name="giggity"),
    path("<slug:slug>/giggity", exchange.open_in_giggity, name="open_in_giggity"),
    *(
        path(f"<slug:slug>/schedule.{ending}", exchange.schedule, {"ending": ending})
        for ending in ("xml", "json", "ics", "csv", "xlsx")
    ),
    path("<slug:slug>/stars", stars.own, name="stars"),
    path("<slug:slug>/offline", offline.offline_page, name="offline"),
    path("<slug:slug>/manifest.webmanifest", offline.manifest, name="manifest"),
    path("<slug:slug>/my/", my.my, name="my"),
    path("<slug:slug>/my/slots", my.slots, name="my_slots"),
    path("<slug:slug>/my/<slug:token>.ics", my.calendar, name="my_calendar"),
    path("<slug:slug>/feedback", feedback.answers, name="feedback"),
    path("<slug:slug>/help", help.help, name="help"),
    path("<slug:slug>/helper/", help.helper, name="helper"),
    path("<slug:slug>/home/programme/", grid.programme, name="grid"),
    path("<slug:slug>/home/programme/place", grid.place, name="grid_place"),
    path("<slug:slug>/home/programme/slots/<slug:key>/move", grid.move, name="grid_move"),
    path("<slug:slug>/home/programme/slots/<slug:key>/swap", grid.swap, name="grid_swap"),
    path("<slug:slug>/home/programme/slots/<slug:key>/cancel", grid.cancel, name="grid_cancel"),
    path("<slug:slug>/home/programme/slots/<slug:key>/restore", grid.restore, name="grid_restore"),
    path("<slug:slug>/home/programme/slots/<slug:key>/remove", grid.remove, name="grid_remove"),
    path("<slug:slug>/home/import/", imports.imports, name="imports"),
    path("<slug:slug>/home/import/template.csv", imports.template, {"kind": "csv"}),
    path("<slug:slug>/home/import/template.xlsx", imports.template, {"kind": "xlsx"}),
    path("<slug:slug>/home/import/<slug:key>/", imports.upload, name="import_file"),
    path("<slug:slug>/home/import/<slug:key>/progress", imports.progress, name="import_progress"),
    path("<slug:slug>/home/import/<slug:key>/confirm", imports.confirm, name="import_confirm"),
    path("<slug:slug>/home/import/<slug:key>/discard", imports.discard, name="import_discard"),
    path("<slug:slug>/home/doors", doors.open_door, name="open_door"),
    path("<slug:slug>/home/doors/<slug:task>", doors.door, name="door"),
    path("<slug:slug>/home/doors/<slug:task>/qr.svg", doors.code, name="door_code"),
    path("<slug:slug>/home/doors/<slug:task>/shut", doors.shut, name="shut_door"),
    path("<slug:slug>/home/helpers/<int:number>/revoke", doors.revoke, name="revoke_helper"),
    path("<slug:slug>/join", start.join_form, name="join_form"),
    path("<slug:slug>/impressum", law.imprint, name="imprint"),
    path("<slug:slug>/datenschutz", law.privacy, name="privacy"),
    path("<slug:slug>/beitrag", law.your_post, name="your_post"),
]
