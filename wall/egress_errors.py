"""What can go wrong on the way out, in plain words. Sends nothing, decides nothing."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpcore
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from wall.targets import Target
from wall.transfer import Answer, Declined, Garbled, TooLarge

if TYPE_CHECKING:
    from django.utils.functional import Promise, _StrPromise


class EgressError(Exception):
    """`message` says in plain words what went wrong; translated when shown."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


class EgressRefused(EgressError):
    """We do not ask this address. Nothing was sent to it."""


class EgressFailed(EgressError):
    """The other side cannot be reached, is too slow, or answers what we do not take."""


class EgressDeclined(EgressFailed):
    """The other side answered a request for a stream with something else: `answer`."""

    def __init__(self, message: str | Promise, answer: Answer) -> None:
        super().__init__(message)
        self.answer = answer


@contextmanager
def in_words(target: Target) -> Iterator[None]:
    """What goes wrong on the wire becomes EgressFailed."""
    try:
        yield
    except TooLarge as error:
        raise failed(_("{host} answers with more than we take."), target) from error
    except Declined as error:
        message = format_lazy(_("{host} does not open the stream."), host=target.host)
        raise EgressDeclined(message, error.answer) from error
    except TimeoutError as error:
        raise failed(_("{host} did not answer in time."), target) from error
    except (Garbled, httpcore.ProtocolError) as error:
        raise failed(_("{host} answers in a way we do not understand."), target) from error
    except (httpcore.NetworkError, httpcore.TimeoutException, OSError) as error:
        if any(isinstance(inner, ssl.SSLError) for inner in error.args):
            raise failed(_("The certificate of {host} is not valid."), target) from error
        raise failed(_("{host} cannot be reached."), target) from error


def refused(message: _StrPromise, target: Target) -> EgressRefused:
    return EgressRefused(format_lazy(message, host=target.host))


def failed(message: _StrPromise, target: Target) -> EgressFailed:
    return EgressFailed(format_lazy(message, host=target.host))


def unreadable() -> EgressRefused:
    return EgressRefused(_("This address is written in a way we do not accept."))
