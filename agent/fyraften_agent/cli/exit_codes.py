"""The exit codes of ``fyraften``: one table, which the documentation and the systemd unit refer to.

Nothing else is here. An ``AgentError`` carries its code; ``cli.main`` returns it.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the number a command ends with says."""

    DONE = 0
    UNEXPECTED_FAILURE = 1
    BAD_INPUT = 2
    NO_CONSENT = 3  # nothing was started; the systemd unit does not restart on it
    NO_DISPLAY = 4  # no display, or no usable source of input
    ALREADY_OR_NOT_RUNNING = 5  # running where it must not be, or not running where it must be
    STORAGE_FAILED = 6  # disk full, locked, damaged
    SERVICE_FAILED = 7  # not reached, or it refused
    PART_MISSING = 8  # a needed part is not installed, or the kernel does not keep to a rule that it took
    INTERRUPTED = 130  # ended by Ctrl-C, as shells count it
