"""The product's own settings, with the addresses of the measurement."""

from eventhub.settings import *  # noqa: F403

ROOT_URLCONF = "bench.trivial.urls"
