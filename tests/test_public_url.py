"""`make run PUBLIC_URL=…`: the address becomes a setting, and what must follow from it follows."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.processes import Installation, Served
from tests.ready_made import furnish
from tests.test_bootstrap import Tree, refused
from tests.test_bootstrap import tree as tree  # the fixture


def environ(tree: Tree, **variables: str) -> dict[str, Any]:
    tree.start("install")
    result = tree.start("run", **variables)
    found: dict[str, Any] = json.loads(result.stdout)["environ"]
    return found


def test_https_address_has_a_proxy_in_front_which_alone_may_reach_us(tree: Tree) -> None:
    found = environ(tree, PUBLIC_URL="https://hub.example/")

    assert found["EVENTHUB_PUBLIC_URL"] == "https://hub.example"
    assert (found["EVENTHUB_TRUSTED_PROXIES"], found["EVENTHUB_BIND"]) == ("1", "127.0.0.1")
    assert "PUBLIC_URL" not in found


def test_proxy_elsewhere_can_be_told(tree: Tree) -> None:
    found = environ(
        tree,
        PUBLIC_URL="https://hub.example",
        EVENTHUB_TRUSTED_PROXIES="2",
        EVENTHUB_BIND="0.0.0.0",
    )

    assert (found["EVENTHUB_TRUSTED_PROXIES"], found["EVENTHUB_BIND"]) == ("2", "0.0.0.0")


def test_plain_address_needs_nothing_in_front(tree: Tree) -> None:
    found = environ(tree, PUBLIC_URL="http://192.168.1.20:8000")

    assert found["EVENTHUB_PUBLIC_URL"] == "http://192.168.1.20:8000"
    assert {"EVENTHUB_TRUSTED_PROXIES", "EVENTHUB_BIND"} & set(found) == set()


@pytest.mark.parametrize(
    "url",
    ["hub.example", "ftp://hub.example", "https://", "https://hub.example/demo", "https://a b"],
)
def test_what_is_no_address_is_refused(tree: Tree, url: str) -> None:
    sentence = refused(tree.start("run", PUBLIC_URL=url))

    assert sentence.startswith(f"PUBLIC_URL={url} ist keine Adresse: Bitte ")


def as_header(jar: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in jar.items())


@pytest.mark.processes
@pytest.mark.sqlite
def test_server_answers_under_its_public_address_alone(tmp_path: Path) -> None:
    settings = {"EVENTHUB_PUBLIC_URL": "https://hub.example", "EVENTHUB_TRUSTED_PROXIES": "1"}
    installation = Installation(tmp_path, settings=settings)
    event = furnish(installation, "tests.faults.setup_events")["A"]
    proxy = {"Host": "hub.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.9"}
    with (
        Served(installation, web_only=True) as served,
        httpx.Client(base_url=served.url, headers=proxy, trust_env=False) as phone,
    ):
        joined = phone.get(f"/{event['code']}")
        # The client itself keeps secure cookies from a plain address, as it should.
        jar = dict(joined.cookies.items())
        me = phone.get(f"/{event['slug']}/me", headers={"Cookie": as_header(jar)})
        jar |= dict(me.cookies.items())
        form = {"nickname": "Mira", "csrfmiddlewaretoken": me.json()["csrf"]}
        posts = [
            phone.post(
                f"/{event['slug']}/me",
                data=form,
                headers={"Origin": origin, "Accept": "application/json", "Cookie": as_header(jar)},
            )
            for origin in ("https://hub.example", "https://evil.example")
        ]
        elsewhere = phone.get("/", headers={"Host": "evil.example"})
        page = phone.get("/nowhere/")

    assert sorted(jar) == ["__Host-attendee-1", "__Host-csrf"]
    assert "Secure" in joined.headers["set-cookie"]
    assert me.json()["joined"] is True
    assert [answer.status_code for answer in posts] == [200, 403]
    assert elsewhere.status_code == 400
    assert "max-age=" in page.headers["strict-transport-security"]
