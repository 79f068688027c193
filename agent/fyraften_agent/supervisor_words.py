"""What the supervisor says of itself: in which state it is, in one word and one sentence. Standard library only.

Not here: what follows from a state (``supervisor``), and how a view shows it (``recording_state``).
"""

from __future__ import annotations

from fyraften_agent.control import Document
from fyraften_agent.restarts import Restarts
from fyraften_policy.languages import Translate


def state_and_words(
    *, is_over: bool, is_paused: bool, has_collector: bool, source: Document, failures: int, _: Translate
) -> tuple[str, str | None]:
    """Return the state and, where a person in front wants to know, the sentence.

    Args:
        is_over: consent is gone; what still runs asks services to erase.
        source: what the collector said last of its source of input.
        failures: how often the collector has ended unexpectedly.
    """
    if is_over:
        return "off", None
    if is_paused:
        return "paused", _("Recording is paused.")
    if source.get("state") == "live" and has_collector:
        return "recording", _("Recording. Ctrl-C ends it.")
    if source.get("state") in ("failed", "none") or failures > 1:
        return "failed", _("Nothing is recorded now: {reason}").format(reason=source.get("reason"))
    return "starting", None


def source_shown(source: Document) -> Document:
    """Return what every view is told of the source of input, out of what the collector said last."""
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
