"""What the collector and the process that judges tell each other."""

from __future__ import annotations

import pytest

from fyraften_agent.processes.known import Judged, Known, SourceTrouble, judged_of, known_of


@pytest.mark.parametrize(
    "known",
    [
        Known(),
        Known(1_768_300_000, "a" * 64, SourceTrouble(1_768_300_000, "Skærmen er væk."), is_purge_due=True),
    ],
)
def test_what_is_known_comes_back_from_one_line(known: Known) -> None:
    line = known.as_line()

    assert "\n" not in line
    assert known_of(line) == known


@pytest.mark.parametrize("judged", [Judged(), Judged(1_768_300_060, is_purged=True)])
def test_what_came_of_judging_comes_back_from_its_event(judged: Judged) -> None:
    assert judged_of(judged.as_event()) == judged


def test_what_is_no_event_of_judging_says_nothing() -> None:
    assert judged_of({"again_at": "soon", "is_purged": 1}) == Judged()
