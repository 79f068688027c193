"""Whether a display stands beside the laptop's own (a dock, a screen on the desk): the mark of a fixed workstation.

Reads the kernel's list of connectors as files.  Which display it is, is not read: yes or no is all that is kept.
Not here: what follows from it (``store.records``), and other platforms, where nothing is said.
"""

from __future__ import annotations

import re
from pathlib import Path

# What is built in, and what is no display to look at.
_BUILT_IN = re.compile(r"card\d+-(eDP|LVDS|DSI|DPI|Virtual|Writeback|Unknown)\b", re.IGNORECASE)
_CONNECTOR = re.compile(r"card\d+-\S+")


def has_outer_display(root: Path = Path("/")) -> bool | None:
    """Return whether an outer display is connected beside a built-in one; None where nobody says.

    A computer without a built-in display is at its place anyway: there nothing is said either.

    Args:
        root: folder that holds ``sys/class/drm``, for tests.
    """
    try:
        connectors = [path for path in (root / "sys/class/drm").iterdir() if _CONNECTOR.fullmatch(path.name)]
    except OSError:
        return None
    connected = [path.name for path in connectors if _reads(path / "status") == "connected"]
    built_in = [path.name for path in connectors if _BUILT_IN.match(path.name)]
    return any(name not in built_in for name in connected) if built_in else None


def _reads(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
