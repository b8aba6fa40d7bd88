"""Reads page after page for the way to imprint and privacy notice; refuses to say which pages."""

import re
from dataclasses import dataclass, field
from typing import Any

from tests import guests

LAW = {"Imprint|Impressum": "impressum", "Privacy|Datenschutz": "datenschutz"}


def is_page(answer: Any) -> bool:
    """Something that a person reads; a redirect is on the way to it."""
    kind = answer.headers.get("Content-Type", "")
    return kind.startswith("text/html") and bool(answer.content) and answer.status_code // 100 != 3


def law_of(page: str) -> list[str]:
    """Where the page's links to imprint and privacy notice lead, in this order."""
    return [
        where
        for words, name in LAW.items()
        for where in re.findall(rf'<a href="([^"]*/{name})"[^>]*>(?:{words})</a>', page)[-1:]
    ]


@dataclass
class Reader:
    """What somebody found on the pages of a walk; at a beamer nobody chooses a language."""

    role: str
    pages: int = 0
    lacking: list[str] = field(default_factory=list)
    targets: set[str] = field(default_factory=set)

    def read(self, route: str, answer: Any) -> None:
        if not is_page(answer):
            return
        page = answer.content.decode()
        links = law_of(page)
        self.pages += 1
        self.targets |= set(links)
        if len(links) != 2:
            self.lacking.append(f"{route}: {links}")
        beamer = self.role.startswith("screen_") and route == "screen"
        if ('action="/language"' in page) == beamer:
            self.lacking.append(f"{route}: switch of language")

    def wrong(self) -> list[str]:
        """What is wrong with all that was read."""
        stranger = guests.browser()
        answers = {where: stranger.get(where).status_code for where in sorted(self.targets)}
        few = [f"{self.pages} pages"] * (self.pages <= 15)
        return self.lacking + few + [f"{w}: {code}" for w, code in answers.items() if code != 200]
