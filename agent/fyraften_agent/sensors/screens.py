"""What tells of the lock of the screen on this platform.

Not here: the platforms (``linux_screen``, ``windows_screen``, ``mac_screen``).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

from fyraften_agent.sensors import NoScreen, Screen


def screen(environ: Mapping[str, str], platform: str = sys.platform) -> Screen:
    """Return the screen of this desktop; one that says nothing where no platform module knows better."""
    if platform.startswith("linux"):
        from fyraften_agent.sensors.linux_screen import LinuxScreen

        return LinuxScreen(environ)
    if platform == "win32":
        from fyraften_agent.sensors.windows_screen import windows_screen

        return windows_screen()
    if platform == "darwin":
        from fyraften_agent.sensors.mac_screen import mac_screen

        return mac_screen()
    return NoScreen()
