"""The plain project's one address."""

from django.urls import path

from bench.rival.views import posts

urlpatterns = [path("posts", posts)]
