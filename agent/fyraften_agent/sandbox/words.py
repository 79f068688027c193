"""The sentences about what the kernel enforces: what holds, what does not, and why.

Not here: what is enforced (``sandbox``), the whole table (``cli/doctor_privacy``).
"""

from __future__ import annotations

import sys

from fyraften_agent.sandbox.sandbox import COLLECTOR, FILES, NETWORK, OTHERS, PORT, RECORDS, SENDER, Report
from fyraften_policy.languages import Translate, mark

PROMISES = {
    (COLLECTOR, NETWORK): mark("They use no network."),
    (COLLECTOR, FILES): mark(
        "They read no file but Fyraften's own and those of the system, and write only to Fyraften's own: they open no "
        "document, no mail, no camera, no keyboard."
    ),
    (COLLECTOR, OTHERS): mark("They look into no other program, and end none."),
    (SENDER, RECORDS): mark("It does not open what was recorded; what it sends, it takes from the outbox."),
    (SENDER, NETWORK): mark(
        "Once the service's name is looked up, it uses no network but connections of one kind (TCP): it asks for no "
        "name, sends nothing beside a connection, listens for nobody, and talks to no program of this computer."
    ),
    (SENDER, PORT): mark("It connects to no port but that of the service you agreed to."),
    (SENDER, OTHERS): mark("It looks into no other program, and ends none."),
}
HEADINGS = {
    COLLECTOR: mark("The processes that record and judge"),
    SENDER: mark("The process that sends"),
}
_ALL_THERE = mark("The system's kernel now enforces all that Fyraften asks of it.")
NOT_ENFORCED = mark(
    "The system's kernel does not enforce all that Fyraften asks of it. That Fyraften keeps to it rests here on its "
    "own code alone. What is missing: fyraften doctor --privacy"
)
_ELSEWHERE = mark("Fyraften knows how to ask Linux for it, and no other system")
_OLD = mark("this kernel offers too little: Landlock {landlock} (0: none), system call filters: {filters}")


def warning(report: Report, _: Translate) -> str:
    """Return the one sentence that is told when something is missing, or there again."""
    return _(NOT_ENFORCED) if report.lacking else _(_ALL_THERE)


def why_lacking(report: Report, _: Translate) -> str:
    """Return why the kernel does not enforce something."""
    if not sys.platform.startswith("linux"):
        return _(_ELSEWHERE)
    filters = _("yes") if report.kernel.seccomp else _("no")
    return _(_OLD).format(landlock=report.kernel.landlock, filters=filters)
