"""N2: no picture of the screen is taken, and camera, microphone and clipboard are not used."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import fyraften_agent
from privacy.conftest import Seized

PACKAGE = Path(next(iter(fyraften_agent.__path__)))
# Opening one of these is what seeing, hearing or reading keys past the display server begins with.
DEVICES = re.compile(r'"(/dev/(?:video|snd|dri|input|uinput|hidraw|fb)[^"]*)"')
# What fetches pixels, sound, the clipboard or the keys' meaning, by the names their libraries and systems give it.
FETCHES = {
    *("get_image", "GetImage", "XGetImage", "grab", "screenshot", "ImageGrab", "mss", "BitBlt", "PrintWindow"),
    *("CGWindowListCreateImage", "CGDisplayCreateImage", "CGWindowListCopyWindowInfo", "VideoCapture", "cv2"),
    *("sounddevice", "pyaudio", "pyperclip", "GetClipboardData", "OpenClipboard", "NSPasteboard", "convert_selection"),
    *("GetForegroundWindow", "GetWindowTextW", "get_wm_name", "get_wm_class", "XRecordAllocRange", "evdev"),
}


def test_no_device_that_sees_or_hears_is_opened(seized: Seized) -> None:
    assert DEVICES.findall(seized.trace) == []


def test_the_trace_shows_which_files_are_opened(seized: Seized) -> None:
    """The positive control: what the agent does open is in the trace, and a device would be found there."""
    assert "work.sqlite3" in seized.trace
    assert DEVICES.findall('openat(AT_FDCWD, "/dev/video0", O_RDWR) = 3') == ["/dev/video0"]


def test_no_code_of_the_agent_names_what_fetches_pixels_sound_clipboard_or_titles() -> None:
    found = {
        (file.relative_to(PACKAGE).as_posix(), name)
        for file in PACKAGE.rglob("*.py")
        for name in _names(ast.parse(file.read_text(encoding="utf-8"))) & FETCHES
    }

    assert found == set()


def test_the_search_for_such_names_finds_them() -> None:
    assert _names(ast.parse("from mss import mss\nuser32.GetClipboardData(1)")) >= {"mss", "GetClipboardData"}


def _names(tree: ast.Module) -> set[str]:
    """Return every name, attribute and imported module of some code."""
    found = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                found.add(name)
            case ast.Import(names=names):
                found |= {part for one in names for part in one.name.split(".")}
            case ast.ImportFrom(module=module, names=names):
                found |= {*(module or "").split("."), *(one.name for one in names)}
    return found
