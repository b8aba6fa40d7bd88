"""Delete an event and everything that was ever written in it, its log included."""

from agenda import forgetting
from agenda.helpers import forget
from agenda.models import Event
from eventhub.live.log import changing, erase_log


def erase(event: Event) -> None:
    """Leave nothing of `event`. Pages that are still open are let go, and find it gone.

    One transaction: no page is ever served of an event that is half there.
    """
    with changing(event) as log:
        forget(event)
        forgetting.lock_all(event)
        event.delete()
        erase_log(log)
