"""A row of everything that keepers of a hashtag have, full of canaries. Asserts nothing."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from agenda.models import Attendee, Event, User
from eventhub.live.log import changing
from tests import factories
from wall import tombstones
from wall.models import (
    Action,
    Author,
    Decision,
    Evidence,
    Listed,
    Objection,
    Picture,
    Post,
    Prepared,
    Presence,
    Prompt,
    Step,
)


@dataclass(frozen=True)
class Watch:
    """The deed in the audit log, and what only some may read of all the rest."""

    row: Action
    private: list[str]
    for_organizers: list[str]
    secret: list[str]


def keep_watch(event: Event, keeper: User, hidden: Post, guest: Attendee) -> Watch:
    """`keeper` watches the wall of `event`: each kind of row, all private but what hangs there."""
    words = {name: f"canary{secrets.token_hex(8)}" for name in WORDS}
    author = factories.make_author(
        event, name=words["name"], handle=f"@{words['handle']}@a.example", identity=words["account"]
    )
    Author.objects.create(
        event=event,
        attendee=guest,
        identity=f"guest:{guest.key}",
        network="note",
        standing="blocked",
    )
    with changing(event) as log:
        post = log.fresh(hidden)
        post.author, post.remote_id = author, words["remote"]
        log.touch(post)
        log.add(Step(event=event, what=Step.What.BRAKE, by=keeper))
        shown = factories.make_post(event)
        log.add(Step(event=event, what=Step.What.SPOTLIGHT, by=keeper, post=shown))
        prompt = Prompt(event=event, text=words["prompt"], by=keeper, closed_at=timezone.now())
        log.add(prompt)
        tombstones.bury(event.pk, [words["buried"]])
    pictures = _pictures(event, post, author, words)
    Listed.objects.create(
        event=event, what=Listed.What.WORD, written=words["word"], folded=words["word"], by=keeper
    )
    Presence.objects.create(event=event, user=keeper, post=post)
    Objection.objects.create(event=event, post=post, words=words["wish"], contact=words["contact"])
    Evidence.objects.create(
        event=event,
        sealed=words["sealed"],
        digest=words["digest"],
        kept_for=keeper,
        by=keeper,
        delete_on=timezone.now().date() + timedelta(days=90),
    )
    Prepared.objects.create(event=event, text=words["prepared"], by=keeper)
    deed = Action.objects.create(
        event=event, by=keeper, verb="block", about=words["about"], undo={"was": words["undo"]}
    )
    Decision.objects.filter(post=post).update(action=deed)
    return Watch(
        deed,
        private=[*(words[name] for name in DESK), *(picture.key for picture in pictures)],
        for_organizers=[],
        secret=[words[name] for name in ("sealed", "digest", "buried", "undo")],
    )


DESK = (
    *("name", "handle", "account", "remote", "prompt", "word", "wish", "contact", "prepared"),
    *("about", "file", "alt"),
)
WORDS = (*DESK, "sealed", "digest", "buried", "undo")


def _pictures(event: Event, post: Post, author: Author, words: dict[str, str]) -> list[Picture]:
    address = f"https://files.example/{words['file']}.png"
    return [
        factories.make_picture(post, url=address, alt=words["alt"]),
        factories.make_picture(event=event, author=author, role=Picture.Role.FACE, url=address),
        factories.make_picture(
            event=event, role=Picture.Role.EMOJI, url=address, name="wave", state="wanted"
        ),
    ]
