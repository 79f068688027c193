"""Starting with the desktop session: a systemd user unit or an XDG autostart entry, put in place and removed.

Touches two files below the person's configuration folder and asks systemd, through the functions of a
:class:`Desktop`. The texts are ``fyraften.service`` and ``fyraften.desktop`` beside this module.
Not here: consent. A started agent without consent records nothing and ends.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from fyraften_agent.errors import InputError, MissingPartError
from fyraften_policy.languages import mark

UNIT = "fyraften.service"
ENTRY = "fyraften.desktop"
_SESSION = "graphical-session.target"
WRITTEN_BY_US = "# Written by `fyraften install`"


class ForeignFileError(InputError):
    """A file that Fyraften did not write stands where autostart would put its own."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            mark(
                "{path} exists and was not written by `fyraften install`. "
                "Move it away, then run `fyraften install` again."
            ),
            path=path,
        )
        self.path = path


class NoAutostartError(MissingPartError):
    """This operating system has no autostart that Fyraften knows."""

    def __init__(self, platform: str) -> None:
        super().__init__(
            mark("Autostart on {platform} is not part of this version. Start with `fyraften run`."), platform=platform
        )
        self.platform = platform


@dataclass(frozen=True)
class Desktop:
    """What autostart meets outside.

    Attributes:
        configuration: the folder ``XDG_CONFIG_HOME``.
        python: the interpreter that has Fyraften; not resolved, so that a virtual environment stays one.
        has_systemd: systemd runs this machine.
        systemctl: runs ``systemctl --user`` with these words; true if it answered with success.
    """

    configuration: Path
    python: Path
    has_systemd: bool
    systemctl: Callable[[Iterable[str]], bool]

    @property
    def unit(self) -> Path:
        """Where the user unit goes."""
        return self.configuration / "systemd" / "user" / UNIT

    @property
    def link(self) -> Path:
        """The link that systemd makes for an enabled unit."""
        return self.unit.parent / "graphical-session.target.wants" / UNIT

    @property
    def entry(self) -> Path:
        """Where the XDG autostart entry goes."""
        return self.configuration / "autostart" / ENTRY


@dataclass(frozen=True)
class Step:
    """One thing that was done (or, in a dry run, would be).

    ``action`` is ``wrote``, ``kept`` (already there, the same), ``enabled`` (the desktop starts it from now on),
    ``not_enabled`` (systemd did not answer), ``disabled``, ``removed``, or ``left`` (not written by Fyraften);
    ``target`` is the file it concerns.
    """

    action: str
    target: Path


def this_desktop(environ: Mapping[str, str]) -> Desktop:
    """Return the desktop of this process; raises NoAutostartError outside Linux."""
    if sys.platform != "linux":
        raise NoAutostartError(sys.platform)
    configuration = environ.get("XDG_CONFIG_HOME", "")
    # The XDG specification says that a relative path is to be ignored.
    folder = Path(configuration) if os.path.isabs(configuration) else Path.home() / ".config"
    return Desktop(folder, Path(sys.executable), Path("/run/systemd/system").is_dir(), _systemctl)


def install(desktop: Desktop, dry_run: bool) -> list[Step]:
    """Make the agent start with the desktop session, and return what was done. A second time changes nothing."""
    answers = desktop.has_systemd and desktop.systemctl(["show-environment"])
    # Xfce, i3 and others tell systemd of no session: what is wanted by that target would never start there.
    if not desktop.has_systemd or (answers and not desktop.systemctl(["is-active", "--quiet", _SESSION])):
        return [_write(desktop.entry, entry_text(desktop.python), dry_run), Step("enabled", desktop.entry)]
    written = _write(desktop.unit, unit_text(desktop.python), dry_run)
    if answers and not dry_run:
        answers = desktop.systemctl(["daemon-reload"]) and desktop.systemctl(["enable", "--quiet", UNIT])
    return [written, Step("enabled" if answers else "not_enabled", desktop.unit)]


def uninstall(desktop: Desktop, dry_run: bool) -> list[Step]:
    """Remove what :func:`install` put in place, whichever way, and return what was done."""
    steps = []
    if _is_ours(desktop.unit):
        answers = desktop.systemctl(["show-environment"])
        if answers:
            steps.append(Step("disabled", desktop.unit))
            if not dry_run:
                desktop.systemctl(["disable", "--now", "--quiet", UNIT])
        if not dry_run:
            desktop.link.unlink(missing_ok=True)
        steps.append(_remove(desktop.unit, dry_run))
        if answers and not dry_run:
            desktop.systemctl(["daemon-reload"])
    elif desktop.unit.exists():
        steps.append(Step("left", desktop.unit))
    if desktop.entry.exists():
        steps.append(_remove(desktop.entry, dry_run) if _is_ours(desktop.entry) else Step("left", desktop.entry))
    return steps


def unit_text(python: Path) -> str:
    """Return the systemd unit that starts the agent with this interpreter."""
    quoted = str(python).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return _resource(UNIT).replace("ExecStart=@PYTHON@", f'ExecStart="{quoted}"')


def entry_text(python: Path) -> str:
    """Return the XDG autostart entry that starts the agent with this interpreter."""
    quoted = str(python)
    for special in '\\"`$':
        quoted = quoted.replace(special, f"\\{special}")
    # A value of a desktop file is unescaped once before its words are: backslashes are doubled again.
    quoted = quoted.replace("\\", "\\\\").replace("%", "%%")
    return _resource(ENTRY).replace("Exec=@PYTHON@", f'Exec="{quoted}"')


def _resource(name: str) -> str:
    return files("fyraften_agent").joinpath(name).read_text(encoding="utf-8")


def _is_ours(path: Path) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8", errors="replace").startswith(WRITTEN_BY_US)


def _write(path: Path, text: str, dry_run: bool) -> Step:
    if path.exists() and not _is_ours(path):
        raise ForeignFileError(path)
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return Step("kept", path)
    if not dry_run:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Step("wrote", path)


def _remove(path: Path, dry_run: bool) -> Step:
    if not dry_run:
        path.unlink()
    return Step("removed", path)


def _systemctl(words: Iterable[str]) -> bool:
    try:
        done = subprocess.run(["systemctl", "--user", *words], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
