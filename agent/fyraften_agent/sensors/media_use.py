"""Whether a microphone or a camera is in use, or the screen is being shared: yes or no, never what comes from it.

Three places tell it: the kernel's list of sound devices (open for recording or not), PipeWire's list of streams, and
PulseAudio's.  No device is opened and no stream joined; names of programs stand in some answers and are looked at by
nobody.
Not here: what follows from it (``occupied``).
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_SECONDS = 3
_TAKES_IN = ("Stream/Input/Audio", "Stream/Input/Video")


def is_in_use(environ: Mapping[str, str], root: Path = Path("/")) -> bool:
    """Return whether a sound is recorded or a picture taken in; False where nobody says."""
    return _by_kernel(root) or _by_pipewire(environ) or _by_pulseaudio(environ)


def _by_kernel(root: Path) -> bool:
    """Ask the sound devices: ``pcm0c`` records, and its state is closed while nobody does."""
    for status in root.glob("proc/asound/card*/pcm*c/sub*/status"):
        try:
            if "RUNNING" in status.read_text(encoding="ascii", errors="replace"):
                return True
        except OSError:
            continue
    return False


def _by_pipewire(environ: Mapping[str, str]) -> bool:
    """Ask for running streams that take in sound or pictures; one that listens to what is played takes in none."""
    if not _has_socket(environ, "pipewire-0"):
        return False
    try:
        known = json.loads(_answer(("pw-dump", "--no-colors"), environ) or "[]")
    except ValueError:
        return False
    return any(_takes_in(one) for one in known if isinstance(one, dict))


def _takes_in(known: Mapping[str, Any]) -> bool:
    told = known.get("info")
    if known.get("type") != "PipeWire:Interface:Node" or not isinstance(told, dict) or told.get("state") != "running":
        return False
    properties = told.get("props") or {}
    return properties.get("media.class") in _TAKES_IN and not properties.get("stream.capture.sink")


def _by_pulseaudio(environ: Mapping[str, str]) -> bool:
    """Ask for streams that record from a source which is no monitor of what is played."""
    if not _has_socket(environ, "pulse/native"):
        return False
    streams = _rows(_answer(("pactl", "list", "short", "source-outputs"), environ))
    if not streams:
        return False
    sources = _rows(_answer(("pactl", "list", "short", "sources"), environ))
    monitors = {row[0] for row in sources if len(row) > 1 and row[1].endswith(".monitor")}
    return any(row[1] not in monitors for row in streams if len(row) > 1)


def _rows(answer: str) -> list[list[str]]:
    return [line.split("\t") for line in answer.splitlines()]


def _has_socket(environ: Mapping[str, str], name: str) -> bool:
    folder = environ.get("XDG_RUNTIME_DIR")
    return bool(folder) and (Path(folder or "") / name).is_socket()


def _answer(command: Sequence[str], environ: Mapping[str, str]) -> str:
    """Return what a program of the desktop says; nothing where it is missing or fails."""
    if shutil.which(command[0], path=environ.get("PATH")) is None:
        return ""
    # The server is named, so that asking never starts one.
    named = {**environ, "PULSE_SERVER": f"unix:{environ.get('XDG_RUNTIME_DIR')}/pulse/native"}
    try:
        asked = subprocess.run(command, env=named, capture_output=True, text=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.SubprocessError):
        return ""
    return asked.stdout if asked.returncode == 0 else ""
