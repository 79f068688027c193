"""Errors of the agent: one base, few children, each with the exit code a command ends with.

A child stands for a situation that a caller can act on.  The text says what happened, with the values, and what to do
next; the values stay readable as attributes.  The numbers are those of the table in ``cli/exit_codes.py``.
Not here: errors that belong to one module only (they derive from one of these, beside their code).
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from fyraften_policy.sentences import Sentence, SentenceError


class AgentError(SentenceError):
    """Something in the agent failed in a way that can be told in one sentence, and in any language."""

    exit_code: int = 1


class InputError(AgentError):
    """What was typed or given cannot be used."""

    exit_code = 2


class NoConsentError(AgentError):
    """There is no valid consent for what was asked; nothing was started or recorded."""

    exit_code = 3


class NoSourceError(AgentError):
    """There is no display, or no usable source of input activity."""

    exit_code = 4


class AlreadyRunningError(AgentError):
    """The agent runs already, or does not run where it would have to."""

    exit_code = 5


StoreTrouble = Literal["locked", "full", "damaged", "closed"]


class StoreError(AgentError):
    """A file of the agent cannot be read or written.

    ``trouble`` says how: ``locked`` (another program holds it), ``full`` (the disk takes no more), ``damaged`` (its
    content is not what it should be), ``closed`` (it may not be opened).  After ``locked`` and ``full`` the same call
    may be tried again.  ``path`` is a value of the sentence where that names it.
    """

    exit_code = 6

    def __init__(
        self, words: str | Sentence, /, *, path: Path | None = None, trouble: StoreTrouble = "closed", **values: object
    ) -> None:
        if path is not None and "{path}" in str(words):
            values["path"] = path
        super().__init__(words, **values)
        self.path = path
        self.trouble: StoreTrouble = trouble

    @property
    def is_passing(self) -> bool:
        """Whether trying again later can succeed without anybody repairing the file."""
        return self.trouble in {"locked", "full"}


class ServiceError(AgentError):
    """The employer's service was not reached, or refused."""

    exit_code = 7


class MissingPartError(AgentError):
    """A part that is needed for this is not installed."""

    exit_code = 8
