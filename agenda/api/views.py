"""The one door of the API: its library is loaded behind it, by the first who asks.

All of it is read, but what `agenda.api.parts` names: to that something is sent.
"""

import hashlib
import json
from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, ResolverMatch, URLResolver
from django.urls.resolvers import RegexPattern
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from agenda.api import parts
from agenda.exchange import stamp
from eventhub import keeping
from eventhub.http import error
from eventhub.keeping import Keep

PREFIX = "/api/v1/"
METHODS = "GET, HEAD, OPTIONS"
SENDING = "POST, OPTIONS"


@csrf_exempt  # no cookie counts here: what is sent is signed, and the rest can only be read
def answer(request: HttpRequest, path: str) -> HttpResponse:
    """Whatever stands behind `path`, for GET and HEAD; 304 if the asker has it already."""
    if request.method == "OPTIONS":
        return _preflight()
    if parts.takes(path):
        return _sent(request, path)
    if request.method not in {"GET", "HEAD"}:
        return _only_reading()
    return _conditional(request, _found(request, path))


@csrf_exempt
def description(request: HttpRequest) -> HttpResponse:
    """The whole interface, as OpenAPI 3.1."""
    if request.method == "OPTIONS":
        return _preflight()
    if request.method not in {"GET", "HEAD"}:
        return _only_reading()
    keeping.stands_for(request, Keep(keeping.ALL_EVENTS, for_everybody=True))
    return _conditional(request, JsonResponse(schema(), json_dumps_params={"ensure_ascii": False}))


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The interface for people: every address with what it takes and gives, and examples."""
    from agenda.api import explain

    response = render(request, "agenda/api.html", explain.context(schema()))
    keeping.keep(response, Keep(keeping.ALL_EVENTS))
    return response


@cache
def schema() -> dict[str, Any]:
    from agenda.api import endpoints

    # As whoever reads it over the wire knows it: every key is a word.
    said = json.dumps(endpoints.api.get_openapi_schema(path_prefix=PREFIX))
    known: dict[str, Any] = json.loads(said)
    return known


@cache
def _resolver() -> URLResolver:
    from agenda.api import endpoints

    patterns, _app, _namespace = endpoints.api.urls
    return URLResolver(RegexPattern(r"^"), patterns)


def _sent(request: HttpRequest, path: str) -> HttpResponse:
    if request.method != "POST":
        response = error("not_allowed", _("To this something can only be sent."), status=405)
        response["Allow"] = SENDING
        return response
    match = _matched(path)
    answered: HttpResponse = match.func(request, *match.args, **match.kwargs)
    return answered


def _matched(path: str) -> ResolverMatch:
    try:
        return _resolver().resolve(path)
    except Resolver404:
        raise Http404 from None


def _found(request: HttpRequest, path: str) -> HttpResponse:
    match = _matched(path)
    asked, request.method = request.method, "GET"  # the library knows no HEAD
    try:
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    finally:
        request.method = asked
    return response


def _conditional(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if response.status_code != 200:
        return response
    digest = hashlib.blake2b(response.content, digest_size=16).hexdigest()
    response["ETag"] = f'"{digest}"'
    modified = stamp.first_seen(("api", request.get_host(), request.get_full_path()), digest)
    response["Last-Modified"] = http_date(modified)
    response["Cache-Control"] = "no-cache"  # keep it, and ask whether it still stands
    keeping.keep_as_said(request, response)
    found = get_conditional_response(
        request, etag=response["ETag"], last_modified=modified, response=response
    )
    assert isinstance(found, HttpResponse)
    return found


def _preflight() -> HttpResponse:
    response = HttpResponse(status=204)
    response["Allow"] = METHODS
    response["Access-Control-Allow-Methods"] = METHODS
    response["Access-Control-Allow-Headers"] = "If-None-Match, If-Modified-Since"
    response["Access-Control-Max-Age"] = "86400"
    return response


def _only_reading() -> HttpResponse:
    response = error("not_allowed", _("This can only be read."), status=405)
    response["Allow"] = METHODS
    return response
