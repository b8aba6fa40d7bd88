"""The report of the event, for its organizers only, as text or as a table."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agenda.access import guards_itself
from agenda.middleware import EventRequest
from agenda.views.doors import organized
from wall import report


@guards_itself
@login_required
@never_cache
@require_safe
def markdown(request: EventRequest, slug: str) -> HttpResponse:
    made = report.gather(organized(request))
    return _file(request, report.as_markdown(made), kind="text/markdown", ending="md")


@guards_itself
@login_required
@never_cache
@require_safe
def csv(request: EventRequest, slug: str) -> HttpResponse:
    made = report.gather(organized(request))
    return _file(request, report.as_csv(made), kind="text/csv", ending="csv")


def _file(request: EventRequest, text: str, *, kind: str, ending: str) -> HttpResponse:
    day = timezone.now().astimezone(request.event.tz).date()
    response = HttpResponse(text.encode(), content_type=f"{kind}; charset=utf-8")
    name = f"{request.event.slug}-{day:%Y-%m-%d}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
