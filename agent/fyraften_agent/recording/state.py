"""Whether the agent records just now, in one value and one sentence: the visible state that every view shows.

Asks the supervisor over its control channel; without one, recording is off. Writes nothing.
Not here: consent, which is shown beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fyraften_agent.clock import Clock
from fyraften_agent.paths import Paths
from fyraften_agent.processes import control
from fyraften_agent.processes.pauses import pause_to_heed
from fyraften_agent.shown.wording import time_near
from fyraften_policy.languages import Translate, mark

RECORDING, PAUSED, STARTING, FAILED, OFF = "recording", "paused", "starting", "failed", "off"


@dataclass(frozen=True)
class RecordingState:
    """What the agent does now.

    Attributes:
        since: instant from which it is so; ``None`` where nobody knows.
        until: end of the pause, ``None`` without a pause or for one without an end.
        source: what senses input, and whether it works (``live``, ``failed``, ``none``).
        reason: why nothing is recorded, in words.
        refused: why better sources are not used, a sentence each.
        trouble: why nothing can be written now, ``full`` or ``locked``; what is measured waits in memory.
        pause_is_set: recording is off, and would be paused if it were started.
        paused_for: what the pause is: ``pause``, ``private`` or ``hours``; ``None`` without one.
        processes: numbers of the agent's running processes, by what they are.
        sandbox: by process, what it said at its start of what the kernel enforces: ``held`` and ``lacking``.
    """

    state: str
    since: int | None = None
    until: int | None = None
    source: str | None = None
    source_state: str | None = None
    reason: str | None = None
    processes: tuple[tuple[str, int], ...] = ()
    pause_is_set: bool = False
    refused: tuple[str, ...] = ()
    trouble: str | None = None
    paused_for: str | None = None
    sandbox: Mapping[str, Any] = field(default_factory=dict)

    @property
    def lacking(self) -> tuple[str, ...]:
        """What the kernel does not enforce for a process that was started, by the names of ``sandbox.GUARDS``."""
        reports = (report for report in self.sandbox.values() if isinstance(report, dict))
        return tuple(sorted({str(name) for report in reports for name in report.get("lacking") or ()}))


def look_at_recording(paths: Paths, clock: Clock) -> RecordingState:
    """Return what the agent does now."""
    answer = control.ask(paths, "state") if paths.folder.exists() else None
    if answer is None:
        pause = pause_to_heed(paths.work, clock.now())
        if pause is None:
            return RecordingState(OFF)
        return RecordingState(OFF, until=pause.until, pause_is_set=True, paused_for=pause.kind)
    pids = {name: _number(answer, f"{name}_pid") for name in ("supervisor", "collector", "sender")}
    return RecordingState(
        state=_text(answer, "state") or FAILED,
        since=_number(answer, "since"),
        until=_number(answer, "paused_until"),
        source=_text(answer, "source"),
        source_state=_text(answer, "source_state"),
        reason=_text(answer, "reason"),
        refused=_texts(answer, "refused"),
        trouble=_text(answer, "trouble"),
        paused_for=_text(answer, "paused_for"),
        processes=tuple((name, pid) for name, pid in pids.items() if pid is not None),
        sandbox=_document(answer, "sandbox"),
    )


_SENTENCES = {
    (RECORDING, False): mark("Recording since {since}."),
    (PAUSED, False): mark("Paused since {since}, until you resume. Nothing is recorded."),
    (PAUSED, True): mark("Paused since {since}, until {until}. Nothing is recorded."),
    (STARTING, False): mark("Starting. Nothing is recorded yet."),
    (FAILED, False): mark("Nothing is recorded: {reason}"),
    (OFF, False): mark("Off. Nothing is recorded."),
    (OFF, True): mark("Off. Nothing is recorded, and if started it stays paused until {until}."),
}
_OFF_AND_PAUSED = mark("Off. Nothing is recorded, and if started it stays paused until you write: fyraften resume")
# A pause of another kind, by the state, the kind, and whether it has an end.
_OTHER_PAUSES = {
    (PAUSED, "private", False): mark("Private time since {since}, until you resume. Nothing is recorded."),
    (PAUSED, "private", True): mark("Private time since {since}, until {until}. Nothing is recorded."),
    (PAUSED, "hours", True): mark("Outside your recording hours, until {until}. Nothing is recorded."),
    (OFF, "private", False): mark(
        "Off. Nothing is recorded, and if started it stays private time until you write: fyraften resume"
    ),
    (OFF, "private", True): mark("Off. Nothing is recorded, and if started it stays private time until {until}."),
    (OFF, "hours", True): mark(
        "Off. Nothing is recorded, and if started it waits for your recording hours at {until}."
    ),
}


def recording_sentence(state: RecordingState, zone: str, now: int, _: Translate) -> str:
    """Return the state in one sentence."""
    sentence = _SENTENCES.get((state.state, state.until is not None)) or _SENTENCES[(state.state, False)]
    if state.state == OFF and state.pause_is_set and state.until is None:
        sentence = _OFF_AND_PAUSED
    sentence = _OTHER_PAUSES.get((state.state, state.paused_for or "", state.until is not None), sentence)
    return _(sentence).format(
        since="?" if state.since is None else time_near(state.since, zone, now),
        until="" if state.until is None else time_near(state.until, zone, now),
        reason=state.reason or _("the reason is not known"),
    )


_TROUBLES = {
    "full": mark("The disk is full: what is measured waits in memory and is written when there is room."),
    "locked": mark("Another program holds the records: what is measured waits in memory and is written later."),
}


def trouble_sentence(state: RecordingState, _: Translate) -> str | None:
    """Return why nothing can be written now, in one sentence."""
    words = None if state.trouble is None or state.state != RECORDING else _TROUBLES.get(state.trouble)
    return None if words is None else _(words)


def _text(answer: control.Document, name: str) -> str | None:
    value = answer.get(name)
    return value if isinstance(value, str) else None


def _texts(answer: control.Document, name: str) -> tuple[str, ...]:
    values = answer.get(name)
    return tuple(value for value in values if isinstance(value, str)) if isinstance(values, list) else ()


def _document(answer: control.Document, name: str) -> Mapping[str, Any]:
    value = answer.get(name)
    return value if isinstance(value, dict) else {}


def _number(answer: control.Document, name: str) -> int | None:
    value = answer.get(name)
    return value if isinstance(value, int) else None
