"""The sign a screen gives every few seconds: who it is by its cookie, how it is by its form."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from eventhub.http import Buckets, error, slow_down
from eventhub.pace import proven
from eventhub.static_files import build_id
from wall import displays, signs
from wall.models import Screen

# A sign every 10 s and one at each change of slide, of three windows with the same key.
_per_screen = Buckets(at_once=40, per_second=1)


@require_POST
def here(request: HttpRequest) -> HttpResponse:
    """Answers the server's clock and build; 404 to a screen that has been signed off."""
    key = request.COOKIES.get(settings.SCREEN_COOKIE_NAME, "")
    if (screen := Screen.objects.with_key(key)) is None:
        return error("signed_off", _("This screen has been signed off"), status=404)
    proven.add(settings.SCREEN_COOKIE_NAME, key)
    if wait_s := _per_screen.take(str(screen.pk)):
        return slow_down(request, wait_s)
    now = timezone.now()
    try:
        said = signs.read(request.POST.dict(), now)
    except signs.Garbage as garbage:
        return error("bad_sign", f"{garbage}", status=422)
    signs.here(screen, said)
    displays.stood(screen, request.POST.get("stood", ""), now)
    return JsonResponse({"now": int(timezone.now().timestamp() * 1000), "build": build_id()})
