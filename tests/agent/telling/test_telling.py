"""When a notice is shown, why it waits, and what is kept of that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from fyraften_agent.store.store import Store
from fyraften_agent.telling.notices import Notice
from fyraften_agent.telling.telling import CHOICE, Moment, Telling, hourly_limit

T = 1_800_000_000
A, B, C, D = (Notice(f"pause:{letter}", letter, "a body") for letter in "ABCD")
LIMIT = Notice("stop_by:2026-01-13", "Stop by 20:00", "a body", deadline=T + 3600)


@dataclass
class Person:
    """Somebody at a desktop with a store of their own; what was shown is in ``seen``."""

    store: Store
    seen: list[str] = field(default_factory=list)
    has_desktop: bool = True
    asked: int = 0

    def __post_init__(self) -> None:
        self.telling = Telling(self.store.notices, self.store.choices, self.show)

    def show(self, notice: Notice) -> bool:
        self.seen.append(notice.title)
        return self.has_desktop

    def meet(
        self,
        *due: Notice,
        at: int = T,
        idle: float | None = 10,
        locked: bool = False,
        occupied: str | None = None,
    ) -> list[str]:
        """Judge at an instant; return what was shown of what is due and was not told."""
        before = len(self.seen)

        def answer() -> str | None:
            self.asked += 1
            return occupied

        self.telling.take([notice for notice in due if not self.store.notices.is_told(notice.key, at)], at)
        self.telling.deliver(Moment(at, locked, idle, answer))
        return self.seen[before:]

    def fate(self, notice: Notice = A) -> tuple[str, str | None, bool]:
        (kept,) = [one for one in self.store.notices.all() if one.key == notice.key]
        return kept.state, kept.held, kept.shown


@pytest.fixture
def person() -> Iterator[Person]:
    with Store.open(None) as store:
        yield Person(store)


def test_a_lull_is_the_moment(person: Person) -> None:
    assert person.meet(A) == ["A"]
    assert person.fate() == ("told", None, True)


@pytest.mark.parametrize(
    ("idle", "locked", "occupied", "reason"),
    [
        (4.9, False, None, "typing"),
        (300, False, None, "away"),
        (10, True, None, "locked"),
        (10, False, "call", "call"),
        (10, False, "full_screen", "full_screen"),
        (10, False, "do_not_disturb", "do_not_disturb"),
    ],
)
def test_what_would_disturb_or_be_missed_waits_and_is_shown_once_afterwards(
    person: Person, idle: float, locked: bool, occupied: str | None, reason: str
) -> None:
    at_first = person.meet(A, idle=idle, locked=locked, occupied=occupied)
    waiting = person.fate()
    later = [person.meet(A, at=T + minute * 60) for minute in (1, 2)]

    assert at_first == []
    assert waiting == ("waiting", reason, False)
    assert later == [["A"], []]
    assert person.fate() == ("told", reason, True)


def test_what_is_no_longer_true_by_then_is_not_shown(person: Person) -> None:
    person.meet(A, occupied="call")

    assert person.meet(at=T + 60) == []
    assert person.fate() == ("over", "call", False)


def test_what_becomes_true_again_is_told_after_all(person: Person) -> None:
    person.meet(A, occupied="call")
    person.meet(at=T + 60)

    assert person.meet(A, at=T + 120) == ["A"]


def test_who_types_without_a_breath_is_told_after_ten_minutes(person: Person) -> None:
    shown = [person.meet(A, at=T + minute * 60, idle=1) for minute in range(11)]

    assert shown == [[]] * 10 + [["A"]]


def test_where_input_is_not_known_nobody_waits_for_a_lull(person: Person) -> None:
    assert person.meet(A, idle=None) == ["A"]


def test_what_was_told_by_a_clock_that_ran_ahead_counts_in_no_hour_before_it(person: Person) -> None:
    a_year_ahead = T + 365 * 24 * 3600
    assert person.meet(A, B, LIMIT, at=a_year_ahead) == ["A", "B", "Stop by 20:00"]

    assert person.meet(C) == ["C"]


def test_three_an_hour_and_the_last_is_left_for_a_limit_that_is_near(person: Person) -> None:
    assert person.meet(A, B, C) == ["A", "B"]
    assert person.fate(C) == ("waiting", "hourly", False)
    assert person.meet(LIMIT, C, at=T + 60) == ["Stop by 20:00"]
    assert person.meet(C, D, at=T + 3599) == []
    assert person.meet(C, D, at=T + 3601) == ["C"]


@pytest.mark.parametrize(
    ("chosen", "limit"), [(None, 3), ("2", 2), ("6", 6), ("7", 3), ("1", 3), ("0", 3), ("many", 3)]
)
def test_the_choice_of_how_many_holds_within_bounds(chosen: str | None, limit: int) -> None:
    assert hourly_limit(chosen) == limit


def test_a_smaller_choice_holds(person: Person) -> None:
    person.store.choices.set(CHOICE, "2", T)

    assert person.meet(A, B) == ["A"]


def test_the_desktop_is_asked_once_and_only_when_something_could_be_shown(person: Person) -> None:
    person.meet()
    person.meet(A, idle=1)
    not_asked = person.asked
    person.meet(A, B, C, occupied="call")

    assert (not_asked, person.asked) == (0, 1)


def test_a_notice_that_is_put_off_comes_back_once_if_it_still_holds(person: Person) -> None:
    person.meet(A)
    person.store.notices.snooze(A.key, T + 1800, "on the phone")
    while_put_off = person.meet(A, at=T + 60)
    (kept,) = person.store.notices.all()
    back = [person.meet(A, at=T + 1800 + second) for second in (0, 60)]

    assert while_put_off == []
    assert (kept.state, kept.snoozed_until, kept.snooze_reason) == ("snoozed", T + 1800, "on the phone")
    assert back == [["A"], []]


def test_a_notice_that_is_put_off_and_over_by_then_is_told_no_more(person: Person) -> None:
    person.meet(A)
    person.store.notices.snooze(A.key, T + 1800, None)
    person.meet(at=T + 1900)

    assert person.fate()[0] == "over"


def test_a_notice_that_waits_may_be_put_off(person: Person) -> None:
    person.meet(A, occupied="call")
    person.store.notices.snooze(A.key, T + 1800, None)

    assert person.meet(A, at=T + 60) == []
    assert person.meet(A, at=T + 1801) == ["A"]


def test_what_no_desktop_took_is_told_once_all_the_same(person: Person) -> None:
    person.has_desktop = False

    assert person.meet(A) == ["A"]
    assert person.meet(A, at=T + 60) == []
    assert person.fate() == ("told", None, False)


def test_after_a_crash_while_it_is_shown_it_is_not_shown_again(person: Person) -> None:
    def crash(notice: Notice) -> bool:
        raise KeyboardInterrupt

    telling = Telling(person.store.notices, person.store.choices, crash)
    telling.take([A], T)
    with pytest.raises(KeyboardInterrupt):
        telling.deliver(Moment(T, False, 10, lambda: None))

    assert person.meet(A, at=T + 60) == []


@pytest.mark.parametrize(
    ("idle", "locked", "occupied", "waits_for_lull", "retry_at"),
    [
        (1, False, None, True, T + 600),
        (400, False, None, True, None),
        (10, True, None, True, None),
        (10, False, "call", False, T + 120),
    ],
)
def test_when_to_try_again_depends_on_what_it_waits_for(
    person: Person, idle: float, locked: bool, occupied: str | None, waits_for_lull: bool, retry_at: int | None
) -> None:
    person.meet(A, idle=idle, locked=locked, occupied=occupied)

    assert person.telling.waits_for_lull is waits_for_lull
    assert person.telling.retry_at(T) == retry_at


def test_with_nothing_waiting_there_is_nothing_to_try_again(person: Person) -> None:
    person.meet(A)

    assert (person.telling.waits_for_lull, person.telling.retry_at(T)) == (False, None)
