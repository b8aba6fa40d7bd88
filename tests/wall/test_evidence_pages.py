"""Evidence on its pages: one person reads, takes and deletes it; for others it is not there."""

import hashlib
import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agenda.models import Event, User
from eventhub.live.models import new_key
from tests import factories, guests
from tests.wall.test_evidence import folders, mira, organizer, seal, with_picture
from wall import evidence
from wall.models import Action, Evidence, Post

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

__all__ = ["folders", "mira"]  # fixtures


@pytest.fixture(autouse=True)
def english(event: Event) -> None:
    guests.refill_buckets()
    Event.objects.filter(pk=event.pk).update(language="en")


def asked(post: Post, kept_for: User, **more: Any) -> dict[str, Any]:
    until = evidence.days(post.event)[1].isoformat()
    known = {"key": new_key(), "version": post.version, "for": kept_for.pk, "until": until}
    return known | {"why": "Threat"} | more


def sealing_page(post: Post) -> str:
    return f"/{post.event.slug}/desk/posts/{post.key}/evidence"


def pages(row: Evidence) -> list[str]:
    where = f"/{row.event.slug}/desk/evidence/{row.key}/"
    return [where, f"{where}file", f"{where}picture/1", f"{where}delete"]


def test_second_page_says_what_for_whom_and_until_when(event: Event, mira: User) -> None:
    jo = organizer(event)
    post = with_picture(factories.make_post(event, text="Bad words"))

    page = guests.signed_in(mira).get(sealing_page(post))

    said = page.content.decode()
    assert "Bad words" in said
    assert f'<option value="{jo.pk}">Jo</option>' in said
    assert evidence.days(event)[1].isoformat() in said
    assert Evidence.objects.count() == 0


def test_confirmed_page_seals_and_tells_who_sealed_the_digest(event: Event, mira: User) -> None:
    jo, post, client = organizer(event), factories.make_post(event), guests.signed_in(mira)

    answer = client.post(sealing_page(post), asked(post, jo))

    row = Evidence.objects.get()
    assert (row.kept_for, row.by) == (jo, mira)
    assert row.digest in client.get(answer.headers["Location"]).content.decode()


def test_changed_post_is_shown_anew_with_a_sentence(event: Event, mira: User) -> None:
    jo, post = organizer(event), factories.make_post(event)
    form = asked(post, jo, version=post.version + 1)

    answer = guests.signed_in(mira).post(sealing_page(post), form)

    assert answer.status_code == 409
    assert "The post has changed." in answer.content.decode()
    assert Evidence.objects.count() == 0


@pytest.mark.parametrize(
    "wrong", [{"for": "0"}, {"key": "short"}, {"until": "2020-01-01"}, {"until": "soon"}], ids=str
)
def test_wrong_form_is_refused_in_words(event: Event, mira: User, wrong: dict[str, str]) -> None:
    jo, post = organizer(event), factories.make_post(event)

    answer = guests.signed_in(mira).post(sealing_page(post), asked(post, jo, **wrong))

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert Evidence.objects.count() == 0


def test_taken_back_post_cannot_be_sealed(event: Event, mira: User) -> None:
    post = factories.make_post(event, state=Post.State.WITHDRAWN)

    assert guests.signed_in(mira).get(sealing_page(post)).status_code == 404


def test_named_organizer_reads_it_and_that_is_written_down(event: Event, mira: User) -> None:
    jo = organizer(event)
    row = seal(with_picture(factories.make_post(event, text="Bad words")), by=mira, kept_for=jo)
    client = guests.signed_in(jo)

    read, _file, picture, _ask = (client.get(page) for page in pages(row))

    assert "Bad words" in read.content.decode()
    assert row.digest in read.content.decode()
    assert picture.content == b"RIFF picture of a post"
    assert Action.objects.filter(event=event, verb="read_evidence", by=jo).count() == 1


def test_downloaded_file_proves_itself(event: Event, mira: User) -> None:
    jo = organizer(event)
    row = seal(with_picture(factories.make_post(event, text="Äußerst")), by=mira, kept_for=jo)

    answer = guests.signed_in(jo).get(pages(row)[1])

    files = zipfile.ZipFile(io.BytesIO(answer.content))
    found = {name.rpartition("/")[2]: files.read(name) for name in files.namelist()}
    assert sorted(found) == ["picture-1.webp", "post.json", "post.txt"]
    assert hashlib.sha256(found["post.json"]).hexdigest() == row.digest
    assert hashlib.sha256(found["picture-1.webp"]).hexdigest() in found["post.json"].decode()
    assert "Äußerst" in found["post.txt"].decode()


def others(event: Event, mira: User) -> list[Client]:
    superuser = factories.make_user(is_staff=True, is_superuser=True)
    strangers = [mira, organizer(event, "Not Jo"), organizer(factories.make_event()), superuser]
    return [guests.signed_in(user) for user in strangers]


def test_for_everybody_else_it_is_not_there(event: Event, mira: User) -> None:
    row = seal(with_picture(factories.make_post(event)), by=mira, kept_for=organizer(event))

    answers = [client.get(page) for client in others(event, mira) for page in pages(row)]
    deleted = [client.post(pages(row)[3]) for client in others(event, mira)]

    assert {answer.status_code for answer in (*answers, *deleted)} == {404}
    assert Evidence.objects.count() == 1


def test_others_read_that_something_is_kept_and_nothing_of_it(event: Event, mira: User) -> None:
    post = factories.make_post(event, text="Bad words", author_name="Somebody")
    row = seal(post, by=mira, kept_for=organizer(event))
    _mira, colleague, stranger, superuser = others(event, mira)
    where = f"/{event.slug}/desk/evidence/"

    told = [client.get(where).content.decode() for client in (colleague, superuser)]

    for said in told:
        assert "For <bdi>Jo</bdi>" in said
        assert "kept by <bdi>Mira</bdi>" in said
        hidden = ["Bad words", "Somebody", row.digest, "Threat", row.key]
        assert [word for word in hidden if word in said] == []
    assert stranger.get(where).status_code == 404


def test_altered_evidence_says_so_and_is_not_handed_out(event: Event, mira: User) -> None:
    jo = organizer(event)
    row = seal(factories.make_post(event, text="Bad words"), by=mira, kept_for=jo)
    Evidence.objects.update(digest="0" * 64)
    client = guests.signed_in(jo)

    read, taken = (client.get(page) for page in pages(row)[:2])

    assert "not as it was kept" in read.content.decode()
    assert "Bad words" not in read.content.decode()
    assert taken.status_code == 409


def test_deleting_early_asks_once_more(event: Event, mira: User) -> None:
    jo = organizer(event)
    row = seal(factories.make_post(event), by=mira, kept_for=jo)
    client, where = guests.signed_in(jo), pages(row)[3]

    client.get(where)
    assert Evidence.objects.count() == 1
    client.post(where)

    assert Evidence.objects.count() == 0
    assert Action.objects.get(verb="delete_evidence").by == jo


def test_list_asks_as_often_for_three_as_for_one(event: Event, mira: User) -> None:
    jo, counts = organizer(event), []
    client = guests.signed_in(mira)
    for more in (1, 2):
        for _ in range(more):
            seal(factories.make_post(event), by=mira, kept_for=jo)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/{event.slug}/desk/evidence/").status_code == 200
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_own_day_is_named_on_the_page(event: Event, mira: User) -> None:
    jo = organizer(event)
    until = timezone.now().date() + timedelta(days=30)
    row = seal(factories.make_post(event), by=mira, kept_for=jo, until=until)

    said = guests.signed_in(jo).get(pages(row)[0]).content.decode()

    assert str(until.year) in said
