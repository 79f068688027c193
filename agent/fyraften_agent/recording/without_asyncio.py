"""Lets a library be loaded that takes one function from ``asyncio``, without all that comes with it.

``asyncio`` brings its event loops and TLS: three of the collector's megabytes, and code for a network that it does not
use.  Before Python 3.14 APScheduler takes ``iscoroutinefunction`` from it; from then on ``inspect``'s, as here.
Not here: the scheduler (``collector``).
"""

from __future__ import annotations

import contextlib
import inspect
import sys
from collections.abc import Iterator
from types import ModuleType

_NAME = "asyncio"


@contextlib.contextmanager
def asyncio_left_out() -> Iterator[None]:
    """Give imports in this block an ``asyncio`` of that one function; what is loaded already is left as it is.

    Who wants more of it fails as on a name that does not exist: with ``ImportError`` or ``AttributeError``.
    """
    if _NAME in sys.modules:
        yield
        return
    little = ModuleType(_NAME, "What APScheduler takes from asyncio.")
    vars(little)["iscoroutinefunction"] = inspect.iscoroutinefunction
    sys.modules[_NAME] = little
    try:
        yield
    finally:
        if sys.modules.get(_NAME) is little:
            del sys.modules[_NAME]
