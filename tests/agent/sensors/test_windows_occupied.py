"""What Windows' answer means; the call itself is from documentation."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from fyraften_agent.sensors.windows_occupied import on_windows
from fyraften_agent.telling.telling import HELD


class Shell:
    """A shell that answers with one state."""

    def __init__(self, state: int, failed: int = 0) -> None:
        self._state, self._failed = state, failed

    def SHQueryUserNotificationState(self, answer: Any) -> int:
        answer._obj.value = self._state
        return self._failed


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (1, "locked"),
        (2, "full_screen"),
        (3, "full_screen"),
        (4, "full_screen"),
        (5, None),
        (6, "do_not_disturb"),
        (7, "full_screen"),
    ],
)
def test_its_answer_becomes_a_reason_to_wait(state: int, word: str | None) -> None:
    assert on_windows(Shell(state)) == word
    assert word is None or word in HELD


def test_a_shell_that_cannot_say_is_no_reason() -> None:
    assert on_windows(Shell(2, failed=-1)) is None
    assert on_windows(object()) is None


@pytest.mark.skipif(sys.platform == "win32", reason="there it is asked")
def test_elsewhere_nobody_is_asked() -> None:
    assert on_windows() is None
