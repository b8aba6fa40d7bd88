"""Choose how a socket is written to: the server's own way where safe, else the portable one."""

from django.conf import settings

from eventhub.live.senders import PortableSender, Send, Sender


def sender_for(send: Send) -> Sender:
    """The fastest safe sender for the ASGI `send` of one socket."""
    if settings.SENDER != "portable":
        from eventhub.live import daphne_socket

        if fast := daphne_socket.sender_for(send):
            return fast
    return PortableSender(send)
