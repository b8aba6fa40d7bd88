"""What screens say of themselves, in the words of whoever looks after them. Decides nothing."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wall.models import Sign

SCENES: dict[str, Promise] = {
    "before": gettext_lazy("before the day"),
    "talk": gettext_lazy("talk"),
    "ending": gettext_lazy("ends soon"),
    "break": gettext_lazy("break"),
    "sessions": gettext_lazy("sessions"),
    "pitch": gettext_lazy("pitches"),
    "board": gettext_lazy("board"),
    "after": gettext_lazy("after the day"),
}
SLIDES: dict[str, Promise] = {
    "welcome": gettext_lazy("welcome"),
    "hint": gettext_lazy("how to take part"),
    "next": gettext_lazy("what comes next here"),
    "nownext": gettext_lazy("now and next"),
    "wifi": gettext_lazy("Wi-Fi"),
    "placards": gettext_lazy("sponsors and pictures"),
    "talk": gettext_lazy("title of the talk"),
    "countdown": gettext_lazy("time left"),
    "wall": gettext_lazy("wall of posts"),
    "prompt": gettext_lazy("question to the hall"),
    "changes": gettext_lazy("what has changed"),
    "board": gettext_lazy("board by rooms"),
    "pitch": gettext_lazy("pitch on stage"),
    "door": gettext_lazy("door of a room"),
    "goodnight": gettext_lazy("good night"),
    "logo": gettext_lazy("name of the event only"),
    "notice": gettext_lazy("notice"),
    "spotlight": gettext_lazy("one post alone"),
    "test": gettext_lazy("test picture"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """The sign of a screen in words; "" for what need not be said."""

    slide: str
    scene: str
    size: str
    clock: str
    transport: str
    awake: str


def told(sign: Sign) -> Told:
    """In the active language. Unknown names of a newer build stand as they are."""
    return Told(
        slide=str(SLIDES.get(sign.slide, sign.slide)),
        scene=str(SCENES.get(sign.scene, sign.scene)),
        size=f"{sign.width} × {sign.height}" if sign.width and sign.height else "",
        clock=_clock(sign.offset_ms),
        transport=_transport(sign.transport),
        awake=_awake(sign),
    )


def _clock(offset_ms: int) -> str:
    if abs(offset_ms) < 1000:
        return ""
    seconds = f"{abs(offset_ms) / 1000:.0f}"
    return _("Its clock is off by {seconds} s; it goes by the server's.").format(seconds=seconds)


def _transport(transport: str) -> str:
    if transport == "polling":
        return _("No open connection: changes take a few seconds.")
    return ""


def _awake(sign: Sign) -> str:
    """Why it may go dark, and what helps."""
    if sign.awake or sign.covered:
        return ""
    if sign.awake is None:
        return _(
            "It cannot be kept awake by us: that needs https or localhost. "
            "Turn off sleep and screen saver on its computer."
        )
    return _(
        "Its browser refuses to stay awake. Plug in the computer, and turn off its energy saver."
    )
