"""The law with other numbers than it has, for tests of what happens where a number changes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from fyraften_policy import parameters
from fyraften_policy.parameters import Value


@contextmanager
def law_with(folder: str, name: str, *values: Value) -> Iterator[None]:
    """Let a number of the law in a folder have other values, and forget them again."""
    law_of = parameters.law_of
    changed = {**law_of(folder), name: law_of(folder)[name]._replace(values=values)}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(parameters, "law_of", lambda asked: changed if asked == folder else law_of(asked))
        parameters._of_law.cache_clear()
        yield
    parameters._of_law.cache_clear()
