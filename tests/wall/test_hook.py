"""The webhook in: signed, once, in time, strictly in shape; everything else is refused, counted."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from agenda.models import Event
from eventhub.http import Buckets
from tests import factories, guests
from wall import api, hook, hook_secrets, source_keeping
from wall.hook import Signed
from wall.models import Post, Source

pytestmark = pytest.mark.django_db(transaction=True)
DOC = Path(__file__).parents[2] / "docs" / "webhook.md"
SECRET = "geheim-aber-lang"


@pytest.fixture
def event() -> Event:
    for bucket in (api.deliveries, api.refusals):
        bucket._levels.clear()
    return factories.make_event(language="en")


@pytest.fixture
def source(event: Event) -> Source:
    return factories.make_source(event, adapter="hook", name="Gateway", config={}, token=SECRET)


def body(*posts: dict[str, Any], **more: Any) -> bytes:
    return json.dumps({"posts": list(posts)} | more).encode()


HELLO = body({"id": "1", "name": "Mira", "handle": "@Mira@x.example", "text": "Bin da #fest"})


def deliver(
    source: Source,
    content: bytes = HELLO,
    *,
    nonce: str = "nonce-0001",
    off_s: int = 0,
    secret: str = SECRET,
    swapped: dict[str, Any] | None = None,
) -> Any:
    """Sign it as its sender would; `swapped` is what somebody on the way makes of it."""
    at = str(int(timezone.now().timestamp()) + off_s)
    signature = hook_secrets.sign(secret, at, nonce, content)
    sent: dict[str, Any] = {"at": at, "nonce": nonce, "signature": signature, "body": content}
    sent |= swapped or {}
    return guests.browser().post(
        f"/api/v1/hooks/{source.key}",
        sent["body"],
        content_type="application/json",
        headers={
            "Eventhub-Timestamp": sent["at"],
            "Eventhub-Nonce": sent["nonce"],
            "Eventhub-Signature": sent["signature"],
        },
    )


def outcome(answer: Any) -> tuple[int, str]:
    said = answer.json()
    return answer.status_code, said["error"]["code"] if "error" in said else str(said["changed"])


def refused(source: Source) -> int:
    return Source.objects.get(pk=source.pk).refused


# --- what is taken
def test_signed_delivery_becomes_a_post(source: Source) -> None:
    assert outcome(deliver(source)) == (200, "1")

    post = Post.objects.get()
    assert (post.author_name, post.author_handle, post.text) == (
        "Mira",
        "@mira@x.example",
        "Bin da #fest",
    )
    assert (post.network, post.source_id) == ("hook", source.pk)
    source.refresh_from_db()
    assert (source.state, source.refused) == (Source.State.GOOD, 0)
    assert source.last_contact_at is not None


def test_same_id_is_an_edit_and_gone_takes_it_away_for_good(source: Source) -> None:
    edit, gone = body({"id": "1", "text": "Doch nicht"}), body({"id": "1", "gone": True})

    steps = [
        deliver(source, content, nonce=f"nonce-000{n}")
        for n, content in enumerate((HELLO, edit, gone, HELLO))
    ]

    assert [outcome(step) for step in steps] == [(200, "1"), (200, "1"), (200, "1"), (200, "0")]
    assert [(post.state, post.text) for post in Post.objects.all()] == [("withdrawn", "")]


def test_two_webhooks_cannot_touch_each_others_posts(event: Event, source: Source) -> None:
    other = factories.make_source(event, adapter="hook", config={}, token=SECRET)
    deliver(source)

    deliver(other, body({"id": "1", "gone": True}))

    assert Post.objects.get().text == "Bin da #fest"


def test_time_ahead_of_ours_is_now(source: Source) -> None:
    tomorrow = (timezone.now() + timedelta(days=1)).isoformat()

    deliver(source, body({"id": "1", "text": "Morgen", "at": tomorrow}))

    assert Post.objects.get().written_at <= timezone.now()


def test_only_posts_with_a_wanted_tag_come_in(event: Event) -> None:
    source = factories.make_source(
        event, adapter="hook", config={}, token=SECRET, include_tags=["fest"]
    )

    deliver(source, body({"id": "1", "text": "ohne"}, {"id": "2", "text": "mit #Fest"}))

    assert [post.text for post in Post.objects.all()] == ["mit #Fest"]


def test_collector_never_asks_a_webhook(source: Source) -> None:
    assert list(Source.objects.due(timezone.now())) == []


# --- what is refused
def flipped(content: bytes) -> bytes:
    return bytes([content[0] ^ 1, *content[1:]])


def test_one_flipped_bit_is_refused_and_counted(source: Source) -> None:
    right = hook_secrets.sign(SECRET, "1", "nonce-0001", HELLO)

    for swapped in (
        {"body": flipped(HELLO)},
        {"nonce": "nonce-0002"},
        {"at": str(int(timezone.now().timestamp()) - 5)},
        {"signature": right[:-1] + ("0" if right[-1] != "0" else "1")},
        {"signature": ""},
        {"signature": "v1=ü"},
        {"nonce": "short"},
        {"at": "soon"},
    ):
        assert outcome(deliver(source, swapped=swapped)) == (401, "not_signed")
    assert outcome(deliver(source, secret="another")) == (401, "not_signed")

    assert (refused(source), Post.objects.count()) == (9, 0)


def every_flip(text: str) -> Iterator[str]:
    for place, letter in enumerate(text):
        for bit in range(8):
            yield text[:place] + chr(ord(letter) ^ 1 << bit) + text[place + 1 :]


def test_whichever_bit_is_flipped_the_signature_does_not_fit(source: Source) -> None:
    at = timezone.now()
    stamp, nonce = str(int(at.timestamp())), "nonce-0001"
    sent = Signed(HELLO, stamp, nonce, hook_secrets.sign(SECRET, stamp, nonce, HELLO))
    hook.check(source, sent, at)  # as it was sent it is right

    bodies = (flip.encode("latin-1") for flip in every_flip(HELLO.decode("latin-1")))
    tried = [
        *(replace(sent, body=body) for body in bodies),
        *(replace(sent, timestamp=flip) for flip in every_flip(stamp)),
        *(replace(sent, nonce=flip) for flip in every_flip(nonce)),
        *(replace(sent, signature=flip) for flip in every_flip(sent.signature)),
    ]
    codes = []
    for forged in tried:
        with pytest.raises(hook.HookRefused) as refused:
            hook.check(source, forged, at)
        codes.append(refused.value.code)

    assert (len(codes), set(codes)) == (8 * (len(HELLO) + 10 + 10 + 67), {"not_signed"})


def test_replayed_delivery_is_refused_once_and_for_all(source: Source) -> None:
    answers = [deliver(source) for _again in range(3)]

    assert [outcome(one) for one in answers] == [(200, "1"), (409, "repeated"), (409, "repeated")]
    assert (refused(source), Post.objects.count()) == (2, 1)


@pytest.mark.parametrize("off_s", [-86_400, -310, 310, 86_400])
def test_clock_that_is_off_is_told_what_time_it_is_here(source: Source, off_s: int) -> None:
    answer = deliver(source, off_s=off_s)

    source.refresh_from_db()
    assert outcome(answer) == (401, "clock")
    assert f"Here it is {timezone.now():%Y-%m-%d}" in answer.json()["error"]["message"]
    assert (source.refused, source.state) == (1, Source.State.FAILING)
    assert source.error.startswith("The time stamp is more than 5 minutes off.")
    assert outcome(deliver(source)) == (200, "1")  # the same nonce: what was refused used none up


@pytest.mark.parametrize(
    ("content", "names"),
    [
        (b"", "JSON"),
        (b"[]", "JSON"),
        (b"\xff\xfe", "JSON"),
        (b"[" * 100_000, "JSON"),
        (b'{"posts": []}', "posts"),
        (body(*[{"id": str(n)} for n in range(51)]), "posts"),
        (body({"text": "ohne"}), "posts.0.id"),
        (body({"id": 1}), "posts.0.id"),
        (body({"id": "1\0"}), "posts.0.id"),
        (body({"id": "1", "text": ["a"]}), "posts.0.text"),
        (body({"id": "1", "at": "2026-06-05T10:00:00"}), "posts.0.at"),
        (body({"id": "1", "html": "<p>"}), "posts.0.html"),
        (body({"id": "1", "gone": 1}), "posts.0.gone"),
        (body({"id": "1"}, more=1), "more"),
        (body({"id": "1", "pictures": [{"url": "https://x"}] * 5}), "posts.0.pictures"),
    ],
)
def test_other_shape_is_refused_whole_and_named(source: Source, content: bytes, names: str) -> None:
    answer = deliver(source, content)

    assert outcome(answer) == (422, "invalid")
    assert answer.json()["error"]["message"] == f"This value cannot be read: {names}."
    assert (refused(source), Post.objects.count()) == (1, 0)


def test_more_than_256_kib_is_refused(source: Source) -> None:
    assert outcome(deliver(source, b" " * (hook.MAX_BYTES + 1))) == (413, "too_large")
    assert outcome(deliver(source, HELLO + b" " * (hook.MAX_BYTES - len(HELLO)))) == (200, "1")


def test_paused_webhook_takes_nothing_and_its_sender_may_try_again(source: Source) -> None:
    source_keeping.pause(source, by=None)
    assert outcome(deliver(source)) == (409, "paused")

    source_keeping.go_on(source, by=None)
    assert outcome(deliver(source)) == (200, "1")
    assert refused(source) == 0


def test_flood_of_forgeries_is_counted_a_little_and_harms_no_right_one(source: Source) -> None:
    codes = [outcome(deliver(source, secret="another"))[0] for _number in range(25)]

    assert (codes.count(401), codes.count(429), refused(source)) == (20, 5, 20)
    assert outcome(deliver(source)) == (200, "1")


def test_webhook_that_floods_is_told_to_wait(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "deliveries", Buckets(at_once=1, per_second=0.001))
    deliver(source)

    assert outcome(deliver(source, nonce="nonce-0002")) == (429, "too_fast")


@pytest.mark.parametrize("adapter", ["mastodon", "gone"])
def test_what_is_no_webhook_is_not_there(event: Event, source: Source, adapter: str) -> None:
    other = factories.make_source(event, adapter="mastodon", token=SECRET)
    if adapter == "gone":
        source_keeping.remove(source, by=None)

    answer = deliver(other if adapter == "mastodon" else source)

    assert outcome(answer) == (404, "not_found")


def test_it_is_only_sent_to(source: Source) -> None:
    answer = guests.browser().get(f"/api/v1/hooks/{source.key}")

    assert (answer.status_code, answer["Allow"]) == (405, "POST, OPTIONS")


# --- secrets
def test_former_secret_holds_for_a_day(source: Source) -> None:
    new = source_keeping.new_secret(source, by=None)
    source.refresh_from_db()
    now = timezone.now()

    assert hook_secrets.accepted(source.token, now) == [new, SECRET]
    assert hook_secrets.accepted(source.token, now + timedelta(hours=25)) == [new]
    assert outcome(deliver(source)) == (200, "1")
    assert outcome(deliver(source, nonce="nonce-0002", secret=new)) == (200, "0")


# --- the documentation
@pytest.mark.sqlite
def test_the_lines_of_the_documentation_deliver(source: Source, live_server: Any) -> None:
    lines = re.findall(r"^ {4}(.*)$", DOC.read_text(encoding="utf-8"), re.MULTILINE)
    script = "\n".join(lines).replace("https://hub.example", live_server.url)
    script = script.replace("KEY", source.key, 1).replace("secret=SECRET", f"secret={SECRET}")
    clean = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}

    done = subprocess.run(
        ["sh", "-eu", "-c", script], capture_output=True, text=True, timeout=60, env=clean
    )

    assert (done.stdout, done.stderr) == ('{"changed": 1}', "")
    assert Post.objects.get().text == "Bin da! #moorfest"


def test_description_says_what_is_sent(db: None) -> None:
    from agenda.api.views import schema

    operation = schema()["paths"]["/api/v1/hooks/{key}"]["post"]
    shape = operation["requestBody"]["content"]["application/json"]["schema"]
    fields = set(shape["properties"]["posts"]["items"]["properties"])

    assert {each["name"] for each in operation["parameters"] if each["in"] == "header"} == {
        "Eventhub-Timestamp",
        "Eventhub-Nonce",
        "Eventhub-Signature",
    }
    documented = set(re.findall(r"`(\w+)`", DOC.read_text(encoding="utf-8")))
    assert fields <= documented
