"""The pages that need no screen: start and joining, now and next, law, language."""

from agenda.views.page import page_context

__all__ = ["page_context"]
