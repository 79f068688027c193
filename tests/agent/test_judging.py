"""Judging on a simulated desk: what is told, what is seen ahead, and what the collector makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fakes import ZONE, FakeLaptop
from fyraften_agent.consent.notices import Refused
from fyraften_agent.processes.known import Judged, Known
from fyraften_agent.sending.preparing import Sending
from fyraften_agent.store.mendings import Mending, record_mending
from fyraften_agent.store.store import Store
from fyraften_policy.periods import parse_instant


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[FakeLaptop]:
    """A laptop on which somebody is at work on Tuesday morning; what was before the night is known."""
    with Store.open(tmp_path / "work.sqlite3") as store:
        made = FakeLaptop(store)
        made.start()
        made.sleep_until("2026-11-17T08:00")
        made.work(10)
        yield made


def at(local: str) -> int:
    return parse_instant(local, ZONE)


def test_what_comes_due_before_the_next_judgement_is_seen_ahead_to_the_minute(laptop: FakeLaptop) -> None:
    laptop.work_until("2026-11-17T08:42")
    working_since = laptop.store.sessions(0, at("2026-11-18T00:00"))[0].start

    judged = laptop.judge.run(Known(working_since))

    # The advice on pauses is due after fifty minutes, and nothing else is before.
    assert judged.again_at == at("2026-11-17T08:51")
    assert not any(notice.key.startswith("pause:") for notice in laptop.told)


def test_where_nothing_is_in_sight_nothing_is_seen_ahead(laptop: FakeLaptop) -> None:
    laptop.work_until("2026-11-17T08:20")

    assert laptop.judge.run(Known(at("2026-11-17T08:00"))).again_at is None


def test_the_advice_comes_in_its_minute_though_work_is_judged_every_ten(laptop: FakeLaptop) -> None:
    told_at: list[int] = []
    judged_at: list[int] = []
    judge = laptop.judge.run

    def noted(known: Known) -> Judged:
        judged_at.append(laptop.clock.now())
        before = len(laptop.told)
        judged = judge(known)
        told_at.extend(laptop.clock.now() for notice in laptop.told[before:] if notice.key.startswith("pause:"))
        return judged

    laptop.have_judged = noted
    while laptop.clock.now() < at("2026-11-17T09:00"):
        laptop.work(50)
        laptop.idle(10)
        laptop.collector.evaluate()

    (told,) = told_at
    assert at("2026-11-17T08:50") <= told <= at("2026-11-17T08:52")
    assert len(judged_at) <= 15


def test_that_the_agreed_hours_are_left_behind_is_told_in_its_minute(laptop: FakeLaptop) -> None:
    hours = {"normal_hours": {"tue": [["08:00", "12:00"]]}}
    laptop.store.record_agreement({"jurisdiction": "DK", "agreement": hours, "absences": [], "parameters": {}}, 0)
    laptop.work_until("2026-11-17T11:55")
    told_at = None
    while laptop.clock.now() < at("2026-11-17T12:30"):
        laptop.work(50)
        laptop.idle(10)
        laptop.collector.evaluate()
        if told_at is None and any(notice.key.startswith("out_of_hours:") for notice in laptop.told):
            told_at = laptop.clock.now()

    assert told_at is not None
    assert at("2026-11-17T12:10") <= told_at <= at("2026-11-17T12:12")


def test_a_new_session_is_judged_at_once(laptop: FakeLaptop) -> None:
    laptop.collector.evaluate()
    laptop.idle(20 * 60)
    laptop.collector.evaluate()
    laptop.work(10)

    assert laptop.collector.evaluate() is not None


def test_a_router_that_is_silent_for_a_while_is_no_reason_to_judge(laptop: FakeLaptop) -> None:
    laptop.network = b"router"
    laptop.work(70)
    first = laptop.collector.evaluate()
    laptop.network = None
    laptop.work(70)
    silent = laptop.collector.evaluate()
    laptop.network = b"router"
    laptop.work(70)
    again = laptop.collector.evaluate()
    laptop.network = b"another"
    laptop.work(70)

    assert first is not None
    assert silent is None
    assert again is None
    assert laptop.collector.evaluate() is not None


def test_what_could_not_be_judged_is_tried_again_after_ten_minutes(laptop: FakeLaptop) -> None:
    judge = laptop.have_judged
    laptop.have_judged = lambda known: None  # it crashed
    failed = laptop.collector.evaluate()
    laptop.have_judged = judge
    laptop.idle(60)
    soon = laptop.collector.evaluate()
    laptop.idle(540)

    assert failed is None
    assert soon is None
    assert laptop.collector.evaluate() is not None


def test_damage_is_told_once_and_at_a_quiet_moment(laptop: FakeLaptop) -> None:
    now = laptop.clock.now()
    record_mending(
        laptop.store.file, Mending(now - 600, "work.damaged-1.sqlite3", 40, 2, ("2026-11-16",), paused=False)
    )

    waits = laptop.judge.run(Known(now, idle_seconds=0.0))
    while_typing = [notice.key for notice in laptop.told]
    laptop.judge.run(Known(now, idle_seconds=6.0))
    laptop.judge.run(Known(now, idle_seconds=6.0))

    assert (waits.waits_for_lull, while_typing) == (True, [])
    (notice,) = [notice for notice in laptop.told if notice.key == f"mended:{now - 600}"]
    assert notice.title == "Your records were damaged"
    assert "40 rows were saved, 2 were lost" in notice.body
    assert str((laptop.store.file.path or Path()).with_name("work.damaged-1.sqlite3")) in notice.body


def test_rules_that_were_refused_are_told_once_each_and_with_the_reason(laptop: FakeLaptop) -> None:
    def refused(mark: str) -> None:
        rules = Refused(mark, "Havn A/S", "they allow smaller groups than you agreed to")
        laptop.judge._desk = replace(
            laptop.judge._desk, sending=lambda now, zone: Sending(True, (), (), refused=(rules,))
        )

    laptop.start()
    for rules in ("a" * 16, "a" * 16, "b" * 16):
        refused(rules)
        laptop.work(120)
        laptop.pause_for_breath()
        laptop.idle(2 * 3600)
    told = [one for one in laptop.told if one.key.startswith("rules_refused:")]

    assert [one.key[-1] for one in told] == ["a", "b"]
    assert "Havn A/S" in told[0].body
    assert "they allow smaller groups than you agreed to" in told[0].body
