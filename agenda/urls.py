"""The addresses of the agenda."""

from django.urls import path, re_path

from agenda import views
from agenda.login import LoginView, LogoutView

app_name = "agenda"
urlpatterns = [
    path("", views.home, name="home"),
    path("login/", LoginView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("language", views.language, name="language"),
    # Codes are looked for before slugs: upper or lower case, 4 to 8 of A-Z and 2-9.
    re_path(r"^(?P<code>[A-Za-z2-9]{4,8})$", views.join, name="join"),
    path("<slug:slug>/", views.now, name="now"),
    path("<slug:slug>/join", views.join_form, name="join_form"),
    path("<slug:slug>/impressum", views.imprint, name="imprint"),
    path("<slug:slug>/datenschutz", views.privacy, name="privacy"),
]
