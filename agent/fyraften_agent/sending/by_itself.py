"""Reports that leave by themselves after 48 hours, where the person chose that, and where they carry no name.

Off until chosen, and off again after every new consent. The choice is an event of the consent ledger, so no setting and
no service can make it. A report is told of on the day before it leaves; one of which nobody could be told waits for
another day. ``hold`` keeps it back as ever.
Not here: asking the person (``cli/outbox_by_itself.py``), and showing notices (``telling/telling.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from fyraften_agent.consent.ledger import Event
from fyraften_agent.sending.leaving_times import DAY_SECONDS, send_time
from fyraften_agent.sending.outbox import HELD, Item, Outbox
from fyraften_policy import wire
from fyraften_policy.languages import mark

HOLD_SECONDS = 48 * 3600
CHOICE = "by_itself"
# Told so long before that a working day's rest or a night lies between.
_TOLD_BEFORE_SECONDS = 12 * 3600
CHOICE_WORDS = {
    True: mark("Reports leave by themselves after two days: {purpose}."),
    False: mark("Reports leave only when you approve them: {purpose}."),
}
_ENDS_CHOICE = ("given", "refused", "withdrawn", "expired")


@dataclass(frozen=True)
class Leaving:
    """A held report that leaves by itself at ``at`` unless it is kept back."""

    number: int
    report: str
    period: str
    at: int

    @property
    def key(self) -> str:
        """The matter under which it is told."""
        return f"leaves:{self.number}"


def may_be_chosen(purpose: str) -> bool:
    """Say whether reports of a purpose may leave by themselves: none that carries a name."""
    return purpose in wire.purposes() and wire.report_for(purpose).has_cell


def is_chosen(events: Iterable[Event], purpose: str) -> bool:
    """Say whether the person chose it under the consent that is the latest."""
    chosen = False
    for event in events:
        if event.purpose == purpose and event.kind in _ENDS_CHOICE:
            chosen = False
        elif event.purpose == purpose and CHOICE in event.details:
            chosen = event.details[CHOICE] is True
    return chosen and may_be_chosen(purpose)


def leaving(items: Iterable[Item], is_on: Callable[[str], bool]) -> list[Leaving]:
    """Return the held reports whose moment is set, of the purposes for which it is chosen."""
    return [
        Leaving(item.id, item.report, item.period, item.next_try_at)
        for item in items
        if item.state == HELD and not item.kept_back and item.next_try_at is not None and is_on(item.purpose)
    ]


def is_to_be_told(one: Leaving, now: int) -> bool:
    """Say whether it is the day before a report leaves."""
    return one.at - DAY_SECONDS <= now < one.at


def let_leave(
    outbox: Outbox,
    is_on: Callable[[str], bool],
    told_at: Callable[[str], int | None],
    slot: int,
    now: int,
    randomness: Callable[[], float],
) -> None:
    """Set the moment of every held report that may leave by itself, and approve those whose moment has come.

    Args:
        is_on: whether that is chosen for a purpose, under a consent that holds.
        told_at: when a matter was told, ``None`` where it was not.
        slot: this laptop's second of the week.
    """
    for item in outbox.items(HELD):
        if item.kept_back or not is_on(item.purpose):
            continue
        if item.next_try_at is None:
            earliest = max(item.prepared_at + HOLD_SECONDS, now + DAY_SECONDS)
            outbox.put_off(item.id, send_time(item, slot, earliest, randomness))
        elif item.next_try_at <= now:
            told = told_at(f"leaves:{item.id}")
            if told is not None and told <= item.next_try_at - _TOLD_BEFORE_SECONDS:
                outbox.approve(item.id, now, item.next_try_at)
            else:
                outbox.put_off(item.id, send_time(item, slot, now + DAY_SECONDS, randomness))
