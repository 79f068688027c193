"""What the file system says of the agent's files: who may read them, how large they are, whether the disk is encrypted.

Looks and changes nothing. Linux tells about encryption by device mapper; elsewhere, and on file systems that hide
their device, the answer is ``None``: not known.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_FOR_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True)
class OwnFile:
    """A file or folder of the agent. ``is_private``: it is this account's, and nobody else may do anything with it."""

    path: Path
    size: int
    mode: int
    is_private: bool


def own_files(folder: Path) -> list[OwnFile]:
    """Return the folder and everything below it, sorted; nothing where there is no folder."""
    return sorted(_walk(folder), key=lambda found: found.path) if folder.is_dir() else []


def is_encrypted(path: Path, root: Path = Path("/")) -> bool | None:
    """Say whether the file system of ``path`` lies on an encrypted device, ``None`` where the system does not tell.

    Args:
        root: folder that holds ``sys``; another one in tests.
    """
    if not sys.platform.startswith("linux"):
        return None
    existing = next((folder for folder in (path, *path.parents) if folder.exists()), None)
    if existing is None:
        return None
    device = existing.stat().st_dev
    folder = root / f"sys/dev/block/{os.major(device)}:{os.minor(device)}"
    return _is_encrypted_device(folder) if folder.exists() else None


def _is_encrypted_device(device: Path) -> bool:
    """Look at a block device and, for one that is made of others, at all of those."""
    mapper = device / "dm/uuid"
    if mapper.is_file() and mapper.read_text(encoding="ascii").startswith("CRYPT-"):
        return True
    below = device / "slaves"
    parts = list(below.iterdir()) if below.is_dir() else []
    return bool(parts) and all(_is_encrypted_device(part) for part in parts)


def _walk(folder: Path) -> Iterator[OwnFile]:
    yield _looked_at(folder)
    for place, folders, names in os.walk(folder):
        for name in (*folders, *names):
            yield _looked_at(Path(place) / name)


def _looked_at(path: Path) -> OwnFile:
    found = path.lstat()
    if sys.platform == "win32":  # modes say nothing there; the folder's access list is the profile's own
        return OwnFile(path, found.st_size, found.st_mode, True)
    is_private = found.st_uid == os.getuid() and not found.st_mode & _FOR_OTHERS
    return OwnFile(path, 0 if stat.S_ISDIR(found.st_mode) else found.st_size, found.st_mode, is_private)
