"""The sender starts never twice within half a minute."""

from __future__ import annotations

from fyraften_agent.processes.send_times import SENDER_SECONDS, SendTimes


def test_what_comes_too_early_is_due_later() -> None:
    times = SendTimes()

    assert times.may_start(100.0, is_running=False)
    assert not times.may_start(101.0, is_running=False)
    assert times.due == 100.0 + SENDER_SECONDS
    assert times.may_start(100.0 + SENDER_SECONDS, is_running=False)
    assert times.due is None


def test_while_it_runs_nothing_is_due() -> None:
    times = SendTimes()
    times.may_start(100.0, is_running=False)
    times.may_start(101.0, is_running=False)

    assert not times.may_start(131.0, is_running=True)
    assert times.due is None
