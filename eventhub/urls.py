"""All addresses. What begins with a fixed word comes first; codes are tried before slugs."""

from django.contrib import admin
from django.urls import include, path

from agenda.login import LoginForm, LogoutView, password_change
from eventhub import views

# One form for both doors: guesses at the admin's cost the same as guesses at the desk's.
admin.site.login_form = LoginForm
admin.site.index_template = "eventhub/admin_index.html"
admin.site.site_header = admin.site.site_title = "Eventhub"

urlpatterns = [
    path("admin/logout/", LogoutView.as_view()),  # closes the desk's socket as well
    path("admin/password_change/", admin.site.admin_view(password_change)),  # and so does this
    path("admin/", admin.site.urls),
    path("reach", views.reached),
    path("api/v1/", include("agenda.api.urls")),
    path("", include("wall.urls")),
    path("", include("agenda.urls")),
]
handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.failed
