"""How the sources of input are explained to a person: what each is told, in a few words.

Not here: the sources themselves, and which is used where (``sensors.choosing``).
"""

from __future__ import annotations

from fyraften_policy.languages import Translate, mark

KINDS = {
    "pynput": mark("a listener; only the time of an event is noted"),
    "x11-counter": mark("the X server's idle counter; seconds only"),
    "gnome": mark("GNOME's idle counter; seconds only"),
    "wayland": mark("the compositor's idle notices; seconds only"),
    "windows-counter": mark("the idle counter of Windows; seconds only"),
    "mac-counter": mark("the idle counter of macOS; seconds only"),
}


def source_kind(name: str, _: Translate) -> str:
    """Return what a source is told; its name where there are no words for it."""
    return _(KINDS[name]) if name in KINDS else name
