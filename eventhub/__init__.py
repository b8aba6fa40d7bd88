"""Eventhub: programme on every phone, the hashtag on the beamer, one desk for its keepers."""

__version__ = "0.1.0"
