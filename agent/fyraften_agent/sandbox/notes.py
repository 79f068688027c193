"""``python -m fyraften_agent.sandbox.notes``: records in the consent ledger what the kernel does not enforce, and ends.

The supervisor starts it with the collector's report on a line of standard input. Once for each change there is an event
``notice_shown`` in the ledger, and a notice on the desktop: when something is missing for the first time, when it is
something else, and when all is there again. As long as all is there and always was, nothing is written.
A process of its own, as the collector and the supervisor hold no key to write with; the sender records for itself.
Not here: what is enforced (``sandbox``), the table of what holds (``cli/doctor_privacy``).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from fyraften_agent.consent.ledger_file import open_to_read, storage_errors
from fyraften_agent.consent.ledger_store import read_events
from fyraften_agent.errors import AgentError
from fyraften_agent.paths import default_paths
from fyraften_agent.sandbox.sandbox import GUARDS, Kernel, Report
from fyraften_agent.sandbox.state import ABOUT
from fyraften_agent.sandbox.words import warning
from fyraften_policy.languages import Translate, choose_language, mark, translator

if TYPE_CHECKING:
    from fyraften_agent.consent.ledger import Event
    from fyraften_agent.consent.ledger_store import Ledger

KIND, PURPOSE = "notice_shown", "recording"
_TITLE = mark("What the system enforces")


def is_news(events: Sequence[Event], report: Report) -> bool:
    """Say whether a report differs from what the ledger says last of that process; at first nothing is missing."""
    said = [event.details for event in events if event.kind == KIND and event.details.get("about") == ABOUT]
    of_it = [details.get("lacking") for details in said if details.get("process") == report.process]
    return list(report.lacking) != (of_it[-1] if of_it else [])


def record(ledger: Ledger, report: Report, now: int) -> bool:
    """Record a report where it is news; say whether it was."""
    if not is_news(ledger.events(), report):
        return False
    details = {**report.as_event(), "event": None, "about": ABOUT}
    ledger.append(KIND, PURPOSE, now, {name: value for name, value in details.items() if value is not None})
    return True


def read_report(text: str) -> Report | None:
    """Return the report of a line that a process wrote; ``None`` where it is none."""
    try:
        words: dict[str, Any] = json.loads(text)
        process, held, lacking = words["process"], words["held"], words["lacking"]
        if words["event"] != "sandbox" or not {*held, *lacking} <= set(GUARDS[process]):
            return None
        return Report(process, tuple(held), tuple(lacking), Kernel(int(words["landlock"]), bool(words["seccomp"])))
    except (ValueError, KeyError, TypeError):
        return None


def main() -> int:
    """Record and tell what is new in the report on standard input; return the exit code."""
    os.umask(0o077)
    report, paths = read_report(sys.stdin.readline()), default_paths(os.environ)
    if report is None:
        return 2
    _ = translator("fyraften_agent", choose_language([os.environ.get("FYRAFTEN_LANGUAGE", "en")]))
    try:
        connection = open_to_read(paths.ledger)
        if connection is None:  # nothing was agreed to: nothing is recorded
            return 0
        with closing(connection), storage_errors():
            events = read_events(connection)
        if is_news(events, report):
            _record_and_tell(report, _)
    except AgentError as problem:
        print(f"fyraften: {problem.text(_)}", file=sys.stderr)
        return problem.exit_code
    return 0


def _record_and_tell(report: Report, _: Translate) -> None:
    from fyraften_agent.clock import SystemClock
    from fyraften_agent.consent.ledger_store import Ledger  # cryptography: seldom needed
    from fyraften_agent.telling.desktop_notices import show
    from fyraften_agent.telling.notices import Notice

    now = SystemClock().now()
    with Ledger.open(default_paths(os.environ)) as ledger:
        if record(ledger, report, now):
            show(Notice(f"sandbox:{report.process}", _(_TITLE), warning(report, _)))


if __name__ == "__main__":
    raise SystemExit(main())
