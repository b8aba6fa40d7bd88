"""The addresses of the API: what explains it, and one door for all the rest."""

from django.urls import path

from agenda.api import views

urlpatterns = [
    path("", views.docs),
    path("openapi.json", views.description),
    path("<path:path>", views.answer),
]
