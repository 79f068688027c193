"""The sentences about what the kernel enforces: what holds, what does not, and why.

Not here: what is enforced (``sandbox``), the whole table (``cli/doctor_privacy``).
"""

from __future__ import annotations

import sys

from fyraften_agent.sandbox import COLLECTOR, FILES, NETWORK, OTHERS, PORT, RECORDS, SENDER, Report
from fyraften_policy.languages import Translate, mark

PROMISES = {
    (COLLECTOR, NETWORK): mark("The process that records, and the one that judges, have no network."),
    (COLLECTOR, FILES): mark(
        "They read no file but Fyraften's own and those of the system, and write only to Fyraften's own: no document, "
        "no mail, no camera, no keyboard is open to them."
    ),
    (COLLECTOR, OTHERS): mark("They cannot look into another program, nor end one."),
    (SENDER, RECORDS): mark("The process that sends cannot open what was recorded: it sees the outbox only."),
    (SENDER, NETWORK): mark(
        "It has no network but connections of one kind (TCP): once the service's name is looked up, it asks no names, "
        "sends no packets beside a connection, listens for nobody and talks to no program of this computer."
    ),
    (SENDER, PORT): mark("It connects to no port but that of the service you agreed to."),
    (SENDER, OTHERS): mark("It cannot look into another program, nor end one."),
}
_ALL_THERE = mark("The system's kernel now enforces all that Fyraften asks of it.")
_MISSING = mark(
    "The system's kernel does not enforce all that Fyraften asks of it. That Fyraften keeps to it rests here on its "
    "own code alone. What is missing: fyraften doctor --privacy"
)
_ELSEWHERE = mark("Only Linux offers what Fyraften uses for it; here it rests on Fyraften's own code.")
_OLD = mark("This kernel offers less than is needed: Landlock {landlock} (0: none), system call filters: {filters}.")


def warning(report: Report, _: Translate) -> str:
    """Return the one sentence that is told when something is missing, or there again."""
    return _(_MISSING) if report.lacking else _(_ALL_THERE)


def why_lacking(report: Report, _: Translate) -> str:
    """Return why the kernel does not enforce something."""
    if not sys.platform.startswith("linux"):
        return _(_ELSEWHERE)
    filters = _("yes") if report.kernel.seccomp else _("no")
    return _(_OLD).format(landlock=report.kernel.landlock, filters=filters)
