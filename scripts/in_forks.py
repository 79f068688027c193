"""Try the changes that mutmut makes of one module, each in a fork of one process that has collected the tests.

Runs in a copy that ``mutate.py`` prepared, and notes each result at once where mutmut keeps them: refused by the type
checker, noticed by a test, or timed out. What no fork noticed stays open: ``mutate.py`` tries it in a new process.
A fork starts where the tests are collected and none has run: what one change made the rules remember cannot hide
another, and no change waits for pytest to start. It runs tests that reach the changed function, one after another until
one fails: first those that noticed a change of it before, then the quickest, as many as some seconds allow.
Not here: the copy, and what may survive (see ``mutate.py``).
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import pickle
import resource
import signal
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple, TypeVar

import pytest
from _pytest.runner import runtestprotocol
from mutmut.configuration import config
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.file_mutation import filter_mutants_with_type_checker
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state
from mutmut.utils.file_utils import copy_also_copy_files, copy_src_dir, setup_source_paths

# As mutmut writes them.
NOTICED, TIMED_OUT, REFUSED = 1, 36, 37
FAILING = Path("failing.json")
# What waits for a fork is not closed in it.
PYTEST = ("-q", "-s", "--tb=no", "--basetemp=.temporary", "--override-ini=timeout=0", "-W", "ignore::ResourceWarning")
# The slower tests are left to the new process.
SECONDS_OF_TESTS = 4
MEMORY = 4 * 2**30
Answer = TypeVar("Answer")


class Run(NamedTuple):
    """One test without any change: the functions it reached, as mutmut names them, its processor time, its end."""

    functions: frozenset[str]
    seconds: float
    passed: bool


class EveryChange:
    """A pytest plugin that does not run the tests once, but for every change that has no result."""

    def __init__(self, changes: SourceFileMutationData) -> None:
        """Take the changes of the module."""
        self.changes = changes

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try every change; true says that the tests were run."""
        # What is here before the first fork is neither copied nor taken apart in any.
        gc.collect()
        gc.freeze()
        runs, code = in_fork(lambda: [run_unchanged(item) for item in session.items])
        if runs is None:
            raise SystemExit(f"The tests without any change ended with {code}.")
        pairs = zip(session.items, runs, strict=True)
        FAILING.write_text(json.dumps([item.nodeid for item, run in pairs if not run.passed]))
        noticed: dict[str, list[int]] = defaultdict(list)
        for name in open_ones(self.changes):
            function = name.rpartition("__mutmut_")[0]
            self._try(name, session.items, in_order(runs, function, noticed[function]), noticed[function], runs)
        return True

    def _try(
        self, name: str, items: Sequence[pytest.Item], order: Sequence[int], noticed: list[int], runs: Sequence[Run]
    ) -> None:
        def attempt() -> int:
            set_mutant_under_test(name)
            return next((number for number in order if not passes(items[number])), -1)

        failed, code = in_fork(attempt, 10 + 5 * int(sum(runs[number].seconds for number in order)))
        if failed == -1:
            return
        if failed is not None:
            noticed[:] = [failed, *(number for number in noticed if number != failed)]
        note(self.changes, name, NOTICED if failed is not None else TIMED_OUT if code == -signal.SIGXCPU else code)


def in_order(runs: Sequence[Run], function: str, noticed: Sequence[int]) -> list[int]:
    """Return the tests to run for a change of a function: first those that noticed one before, then the quickest.

    A test that fails without any change shows nothing. There is always one, if any reaches the function.
    """
    reaching = [number for number, run in enumerate(runs) if run.passed and function in run.functions]
    reaching.sort(key=lambda number: runs[number].seconds)
    spent = accumulate(runs[number].seconds for number in reaching)
    quick = sum(seconds <= SECONDS_OF_TESTS for seconds in spent)
    return [*noticed, *(number for number in reaching[: max(1, quick)] if number not in noticed)]


def run_unchanged(item: pytest.Item) -> Run:
    """Run a test without any change."""
    set_mutant_under_test("stats")
    state()._stats.clear()
    begun = time.process_time()
    passed = passes(item)
    return Run(frozenset(state()._stats), time.process_time() - begun, passed)


def passes(item: pytest.Item) -> bool:
    """Run a test with all it needs, and tell whether it passed."""
    return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=None))


def in_fork(work: Callable[[], Answer], seconds: int | None = None) -> tuple[Answer | None, int]:
    """Return what ``work`` returns in a fork, None where that ended before; and how the fork ended.

    Args:
        seconds: of the processor, after which it is ended.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        with contextlib.suppress(BaseException):
            os.close(reading)
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            if seconds is not None:
                resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
            with os.fdopen(writing, "wb") as answer:
                pickle.dump(work(), answer)
            os._exit(0)
        os._exit(NOTICED)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        content = answer.read()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return (pickle.loads(content), code) if code == 0 else (None, code)


def make_changes() -> SourceFileMutationData:
    """Let mutmut make the changes of the module, and return them with the results that they have.

    Open ones that the type checker refuses are noted as such.
    """
    # It reads the settings in this folder when it is imported.
    from mutmut.__main__ import create_mutants

    set_mutant_under_test("mutant_generation")
    Path("mutants").mkdir(exist_ok=True)
    copy_src_dir()
    copy_also_copy_files()
    setup_source_paths()
    create_mutants(1)
    [path] = config().only_mutate
    changes = SourceFileMutationData(path=path)
    changes.load()
    if open_ones(changes):
        for name in set(filter_mutants_with_type_checker()) & set(open_ones(changes)):
            note(changes, name, REFUSED)
    return changes


def open_ones(changes: SourceFileMutationData) -> list[str]:
    """Return the changes without a result."""
    return [name for name, code in changes.exit_code_by_key.items() if code is None]


def note(changes: SourceFileMutationData, name: str, code: int) -> None:
    """Write down a result."""
    changes.exit_code_by_key[name] = code
    changes.save()


def main() -> int:
    """Try the changes of the module that the copy in this folder is made for."""
    changes = make_changes()
    if not open_ones(changes):
        return 0
    changes.meta_path = changes.meta_path.absolute()
    arguments = [*PYTEST, *config().pytest_add_cli_args, *config().pytest_add_cli_args_test_selection]
    os.chdir("mutants")
    set_mutant_under_test("")
    return pytest.main(arguments, plugins=[EveryChange(changes)])


if __name__ == "__main__":
    raise SystemExit(main())
