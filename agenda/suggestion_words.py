"""Why a card is suggested where it is, why another one stays, and who is torn all the same.

In the active language. Knows no requests and writes nothing.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import combinations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agenda.clashes import names
from agenda.models import Event, Period, Proposal
from agenda.placement import Placement
from agenda.solving.problem import LOT
from agenda.waiting import Heads, Waiting

MAX_RIVALS = 2  # named on a card
MAX_CONFLICTS = 12  # named of the whole grid


class Words:
    """What is said of one placement. `event` gives the zone."""

    def __init__(self, event: Event, about: Waiting, placed: Placement) -> None:
        self._event, self._about, self._placed = event, about, placed
        self._rows = [self._wanted_in(row) for row in range(len(about.periods))]
        self._often = Counter(key for one in about.proposals for key in names(one.host))
        self._often.update(key for row in about.problem.rows for key in row.hosts)

    def why_here(self, card: int, room: int) -> list[str]:
        """The reasons for one card that has a place."""
        proposal = self._about.proposals[card]
        reasons = [self._seats(card, room), self._torn(card)]
        if proposal.not_before is not None:
            words = _("Wished not before %(time)s.")
            reasons.append(words % {"time": self._clock(proposal.not_before)})
        if proposal.not_after is not None:
            words = _("Wished to be over by %(time)s.")
            reasons.append(words % {"time": self._clock(proposal.not_after)})
        busy = [name for key, name in names(proposal.host).items() if self._often[key] > 1]
        if busy:
            words = _("No other session of %(names)s at this time.")
            reasons.append(words % {"names": ", ".join(busy)})
        return [reason for reason in reasons if reason]

    def why_not(self, card: int) -> str:
        """Why this card stays in the parking lot."""
        about = self._about
        proposal, one = about.proposals[card], about.problem.cards[card]
        free = [row for row, found in enumerate(about.problem.rows) if found.rooms]
        if not free:
            return _("Nothing is free any more.")
        wished = [row for row in free if row in one.rows]
        if not wished:
            return _("Nothing is free at the time it wishes (%(wish)s).") % {
                "wish": self._wish(proposal)
            }
        seats = [room.seats for row in wished for room in about.problem.rows[row].rooms]
        if None not in seats and max(filter(None, seats), default=0) < one.size:
            words = _("It needs %(size)d seats, the largest free room has %(seats)d.")
            return words % {"size": one.size, "seats": max(filter(None, seats), default=0)}
        if all(one.hosts & about.problem.rows[row].hosts for row in wished):
            words = _("Whenever something is free, %(names)s is in another session.")
            return words % {"names": ", ".join(names(proposal.host).values())}
        if len(about.proposals) > about.places:
            return _("There are fewer free places than proposals, and others are wanted more.")
        return _("No free place suits its host, its size and its wishes.")

    def conflicts(self) -> list[str]:
        """Between which two sessions of a row most guests are torn, the worst first."""
        found = []
        for row, wanted in enumerate(self._rows):
            for (one, first), (other, second) in combinations(wanted, 2):
                both = len(first & second)
                if both and (one, other) not in self._fixed(row):
                    found.append((-both, row, one, other))
        said = []
        for both, row, one, other in sorted(found)[:MAX_CONFLICTS]:
            words = ngettext(
                "%(time)s: %(n)d guest wants both “%(one)s” and “%(other)s”.",
                "%(time)s: %(n)d guests want both “%(one)s” and “%(other)s”.",
                -both,
            )
            time = self._clock(self._about.periods[row].starts_at)
            said.append(words % {"time": time, "n": -both, "one": one, "other": other})
        return said

    def row(self, period: Period) -> str:
        start = timezone.localtime(period.starts_at, self._event.tz)
        end = timezone.localtime(period.ends_at, self._event.tz)
        return f"{start:%H:%M}–{end:%H:%M}"

    def _seats(self, card: int, room: int) -> str:
        proposal, seats = self._about.proposals[card], self._about.rooms[room].capacity
        if seats is None:
            return ""
        size = self._about.problem.cards[card].size
        if not size:
            return _("Nobody has been counted for it; %(seats)d seats.") % {"seats": seats}
        if proposal.hands is not None:
            words = ngettext(
                "%(n)d hand fits into %(seats)d seats.",
                "%(n)d hands fit into %(seats)d seats.",
                size,
            )
        else:
            words = ngettext(
                "%(n)d would come, %(seats)d seats.", "%(n)d would come, %(seats)d seats.", size
            )
        return words % {"n": size, "seats": seats}

    def _torn(self, card: int) -> str:
        heads, row = self._about.wished[card], self._placed.grid[card]
        if not heads:
            return ""
        title = self._about.proposals[card].title
        others = [(name, who & heads) for name, who in self._rows[row] if name != title]
        torn = len(frozenset().union(*(who for _name, who in others)))
        if not torn:
            return ngettext(
                "The one guest who would come is free at this time.",
                "Of %(all)d guests who would come, nobody wants anything else at this time.",
                len(heads),
            ) % {"all": len(heads)}
        rivals = sorted((one for one in others if one[1]), key=lambda one: -len(one[1]))
        named = ", ".join(f"“{name}” ({len(who)})" for name, who in rivals[:MAX_RIVALS])
        words = ngettext(
            "%(n)d of %(all)d guests who would come also wants: %(rivals)s.",
            "%(n)d of %(all)d guests who would come also want: %(rivals)s.",
            torn,
        )
        return words % {"n": torn, "all": len(heads), "rivals": named}

    def _wanted_in(self, row: int) -> list[tuple[str, Heads]]:
        """Title and guests of everything in a row: what stands there, then what is suggested."""
        about = self._about
        found = [
            (slot.session.title, about.interest[slot.session_id]) for slot in about.beside[row]
        ]
        return found + [
            (about.proposals[card].title, about.wished[card])
            for card, at in enumerate(self._placed.grid)
            if at == row
        ]

    def _fixed(self, row: int) -> set[tuple[str, str]]:
        """Pairs that stood there before: no suggestion makes them better or worse."""
        titles = [slot.session.title for slot in self._about.beside[row]]
        return set(combinations(titles, 2))

    def _wish(self, proposal: Proposal) -> str:
        return ", ".join(self._wishes(proposal))

    def _wishes(self, proposal: Proposal) -> Iterator[str]:
        if proposal.not_before is not None:
            yield _("not before %(time)s") % {"time": self._clock(proposal.not_before)}
        if proposal.not_after is not None:
            yield _("over by %(time)s") % {"time": self._clock(proposal.not_after)}

    def _clock(self, moment: datetime) -> str:
        return timezone.localtime(moment, self._event.tz).strftime("%H:%M")


def left_out(placed: Placement) -> list[int]:
    return [card for card, row in enumerate(placed.grid) if row == LOT]
