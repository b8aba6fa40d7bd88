"""What is printed and passed on: poster, table cards, the slide for speakers; the code is read."""

import io

import pytest
import zxingcpp
from django.test import Client
from PIL import Image

from agenda.models import Event, Membership
from agenda.qr import draw
from tests import factories, guests
from wall import deck_card

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

HOST = "10.0.0.9:8000"
LONG = "Donaudampfschifffahrtsgesellschaftskapitän 2026 mit allen ihren Freundinnen und Freunden"


@pytest.fixture
def client(event: Event) -> Client:
    guests.refill_buckets()
    user = factories.make_user()
    Membership.objects.create(user=user, event=event, role=Membership.Role.ORGANIZER)
    return guests.signed_in(user)


def card(client: Client, event: Event, kind: str) -> bytes:
    answer = client.get(f"/{event.slug}/home/card.{kind}", HTTP_HOST=HOST)
    assert answer.status_code == 200
    return bytes(answer.content)


def test_picture_for_decks_is_a_slide_whose_code_can_be_read(client: Client, event: Event) -> None:
    picture = Image.open(io.BytesIO(card(client, event, "png"))).convert("RGB")

    (found,) = zxingcpp.read_barcodes(picture)
    assert (picture.size, found.text) == ((1920, 1080), f"http://{HOST}/{event.code}")


def test_page_for_decks_is_one_pdf_page_of_16_to_9(client: Client, event: Event) -> None:
    page = card(client, event, "pdf")

    assert (page[:5], page.count(b"/Type /Page\n"), b"[ 0 0 960.0 540.0 ]" in page) == (
        b"%PDF-",
        1,
        True,
    )


@pytest.mark.parametrize(
    "tag", ["", "#a", "#sehrlangerhashtagohneeinengrossbuchstaben", f"#{LONG}"]
)
def test_whatever_the_words_nothing_runs_off_the_slide(tag: str) -> None:
    code = "https://eventhub.example/ABC123"
    drawn = deck_card.png(
        name=LONG, tag=tag, address=f"{'x' * 60}.example/ABC123", code=code, words=LONG * 3
    )

    picture = Image.open(io.BytesIO(drawn)).convert("RGB")
    paper = picture.getpixel((5, 5))
    edges = [(0, 0, 1920, 90), (0, 990, 1920, 1080), (0, 0, 100, 1080), (1820, 0, 1920, 1080)]
    assert [picture.crop(edge).getcolors() for edge in edges] == [
        [((right - left) * (bottom - top), paper)] for left, top, right, bottom in edges
    ]
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [code]


@pytest.mark.parametrize(
    ("accent", "drawn_in"), [("#5b1a8e", "#5b1a8e"), ("#ffe000", "#00594a"), ("red", "#00594a")]
)
def test_colour_that_cannot_be_read_on_paper_gives_way(accent: str, drawn_in: str) -> None:
    assert deck_card._readable(accent) == drawn_in


def test_other_kinds_of_files_are_not_there(client: Client, event: Event) -> None:
    assert client.get(f"/{event.slug}/home/card.exe").status_code == 404


@pytest.mark.parametrize("page", ["poster", "card"])
def test_paper_says_tag_address_and_wlan(client: Client, event: Event, page: str) -> None:
    def said() -> str:
        return client.get(f"/{event.slug}/home/{page}", HTTP_HOST=HOST).content.decode()

    without = said()
    Event.objects.filter(pk=event.pk).update(wifi_name="Gäste;Netz", wifi_password="p<w>")

    found = said()

    assert f"#{event.hashtag}" in found
    assert f'd="{draw(f"http://{HOST}/{event.code}").path}"' in found
    assert [word in found for word in ("Gäste;Netz", "p&lt;w&gt;")] == [True, True]
    assert "WLAN" not in without
