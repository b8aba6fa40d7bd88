"""Measure the server against a plain Channels broadcast. Knows both from outside only."""
