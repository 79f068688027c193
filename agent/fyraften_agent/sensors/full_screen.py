"""Whether the active window fills the screen, as the window manager of an X11 display says.

Two properties are read: which window is active, and its state. Its title, class and content are not.
Not here: Wayland, where no program is told; a desktop there keeps its own banners off a full screen.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fyraften_agent.sensors import SourceUnavailableError
from fyraften_agent.sensors.x11_input import SOCKETS, local_display

_NAME = "full-screen"


def is_full_screen(environ: Mapping[str, str], sockets: Path = SOCKETS) -> bool:
    """Return whether the active window fills the screen; False where nobody says."""
    try:
        name = local_display(environ, sockets, _NAME)
        from Xlib.display import Display

        display = Display(name)
    except SourceUnavailableError:
        return False
    # The library has no common base for what it raises: no permission, no server, no library.
    except Exception:
        return False
    try:
        return _active_window_fills(display)
    except Exception:  # a window that was closed meanwhile, a server that went away
        return False
    finally:
        with contextlib.suppress(Exception):
            display.close()


def _active_window_fills(display: Any) -> bool:
    from Xlib import Xatom

    active, state, full = (
        display.intern_atom(name) for name in ("_NET_ACTIVE_WINDOW", "_NET_WM_STATE", "_NET_WM_STATE_FULLSCREEN")
    )
    told = display.screen().root.get_full_property(active, Xatom.WINDOW)
    if told is None or not told.value or not told.value[0]:
        return False
    states = display.create_resource_object("window", told.value[0]).get_full_property(state, Xatom.ATOM)
    return states is not None and full in states.value
