"""A bumped mouse at night, and a call: asked about once, and unconfirmed until answered. On a simulated laptop."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from fakes import ZONE, FakeLaptop
from fyraften_agent.facts import facts_document
from fyraften_agent.store.store import Session, Store
from fyraften_policy.evaluate import evaluate
from fyraften_policy.facts import read_facts
from fyraften_policy.periods import parse_instant

ALWAYS = 2**40


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[FakeLaptop]:
    """A laptop on which somebody worked on Monday afternoon, and bumped the mouse at three at night."""
    with Store.open(tmp_path / "work.sqlite3") as store:
        made = FakeLaptop(store)
        made.start()
        made.idle_until("2026-11-16T14:00")
        made.work_until("2026-11-16T20:00")
        made.idle_until("2026-11-17T03:00")
        made.work(180)
        made.idle_until("2026-11-17T08:00")
        yield made


def bump(laptop: FakeLaptop) -> Session:
    return laptop.store.sessions(parse_instant("2026-11-17T02:00", ZONE), parse_instant("2026-11-17T04:00", ZONE))[0]


def questions(laptop: FakeLaptop) -> list[str]:
    laptop.pause_for_breath()
    return [notice.body for notice in laptop.told if notice.key.startswith("was_work:")]


def daily_rest(laptop: FakeLaptop) -> str:
    day = date(2026, 11, 17)
    document = facts_document(laptop.store, at=laptop.clock.now(), zone=ZONE, first=day, last=day)
    return evaluate(read_facts(document)).summary["dk.rest.daily"]


def test_a_bump_in_a_rest_is_asked_about_once_when_the_person_is_at_work_again(laptop: FakeLaptop) -> None:
    at_night = questions(laptop)
    laptop.work(600)
    at_first = questions(laptop)
    laptop.work(600)
    asked = questions(laptop)
    laptop.work(7200)

    assert at_night == at_first == []
    assert len(asked) == len(questions(laptop)) == 1
    assert f"fyraften log edit {bump(laptop).id} --work" in asked[0]
    assert "2026-11-17, 03:00–03:02" in asked[0]


def test_until_it_is_answered_it_is_unconfirmed_and_a_question_to_the_rules(laptop: FakeLaptop) -> None:
    laptop.work(3600)
    unanswered = (bump(laptop).confirmed, daily_rest(laptop))
    laptop.store.confirm(bump(laptop).id, laptop.clock.now())
    as_work = (bump(laptop).confirmed, daily_rest(laptop))
    laptop.store.remove_session(bump(laptop).id, laptop.clock.now())

    assert unanswered == (False, "attention")
    assert as_work == (True, "broken")
    assert daily_rest(laptop) == "met"


def test_what_was_answered_is_not_asked_about(laptop: FakeLaptop) -> None:
    laptop.store.confirm(bump(laptop).id, laptop.clock.now(), confirmed=False)
    laptop.work(1800)

    assert questions(laptop) == []


def test_a_call_is_asked_about_when_it_is_over(laptop: FakeLaptop) -> None:
    laptop.store.remove_session(bump(laptop).id, laptop.clock.now())
    laptop.work(3600)
    laptop.screen.is_kept_awake = True
    laptop.idle(3600)
    during = questions(laptop)
    laptop.screen.is_kept_awake = False
    laptop.work(1800)
    (asked,) = questions(laptop)

    assert during == []
    assert "kept awake" in asked
