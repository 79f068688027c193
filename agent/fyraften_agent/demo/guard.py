"""Keeps everything that could see or disturb a real person out of the demonstration's processes.

Installed before anything else of the demonstration is imported.  From then on the modules below cannot be imported in
that process, by nobody; what was imported before is refused at once.
Not here: the fence that shows that the demonstration does not even try (``tests/agent/demo``).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, MutableSequence, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from fyraften_agent.errors import AgentError
from fyraften_policy.languages import mark

# Input, the X server, the real network and machine, the real desktop; and the process that puts them together.
REFUSED = (
    "pynput",
    "Xlib",
    "evdev",
    "plyer",
    "psutil",
    "fyraften_agent.sensors.x11_input",
    "fyraften_agent.sensors.network",
    "fyraften_agent.sensors.machine",
    "fyraften_agent.telling.desktop_notices",
)


class RealSensorError(AgentError, ImportError):
    """A part that senses or disturbs a real person was asked for in the demonstration; ``module`` is its name."""

    def __init__(self, module: str) -> None:
        super().__init__(
            mark(
                "{module} is refused in the demonstration: nothing here may see or disturb a real person. "
                "Start the demonstration in a process of its own: fyraften demo"
            ),
            module=module,
        )
        self.module = module


class RefuseRealSensors(MetaPathFinder):
    """A finder that finds nothing, and refuses what is in :data:`REFUSED`, and everything below it."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Raise :class:`RealSensorError` for a refused module; leave every other to the next finder."""
        if is_refused(fullname):
            raise RealSensorError(fullname)
        return None


def is_refused(module: str) -> bool:
    """Say whether a module, by its full name, is refused."""
    return any(module == name or module.startswith(f"{name}.") for name in REFUSED)


def refuse_real_sensors(finders: MutableSequence[Any] | None = None, loaded: Iterable[str] | None = None) -> None:
    """Refuse real sensors in this process from now on; may be called twice.

    Args:
        finders: where to put the finder; those of this interpreter by default.
        loaded: modules that are loaded already; those of this interpreter by default.

    Raises:
        RealSensorError: one is loaded already.
    """
    finders = sys.meta_path if finders is None else finders
    for module in tuple(sys.modules if loaded is None else loaded):
        if is_refused(module):
            raise RealSensorError(module)
    if not any(isinstance(finder, RefuseRealSensors) for finder in finders):
        finders.insert(0, RefuseRealSensors())
