"""All addresses of the product, and the trivial one."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from eventhub import urls
from eventhub.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def trivial(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [path("trivial/", trivial), *urls.urlpatterns]
