"""The table to fill in is one that is read without a remark."""

import pytest

from agenda.exchange import tables, template
from agenda.exchange.tidy import tidy
from agenda.models import Event, Membership
from tests.factories import make_user
from tests.guests import browser


@pytest.mark.parametrize("language", ["de", "de-formal", "en"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_is_read_without_a_remark(event: Event, kind: str, language: str) -> None:
    data = template.write(event, kind, language=language)

    plan = tidy(tables.read(data, zone=event.zone), max_sessions=10)

    assert plan.oddities == []
    assert [session.kind for session in plan.sessions] == ["talk", "panel", "break"]
    assert len({slot.starts_at.date() for slot in plan.slots}) == 1
    assert plan.slots[0].starts_at.astimezone(event.tz).date() == event.day_of(event.starts_at)
    assert len(plan.speakers) == 2
    assert len(plan.sessions[1].links) == 1


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_organizers_take_it_home_in_their_events_language(event: Event, kind: str) -> None:
    user = make_user()
    Membership.objects.create(user=user, event=event, role=Membership.Role.ORGANIZER)
    client = browser()
    client.force_login(user)

    answer = client.get(f"/{event.slug}/home/import/template.{kind}")

    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="{event.slug}-template.{kind}"'
    plan = tables.read(answer.content, zone=event.zone)
    assert plan.sessions[2].title == "Mittagspause"
