"""What the person is at that no notice may disturb: a call, a shared or full screen, a desktop set to do not disturb.

Asked only when a notice is about to be shown, and nothing of the answer is kept but the one word why it waited.
Not here: what follows from it (``telling``).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path


def occupied(environ: Mapping[str, str], platform: str = sys.platform) -> Callable[[], str | None]:
    """Return the question for this platform; its answer is a word of ``telling.HELD``, or None."""
    if platform.startswith("linux"):
        return lambda: on_linux(environ)
    if platform == "win32":
        from fyraften_agent.sensors.windows_occupied import on_windows

        return on_windows
    if platform == "darwin":
        return _on_mac
    return lambda: None


def _on_mac() -> str | None:
    from fyraften_agent.sensors import mac_screen

    return "call" if mac_screen.display_is_kept_awake() else None


def on_linux(environ: Mapping[str, str], root: Path = Path("/")) -> str | None:
    """Ask what costs least first."""
    from fyraften_agent.sensors.do_not_disturb import is_set
    from fyraften_agent.sensors.full_screen import is_full_screen
    from fyraften_agent.sensors.media_use import is_in_use

    if is_full_screen(environ):
        return "full_screen"
    if is_set(environ):
        return "do_not_disturb"
    if _is_kept_awake(environ):
        return "call"
    return "microphone" if is_in_use(environ, root) else None


def _is_kept_awake(environ: Mapping[str, str]) -> bool:
    from fyraften_agent.sensors.awake import Awake

    awake = Awake(environ)  # of its own: that of the looks belongs to another thread
    try:
        return awake.is_kept()
    finally:
        awake.close()
