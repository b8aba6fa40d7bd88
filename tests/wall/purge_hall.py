"""Write an event full of one canary: `python -m tests.wall.purge_hall CANARY`.

`python -m tests.wall.purge_hall kill STEP` purges it and dies by kill -9 in the middle of STEP:
before its change is committed, or, as "scrub", when all rows are gone and the files are not.
"""

import os
import signal
import sys
from datetime import timedelta
from typing import Any

import django


def main() -> None:
    django.setup()
    if sys.argv[1] == "kill":
        _purge_until(sys.argv[2])
    else:
        _write(sys.argv[1])


def _write(canary: str) -> None:
    from django.utils import timezone

    from agenda import carry, feedback, helpers
    from eventhub.live.log import changing
    from eventhub.live.models import new_key
    from tests import factories
    from wall import moderation, photos
    from wall.models import Photo, Post

    yesterday = timezone.now() - timedelta(days=1)
    event = factories.make_event(
        purge_on=yesterday.date(), feedback="open", starts_at=yesterday, ends_at=timezone.now()
    )
    event.purge_on += timedelta(days=3)  # while it is written the questions are open
    guest = factories.make_attendee(event, canary)
    guest.organisation = canary
    guest.save()
    carry.make(guest)
    for number in range(120):
        note = factories.make_note(
            event, attendee=guest, text=f"{canary} {number} " * 20, organisation=canary
        )
        factories.make_post(event, author_name=canary, author_handle=canary, summary=canary)
    with changing(event) as log:  # what stood there before an edit
        fresh = log.fresh(note)
        fresh.text = "short"
        log.touch(fresh)
    moderation.hide(factories.make_post(event, text=canary * 9), by=None)
    moderation.withdraw(
        factories.make_note(event, attendee=guest, text=canary), attendee_key=guest.key
    )
    deleted = factories.make_post(event, text=canary * 500)  # fills pages of its own
    with changing(event) as log:
        log.remove(log.fresh(deleted))
    _propose(event, guest, canary)
    photo = Photo.objects.create(
        post=Post.objects.filter(attendee=guest).first(),
        event=event,
        width=1,
        height=1,
        size=1,
        alt=canary,
    )
    path = photos.path_of(photo.key)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(canary.encode())
    _keep_watch(event, canary)
    feedback.answer(event, origin=new_key(), answers={"good": canary})
    factories.make_source(event, cursor=canary, error=canary, paused=True)
    helpers.open_door(event, task="desk", until=timezone.now() + timedelta(hours=1), by=None)
    event.door_entries.update(name=canary)
    event.save()
    type(event).objects.filter(pk=event.pk).update(purge_on=yesterday.date())


def _propose(event: Any, guest: Any, canary: str) -> None:
    """Cards in every state, one of which was on the programme; votes, hashtags, a suggestion."""
    from agenda import barcamp, proposals
    from agenda.models import Hosting, Proposal, Suggestion, Vote
    from tests import factories

    factories.make_barcamp(event)
    words = {"text": canary * 40, "host": canary, "needs": canary}
    cards = [
        factories.make_proposal(event, f"{canary} {state}", state=state, **words)
        for state in Proposal.State.values
    ]
    for card in cards:
        Hosting.objects.create(attendee=guest, proposal=card)
        Vote.objects.create(attendee=guest, proposal=card)
    back = factories.make_proposal(event, canary, **words)
    room = factories.make_room(event)
    slot = barcamp.place(back, room, factories.at("10:00"), factories.at("10:45"))
    proposals.withdraw(back)
    off = factories.make_proposal(event, f"{canary} off", **words)
    barcamp.take_off(off, barcamp.place(off, room, slot.starts_at, slot.ends_at))
    guest.tags = [canary]
    guest.save()
    Suggestion.objects.create(event=event, by=factories.make_user(), content={"t": canary})


def _keep_watch(event: Any, canary: str) -> None:
    """What keepers knew and wrote: authors, pictures, prompts, objections, deeds."""
    from eventhub.live.log import changing
    from tests import factories
    from wall.models import Action, Delay, Objection, Prepared, Prompt, Rehearsal, Step

    keeper = factories.make_moderator(event)
    author = factories.make_author(event, identity=canary, handle=canary, name=canary)
    post = factories.make_post(event, author=author, remote_id=canary, likeness=canary[:32])
    factories.make_picture(post, url=canary, alt=canary, data=canary.encode())
    factories.make_picture(event=event, author=author, role="face", url=canary, name=canary)
    with changing(event) as log:
        log.add(Prompt(event=event, text=canary, by=keeper))
        log.add(Step(event=event, what=Step.What.SPOTLIGHT, by=keeper, post=post))
        log.add(Delay(event=event, minutes=5, by=keeper))
        log.add(Rehearsal(event=event, starts_at=event.starts_at, by=keeper))
    Objection.objects.create(event=event, post=post, words=canary, contact=canary)
    Prepared.objects.create(event=event, text=canary, by=keeper)
    Action.objects.create(event=event, verb="block", about=canary, undo={"word": canary})


def _purge_until(step: str) -> None:
    from django.utils import timezone

    from wall import purge

    if step != "scrub":
        remove = purge._STEPS[step]

        def cut_off(*arguments: Any) -> int:
            remove(*arguments)
            os.kill(os.getpid(), signal.SIGKILL)
            return 0

        purge._STEPS[step] = cut_off
    for event in purge.due(timezone.now()):
        purge.purge(event)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
