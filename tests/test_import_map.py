"""The import map names every module of ours, and its hash is what the policy allows."""

import json
import re
from pathlib import Path

import pytest
from django.test import Client

from agenda.models import Event
from eventhub.static_files import module_texts
from eventhub.templatetags.eventhub import map_text

ROOT = Path(__file__).resolve().parent.parent
IMPORT = re.compile(
    r"""^\s*(?:import|export)\s[^'"]*?from\s*["']([^"']+)["']|^\s*import\s*["']([^"']+)["']""",
    re.MULTILINE,
)


def sources() -> list[Path]:
    return [
        path
        for folder in ("eventhub/static", "eventhub/live/static", "agenda/static", "wall/static")
        for path in (ROOT / folder).rglob("*.js")
    ]


def test_every_module_is_in_the_map() -> None:
    names = {
        str(path.relative_to(next(p for p in path.parents if p.name == "static")))[: -len(".js")]
        for path in sources()
    }

    assert set(json.loads(map_text())["imports"]) == names


def test_modules_import_by_bare_names_that_are_in_the_map() -> None:
    """Django does not rewrite imports without semicolons: a relative one would miss its hash."""
    wrong = [
        f"{path.name}: {name}"
        for path in sources()
        for pair in IMPORT.findall(path.read_text(encoding="utf-8"))
        if (name := pair[0] or pair[1]) not in module_texts()
    ]

    assert wrong == []


def test_map_needs_no_escaping() -> None:
    assert not set(map_text()) & set("<>&'")
    assert json.loads(map_text())["imports"]


@pytest.mark.django_db
def test_policy_allows_the_map_on_pages_and_not_in_the_admin(client: Client, event: Event) -> None:
    page = client.get(f"/{event.slug}/")
    admin = client.get("/admin/login/")

    assert "'sha256-" in page["Content-Security-Policy"]
    assert "trusted-types eventhub" in page["Content-Security-Policy"]
    assert "sha256" not in admin["Content-Security-Policy"]
    assert "default-src 'none'" in admin["Content-Security-Policy"]
