"""What the supervisor says of itself: in which state it is, in one word and one sentence. Standard library only.

Not here: what follows from a state (``supervisor``), and how a view shows it (``recording.state``).
"""

from __future__ import annotations

from fyraften_agent.processes.control import Document
from fyraften_agent.processes.pauses import Pause
from fyraften_agent.processes.restarts import Restarts
from fyraften_policy.languages import Translate, mark

_PAUSED = {
    "pause": mark("Recording is paused."),
    "private": mark("Private time: nothing is recorded."),
    "hours": mark("Outside your recording hours: nothing is recorded."),
}


def state_and_words(
    *, is_over: bool, pause: Pause | None, has_collector: bool, source: Document, failures: int, _: Translate
) -> tuple[str, str | None]:
    """Return the state and, where a person in front wants to know, the sentence.

    Args:
        is_over: consent is gone; what still runs asks services to erase.
        source: what the collector said last of its source of input.
        failures: how often the collector has ended unexpectedly.
    """
    if is_over:
        return "off", None
    if pause is not None:
        return "paused", _(_PAUSED[pause.kind])
    if source.get("state") == "live" and has_collector:
        return "recording", _("Recording. Ctrl-C ends it.")
    if source.get("state") in ("failed", "none") or failures > 1:
        return "failed", _("Nothing is recorded now: {reason}").format(reason=source.get("reason"))
    return "starting", None


def state_shown(before: Document, state: str, pause: Pause | None, source: Document, now: int) -> Document:
    """Return what every view is told of the state, the pause and the source of input.

    Args:
        before: what was told last; as long as the state is the same one, it holds since the same instant.
        source: what the collector said last of its source of input.
    """
    kind = None if pause is None else pause.kind
    is_same = (before.get("state"), before.get("paused_for")) == (state, kind)
    return {
        "state": state,
        "since": before.get("since") if is_same else now,
        "paused_until": None if pause is None else pause.until,
        "paused_for": kind,
        **_source_shown(source),
    }


def _source_shown(source: Document) -> Document:
    return {
        "source": source.get("name"),
        "source_state": source.get("state"),
        "reason": source.get("reason"),
        "refused": source.get("refused") or [],
    }


def no_consent(_: Translate) -> str:
    """Say that nothing runs without consent."""
    return _("Nothing is recorded without your consent. Give it with: fyraften consent give recording")


def not_verified(code: int, _: Translate) -> str:
    """Say that the ledger could not be believed."""
    return _(
        "The consent ledger could not be verified (exit code {code}), so nothing is recorded. See: fyraften doctor"
    ).format(code=code)


def source_that_ended(code: int, restarts: Restarts, _: Translate) -> Document:
    """Return the state of the source of a collector that crashed: why, and where it is so, that none is started."""
    reason = why_it_ended(code, restarts if restarts.waits is None else None, _)
    return {"name": None, "state": "ended", "reason": reason}


def why_it_ended(code: int, restarts: Restarts | None, _: Translate) -> str:
    """Say that the collector crashed; and, where ``restarts`` is given, when it is started again, or that it is not."""
    reason = _("The collector ended unexpectedly (exit code {code}).").format(code=code)
    if restarts is None or restarts.waits == 0:
        return reason
    if restarts.waits is None:
        again = _(
            "It ended {count} times in a row and is not started again by itself. See: fyraften doctor. "
            "To try again: fyraften resume"
        ).format(count=restarts.in_a_row)
    else:
        again = _("It is started again in {seconds} seconds.").format(seconds=round(restarts.waits))
    return f"{reason} {again}"
