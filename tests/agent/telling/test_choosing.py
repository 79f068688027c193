"""What may be chosen at a notice, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from fakes import FakeClock
from fyraften_agent.errors import InputError
from fyraften_agent.store.store import Store
from fyraften_agent.telling.choosing import choices_at, choose, figures, later_than
from fyraften_agent.telling.chosen import act, notice_of
from fyraften_agent.telling.notices import Notice
from fyraften_policy.evaluate import evaluate
from fyraften_policy.facts import read_facts

T = 1_800_000_000
STOP = Notice("stop_by:2026-01-13", "Stop by 20:00", "a body", deadline=T + 1200, rule="dk.rest.daily")
SCREEN = Notice("screen_soon:2026-W05", "Close", "a body", rule="dk.screen.home")
PLACE = Notice("place:5f3a", "Where are you working?", "a body")


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open(None) as store:
        yield store


@pytest.mark.parametrize(
    ("notice", "names"),
    [
        (STOP, ["pause", "later", "why"]),
        (SCREEN, ["later", "why"]),
        (PLACE, ["place:home", "place:fixed_site", "place:elsewhere", "later"]),
        (Notice("was_work:4", "", ""), ["work", "no_work", "later"]),
        (Notice("sent:2026-W02", "", ""), []),
        (Notice("source:2026-01-13", "", ""), []),
    ],
)
def test_each_matter_has_its_choices(notice: Notice, names: list[str]) -> None:
    choices = choices_at(notice, str)

    assert [choice.name for choice in choices] == names
    assert all(choice.label for choice in choices)


@pytest.mark.parametrize(("left", "seconds"), [(None, 1800), (86400, 1800), (1200, 600), (100, 60), (-5, 60)])
def test_later_is_half_an_hour_or_half_of_what_is_left(left: int | None, seconds: int) -> None:
    notice = Notice("stop_by:x", "", "", deadline=None if left is None else T + left)

    assert later_than(notice, T) == T + seconds


def test_later_puts_the_matter_off(store: Store) -> None:
    store.notices.tell(STOP.key, STOP.text, T, shown=True)
    choose(store, STOP, "later", T)

    (kept,) = store.notices.all()
    assert (kept.state, kept.snoozed_until, kept.snooze_reason) == ("snoozed", T + 600, None)


def test_a_place_is_said_with_one_click(store: Store) -> None:
    choose(store, PLACE, "place:home", T)

    place = store.place_for("5f3a")
    assert place is not None
    assert place.kind == "home"


@pytest.mark.parametrize(("name", "expected"), [("work", [True]), ("no_work", [])])
def test_what_a_session_was_is_said_with_one_click(store: Store, name: str, expected: list[bool]) -> None:
    number = store.add_session(T, T + 600, "Europe/Copenhagen", "home", None, False, T)
    choose(store, Notice(f"was_work:{number}", "", ""), name, T + 700)

    assert [session.confirmed for session in store.sessions(T, T + 600)] == expected


def test_what_is_gone_is_told(store: Store) -> None:
    with pytest.raises(InputError):
        choose(store, Notice("was_work:77", "", ""), "work", T)


def test_what_nobody_offered_changes_nothing(store: Store) -> None:
    choose(store, STOP, "format the disk", T)

    assert store.notices.all() == []


def judged(*work: dict[str, Any]) -> Any:
    facts = {
        "jurisdiction": "DK",
        "zone": "Europe/Copenhagen",
        "work": list(work),
        "public_holidays": [],
        "at": "2026-01-14T12:00",
        "period": {"start": "2026-01-12", "end": "2026-01-19"},
    }
    return evaluate(read_facts(facts))


def test_why_is_answered_with_the_arithmetic_of_the_worst_of_the_latest() -> None:
    answer = judged(
        {"start": "2026-01-13T08:00", "end": "2026-01-13T23:00"},
        {"start": "2026-01-14T07:00", "end": "2026-01-14T09:00"},
    )
    notice = figures(STOP, "dk.rest.daily", answer, str, str)

    assert notice.title == "Daily rest"
    assert "8 h" in notice.body
    assert notice.body.endswith("\nAll of it: fyraften why dk.rest.daily")
    assert len(notice.body) < 700


def test_why_says_so_where_there_is_nothing_to_judge() -> None:
    notice = figures(SCREEN, "dk.screen.home.unheard", judged(), str, str)

    assert notice.body.startswith("So far there is nothing to judge.")


def test_the_process_behind_a_button_knows_the_notice_again() -> None:
    assert notice_of(STOP.as_document()) == STOP
    assert notice_of(PLACE.as_document()) == PLACE


def test_why_shows_and_changes_nothing(store: Store) -> None:
    shown: list[Notice] = []

    def show(notice: Notice) -> bool:
        shown.append(notice)
        return True

    act(store, STOP, "why", FakeClock(T), show, str, str)

    assert [notice.key for notice in shown] == ["why:stop_by:2026-01-13"]
    assert store.notices.all() == []
