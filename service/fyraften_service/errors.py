"""The errors of the service: what happened, with the values, and what to do next.

Not here: the answers to HTTP requests, see ``api/problems.py``.
"""

from __future__ import annotations

from pathlib import Path

from fyraften_policy.languages import mark
from fyraften_policy.sentences import SentenceError
from fyraften_service.exit_codes import ExitCode


class ServiceError(SentenceError):
    """Base of every error of the service; ``exit_code`` is what the command line ends with."""

    exit_code = ExitCode.FAILED


class InputError(ServiceError):
    """A value given on the command line, at the keyboard or in the settings file cannot be used."""

    exit_code = ExitCode.BAD_INPUT


class NotSetUpError(ServiceError):
    """The folder holds no service."""

    exit_code = ExitCode.NOT_SET_UP

    def __init__(self, folder: Path) -> None:
        super().__init__(
            mark("{folder} holds no service. Run fyraften-service init, or name another folder with --folder."),
            folder=folder,
        )
        self.folder = folder


class AlreadySetUpError(ServiceError):
    """``init`` was asked to set up a service where there is one."""

    exit_code = ExitCode.NOT_SET_UP

    def __init__(self, folder: Path) -> None:
        super().__init__(
            mark("{folder} already holds a service; nothing was changed. Name another folder with --folder."),
            folder=folder,
        )
        self.folder = folder


class DatabaseError(ServiceError):
    """The database cannot be reached, or is not the one this version expects."""

    exit_code = ExitCode.DATABASE


class ListenError(ServiceError):
    """The service may not, or cannot, listen at the address asked for."""

    exit_code = ExitCode.NOT_LISTENING
