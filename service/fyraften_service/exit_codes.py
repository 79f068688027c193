"""The exit codes of ``fyraften-service``: one table for the code, the help text and the documentation."""

from __future__ import annotations

from enum import IntEnum

from fyraften_policy.languages import mark


class ExitCode(IntEnum):
    """What ``fyraften-service`` ends with."""

    DONE = 0
    FAILED = 1
    BAD_INPUT = 2
    NOT_SET_UP = 3
    DATABASE = 4
    NOT_LISTENING = 5


MEANINGS = {
    ExitCode.DONE: mark("done"),
    ExitCode.FAILED: mark("unexpected failure"),
    ExitCode.BAD_INPUT: mark("bad input or usage"),
    ExitCode.NOT_SET_UP: mark("no service in the folder, or already one"),
    ExitCode.DATABASE: mark("database not reached, or not at this version"),
    ExitCode.NOT_LISTENING: mark("address refused or in use"),
}
