"""WLAN, the way, a contact, first aid: what a guest finds without asking anybody."""

import re

import pytest

from agenda import info
from tests import guests
from tests.factories import make_event
from tests.test_programme_pages import read

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]  # reads pages: once is enough


def test_info_shows_only_what_there_is() -> None:
    event = make_event(place="", contact="+49 40 / 555-01")

    html = read(event, "info/")

    heads = re.findall(r'<h2 class="info__head">(.+?)</h2>', html)
    assert heads == ["Whom to ask"]
    assert 'href="tel:+494055501"' in html
    assert guests.in_english("Nothing here yet.") not in html
    assert guests.in_english("Nothing here yet.") in read(make_event(place="", contact=""), "info/")


def test_info_gives_the_wlan_as_words_and_as_a_code() -> None:
    event = make_event(wifi_name='Café; "Nord"', wifi_password="a:b,c\\d")

    html = read(event, "info/")

    assert info.Wifi('Café; "Nord"', "a:b,c\\d").code == (
        'WIFI:T:WPA;S:Café\\; \\"Nord\\";P:a\\:b\\,c\\\\d;;'
    )
    assert info.Wifi("Open", "").code == "WIFI:T:nopass;S:Open;;"
    assert 'id="wifi-password" class="wifi__password" translate="no">a:b,c\\d<' in html
    assert re.search(r'<svg viewBox="0 0 (\d+) \1" role="img"', html)


@pytest.mark.parametrize(
    ("contact", "address"),
    [
        ("team@forum.example", "mailto:team@forum.example"),
        ("0170 / 55 501", "tel:017055501"),
        ("Mira, at the entrance", ""),
        ("a@b.example?subject=x", ""),
        ("", ""),
    ],
)
def test_contact_is_a_link_only_if_it_is_nothing_but_an_address(contact: str, address: str) -> None:
    assert info.contact_address(contact) == address
