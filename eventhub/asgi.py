"""The ASGI application for any server: `eventhub.asgi:application`."""

import os
from typing import TYPE_CHECKING

import django
from django.apps import apps

if TYPE_CHECKING:
    from eventhub.application import Application


def _application() -> "Application":
    """Built only after Django is set up, because the parts read settings and models."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eventhub.settings")
    if not apps.ready:
        django.setup(set_prefix=False)
    from eventhub.application import Application

    return Application()


application = _application()
