"""Whether the agent records just now."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent_records import NOW, ZONE, FixedClock, small_home
from fyraften_agent.processes import control
from fyraften_agent.recording.state import RecordingState, look_at_recording, recording_sentence
from fyraften_agent.store.store import Store

CLOCK = FixedClock(NOW)


def test_without_a_supervisor_recording_is_off(tmp_path: Path) -> None:
    assert look_at_recording(small_home(tmp_path), CLOCK) == RecordingState("off")


def test_a_pause_that_still_holds_is_known_also_while_off(tmp_path: Path) -> None:
    paths = small_home(tmp_path)
    paths.prepare()
    with Store.open(paths.work) as store:
        store.pause(CLOCK.now() - 60, CLOCK.now() + 600)

    assert look_at_recording(paths, CLOCK).until == CLOCK.now() + 600


def test_a_pause_without_end_is_known_while_off(tmp_path: Path) -> None:
    paths = small_home(tmp_path)
    paths.prepare()
    with Store.open(paths.work) as store:
        store.pause(CLOCK.now() - 60, None)

    assert look_at_recording(paths, CLOCK) == RecordingState("off", pause_is_set=True, paused_for="pause")


def test_the_supervisor_s_answer_is_taken_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = {
        "state": "recording",
        "since": 1000,
        "paused_until": None,
        "paused_for": None,
        "source": "pynput",
        "source_state": "live",
        "reason": None,
        "refused": ["gnome: not GNOME", 7],
        "supervisor_pid": 11,
        "collector_pid": 12,
        "sender_pid": None,
    }
    monkeypatch.setattr(control, "ask", lambda paths, command: answer)
    small_home(tmp_path).prepare()

    state = look_at_recording(small_home(tmp_path), CLOCK)

    assert state == RecordingState(
        "recording",
        since=1000,
        source="pynput",
        source_state="live",
        processes=(("supervisor", 11), ("collector", 12)),
        refused=("gnome: not GNOME",),
    )


def test_an_answer_that_says_nothing_is_a_failure_not_a_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control, "ask", lambda paths, command: {"state": 3, "since": "x"})
    small_home(tmp_path).prepare()

    assert look_at_recording(small_home(tmp_path), CLOCK).state == "failed"


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (RecordingState("recording", since=CLOCK.now() - 60), "Recording since 15:29."),
        (RecordingState("paused", since=CLOCK.now()), "Paused since 15:30, until you resume. Nothing is recorded."),
        (
            RecordingState("paused", since=CLOCK.now(), until=CLOCK.now() + 60),
            "Paused since 15:30, until 15:31. Nothing is recorded.",
        ),
        (RecordingState("failed", reason="The display is gone."), "Nothing is recorded: The display is gone."),
        (RecordingState("starting", until=5), "Starting. Nothing is recorded yet."),
        (
            RecordingState("off", pause_is_set=True),
            "Off. Nothing is recorded, and if started it stays paused until you write: fyraften resume",
        ),
        (
            RecordingState("off", until=CLOCK.now() + 60, pause_is_set=True),
            "Off. Nothing is recorded, and if started it stays paused until 15:31.",
        ),
        (RecordingState("off"), "Off. Nothing is recorded."),
        (
            RecordingState("paused", since=CLOCK.now(), paused_for="pause"),
            "Paused since 15:30, until you resume. Nothing is recorded.",
        ),
        (
            RecordingState("paused", since=CLOCK.now(), paused_for="private"),
            "Private time since 15:30, until you resume. Nothing is recorded.",
        ),
        (
            RecordingState("paused", since=CLOCK.now(), until=CLOCK.now() + 60, paused_for="private"),
            "Private time since 15:30, until 15:31. Nothing is recorded.",
        ),
        (
            RecordingState("paused", since=CLOCK.now(), until=CLOCK.now() + 60, paused_for="hours"),
            "Outside your recording hours, until 15:31. Nothing is recorded.",
        ),
        (
            RecordingState("off", pause_is_set=True, paused_for="private"),
            "Off. Nothing is recorded, and if started it stays private time until you write: fyraften resume",
        ),
        (
            RecordingState("off", until=CLOCK.now() + 60, pause_is_set=True, paused_for="private"),
            "Off. Nothing is recorded, and if started it stays private time until 15:31.",
        ),
        (
            RecordingState("off", until=CLOCK.now() + 60, pause_is_set=True, paused_for="hours"),
            "Off. Nothing is recorded, and if started it waits for your recording hours at 15:31.",
        ),
    ],
)
def test_every_state_has_its_sentence(state: RecordingState, sentence: str) -> None:
    assert recording_sentence(state, ZONE, CLOCK.now(), str) == sentence
