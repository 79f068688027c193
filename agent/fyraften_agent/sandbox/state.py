"""What the supervisor knows of its children's sandboxes: their latest reports, for every view. Standard library only.

Not here: what is enforced (``sandbox``), recording it (``sandbox.notes``, a process that ends).
"""

from __future__ import annotations

import json

from fyraften_agent.processes.control import Document

NOTES = "fyraften_agent.sandbox.notes"
ABOUT = "sandbox"
"""What the ledger's events on this say that they are about."""
_SHOWN = ("held", "lacking", "landlock", "seccomp")


class Sandboxes:
    """The latest report of each process; ``shown`` is what views are told."""

    def __init__(self) -> None:
        self.shown: Document = {}

    def hears(self, text: str) -> bool:
        """Take a line of a child; say whether it is a report that differs from the process's last one."""
        try:
            event = json.loads(text)
        except ValueError:
            return False
        match event:
            case {"event": "sandbox", "process": str(process)}:
                report = {name: event.get(name) for name in _SHOWN}
                is_new, self.shown = self.shown.get(process) != report, {**self.shown, process: report}
                return is_new
        return False
