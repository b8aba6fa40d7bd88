"""The programme in the formats of apps, calendars and spreadsheets, always as it is now."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from agenda.exchange import giggity, ical, schedule_json, schedule_xml, stamp, table_writer
from agenda.middleware import EventRequest
from agenda.models import Event
from eventhub.addresses import public_base
from eventhub.http import OPEN_HEADERS
from eventhub.keeping import keepable

ICON = "eventhub/icon-512.png"


@dataclass(frozen=True, slots=True)
class Format:
    """`write(event, base, language)`. A file is saved, not shown."""

    content_type: str
    write: Callable[[Event, str, str], bytes]
    is_file: bool = False


FORMATS = {
    "xml": Format(
        "application/xml; charset=utf-8",
        lambda event, base, _language: schedule_xml.write(event, base_url=base),
    ),
    "json": Format(
        "application/json", lambda event, base, _language: schedule_json.write(event, base_url=base)
    ),
    "ics": Format(
        "text/calendar; charset=utf-8",
        lambda event, base, _language: ical.write(event, base_url=base),
    ),
    "csv": Format(
        "text/csv; charset=utf-8",
        lambda event, _base, language: table_writer.write_csv(event, language=language),
        is_file=True,
    ),
    "xlsx": Format(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda event, _base, language: table_writer.write_xlsx(event, language=language),
        is_file=True,
    ),
    "giggity": Format(
        "application/json",
        lambda event, base, _language: giggity.menu(event, base_url=base, icon=static(ICON)),
    ),
}


@require_safe
@keepable(for_everybody=True)
def schedule(request: EventRequest, slug: str, ending: str) -> HttpResponse:
    """The programme as `ending` says; 304 for whoever has it already."""
    return _answer(request, ending)


@require_safe
@keepable(for_everybody=True)
def menu(request: EventRequest, slug: str) -> HttpResponse:
    """How the app Giggity lists this event."""
    return _answer(request, "giggity")


@require_safe
def open_in_giggity(request: EventRequest, slug: str) -> HttpResponse:
    """To the app on a phone that has it, to the app's own page on others."""
    base = public_base(request.get_host(), scheme=request.scheme or "http")
    return HttpResponseRedirect(giggity.link(request.event, base_url=base, icon=static(ICON)))


def _answer(request: EventRequest, ending: str) -> HttpResponse:
    event, made = request.event, FORMATS[ending]
    base = public_base(request.get_host(), scheme=request.scheme or "http")
    language = translation.get_language() or event.language
    # The state is asked for first: what changes in between is only sent once more.
    now = stamp.of(event, ending, base, language if made.is_file else "")
    found = get_conditional_response(request, etag=now.etag, last_modified=now.modified)
    if isinstance(found, HttpResponse) and found.status_code != 200:
        response = found
    else:
        response = HttpResponse(made.write(event, base, language), content_type=made.content_type)
    response["ETag"] = now.etag
    response["Last-Modified"] = http_date(now.modified)
    response["Cache-Control"] = "no-cache"  # keep it, and ask whether it still stands
    if made.is_file:
        response["Content-Disposition"] = f'attachment; filename="{event.slug}.{ending}"'
    if not event.closed:
        for name, value in OPEN_HEADERS.items():
            response[name] = value
    return response
