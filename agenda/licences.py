"""Where the licences stand under which a programme may be used. Knows no law."""

from agenda.models import Event

_ADDRESSES = {
    Event.Licence.CC0: "https://creativecommons.org/publicdomain/zero/1.0/",
    Event.Licence.BY: "https://creativecommons.org/licenses/by/4.0/",
    Event.Licence.BY_SA: "https://creativecommons.org/licenses/by-sa/4.0/",
}


def address(licence: str) -> str:
    """The page of a licence by its SPDX name, "" for none."""
    return _ADDRESSES.get(Event.Licence(licence), "")
