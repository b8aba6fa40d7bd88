"""What guests ask at the desk by the door: WLAN, the way, a contact, first aid. Draws nothing."""

import re
from dataclasses import dataclass

from agenda.models import Event

_SPECIAL = re.compile(r'([\\;,:"])')


@dataclass(frozen=True, slots=True)
class Wifi:
    name: str
    password: str

    @property
    def code(self) -> str:
        """What a phone's camera reads as a network: the MECARD-like words of the ZXing project."""
        name, password = (_SPECIAL.sub(r"\\\1", word) for word in (self.name, self.password))
        return f"WIFI:T:WPA;S:{name};P:{password};;" if password else f"WIFI:T:nopass;S:{name};;"


def wifi(event: Event) -> Wifi | None:
    return Wifi(event.wifi_name, event.wifi_password) if event.wifi_name else None


def contact_address(contact: str) -> str:
    """ "mailto:…" or "tel:…" if the whole contact is one, else "": then it is words."""
    word = contact.strip()
    if re.fullmatch(r"[^\s@:?&]+@[^\s@:?&]+\.[^\s@:?&]+", word):
        return f"mailto:{word}"
    digits = re.sub(r"[\s()/.-]", "", word)
    return f"tel:{digits}" if re.fullmatch(r"\+?\d{3,20}", digits) else ""
