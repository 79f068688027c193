"""What the kernel is asked to refuse to the processes that run unwatched, and whether it does: tried at every start.

The collector, and the process that judges, which it starts: no socket but UNIX sockets; no file but the system's own to
read and Fyraften's own to change. The sender: at once no file of Fyraften's but the ledger and the keys, so not the raw
records; and, once the names of the services are resolved, no socket but TCP to their ports. Neither may look into or
signal another program. If one crashes, no copy of its memory is kept. Nothing of it can be taken back, and children
inherit it: so neither starts the other.

Each process then tries what it may not do. Where the kernel offers less, that is told; where the kernel took a rule and
the trial succeeds all the same, the process refuses to work.
Not here: the kernel's calls (``landlock``, ``seccomp``), telling and recording (``sandbox.notes``).
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import socket
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from fyraften_agent.errors import MissingPartError
from fyraften_agent.paths import Paths, default_paths
from fyraften_agent.sandbox import landlock, seccomp
from fyraften_agent.sandbox.landlock import CHANGE, CHANGE_FILE, READ, RUN, Allowed
from fyraften_policy.languages import mark
from fyraften_policy.sentences import Sentence

COLLECTOR, SENDER = "collector", "sender"
NETWORK, FILES, RECORDS, PORT, OTHERS = "network", "files", "records", "port", "others"
GUARDS = {COLLECTOR: (NETWORK, FILES, OTHERS), SENDER: (RECORDS, NETWORK, PORT, OTHERS)}
_LANDLOCK_SINCE = {
    FILES: landlock.WRITING_SINCE,
    RECORDS: landlock.READING_SINCE,
    PORT: landlock.PORTS_SINCE,
    OTHERS: landlock.OTHERS_SINCE,
}
_BY_FILTER = {NETWORK, PORT}

_PROGRAMS = ("/usr", "/lib", "/lib32", "/lib64", "/libx32", "/bin", "/sbin", "/etc", "/opt", "/nix", "/gnu", "/snap")
# Not all of /run, where desktops put what belongs to the person: keyrings, other computers' files, documents.
_SYSTEM = (
    *("/run/systemd", "/run/resolvconf", "/run/NetworkManager", "/run/nscd", "/run/dbus"),
    *("/var/lib/dbus", "/var/lib/ca-certificates", "/dev/zero", "/dev/random", "/dev/urandom"),
)
# Not all of /proc, where the command line of every program stands, with the names of its documents; nor all of /sys for
# the sender, where the addresses of this computer stand. The collector reads router, start, lid and battery there.
_KERNEL = {
    COLLECTOR: ("/proc/self/net", "/proc/stat", "/proc/asound", "/proc/sys", "/sys"),
    SENDER: ("/proc/sys", "/sys/devices/system/cpu"),
}
_NOT_THERE = {errno.ENOENT, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT, errno.ESOCKTNOSUPPORT, errno.EINVAL}
_HTTPS = 443
_OPEN = {
    NETWORK: mark("The system's kernel was told to close the network to this process, and it is open."),
    FILES: mark("The system's kernel was told to close your own files to this process, and they are open."),
    RECORDS: mark("The system's kernel was told to close the records to the process that sends, and they are open."),
    PORT: mark("The system's kernel was told to close all other ports to the process that sends, and they are open."),
    OTHERS: mark("The system's kernel was told to close other programs to this process, and they are open."),
}


class SandboxOpenError(MissingPartError):
    """The kernel took a rule, and what it forbids could be done all the same."""

    def __init__(self, process: str, guard: str) -> None:
        super().__init__(
            mark("{problem} So the process does nothing. See: fyraften doctor --privacy"),
            problem=Sentence(_OPEN[guard]),
        )
        self.process, self.guard = process, guard


class Kernel(NamedTuple):
    """What this kernel offers: the version of Landlock, 0 for none; and whether it takes filters of system calls."""

    landlock: int
    seccomp: bool


class Report(NamedTuple):
    """What holds for a process: the guards that were tried and refused it, and those that the kernel does not offer."""

    process: str
    held: tuple[str, ...]
    lacking: tuple[str, ...]
    kernel: Kernel

    def as_event(self) -> dict[str, object]:
        """Return it as a line for the supervisor, and as it is recorded."""
        return {
            "event": "sandbox",
            "process": self.process,
            "held": list(self.held),
            "lacking": list(self.lacking),
            "landlock": self.kernel.landlock,
            "seccomp": self.kernel.seccomp,
        }


def offered() -> Kernel:
    """Return what this kernel offers."""
    return Kernel(landlock.version(), seccomp.is_offered())


def confine_collector(paths: Paths, kernel: Kernel | None = None) -> Report:
    """Close to this process, for good, what a collector does not need; return what holds.

    To be called before the first thread is started.

    Args:
        kernel: what to use of it; all that it offers by default.

    Raises:
        SandboxOpenError: something could be done that was closed.
    """
    leave_no_memory()
    kernel = kernel or offered()
    allowed = [*_system_files(COLLECTOR), Allowed("/dev/null", CHANGE_FILE), Allowed(paths.folder, CHANGE)]
    allowed += [Allowed(file, READ) for file in _display_keys()]
    # Where the database needs a file for a moment: not in a folder for all, which is closed.
    os.environ["SQLITE_TMPDIR"] = os.fspath(paths.folder)
    kernel = _closed(kernel, allowed, (), abstract_sockets=True)
    kernel = _filtered(kernel, seccomp.ONLY_UNIX)
    return _tried(COLLECTOR, kernel, {NETWORK: _network(COLLECTOR), FILES: _files(paths), OTHERS: _others()})


class SenderSandbox:
    """The sender's sandbox, in its two steps: the files at once, the network when the services' names are known."""

    def __init__(self, paths: Paths, kernel: Kernel | None = None) -> None:
        """Close the raw records to this process for good. Before the first thread; see :func:`confine_collector`."""
        leave_no_memory()
        self._kernel, self._paths = kernel or offered(), paths
        allowed = [*_system_files(SENDER), *(Allowed(path, READ) for path in _certificates())]
        allowed += [Allowed("/dev/null", CHANGE_FILE), Allowed(paths.folder, landlock.READ_DIR)]
        allowed += [Allowed(file, CHANGE_FILE) for file in _ledger_files(paths)]
        allowed += [Allowed(paths.keys, CHANGE)]
        self._allowed = allowed
        # Names are still to be resolved: by UDP, by TCP, or by a program behind a UNIX socket.
        self._kernel = _closed(self._kernel, allowed, None, abstract_sockets=True)
        _tried(SENDER, self._kernel, {RECORDS: _records(paths)})

    def leave_only(self, ports: Iterable[int]) -> Report:
        """Leave no socket but TCP to these ports, and try it; return what holds."""
        kept = sorted(set(ports))
        kernel = _closed(self._kernel, self._allowed, kept, abstract_sockets=False)
        kernel = _filtered(kernel, seccomp.ONLY_TCP)
        trials = {
            RECORDS: _records(self._paths),
            NETWORK: _network(SENDER),
            PORT: _other_port(kept),
            OTHERS: _others(),
        }
        return _tried(SENDER, kernel, trials)


# Closing


def leave_no_memory() -> None:
    """Let the system keep no copy of this process's memory, nor of its children's, if it crashes; not on Windows.

    With a limit of one byte Linux writes no file, and hands nothing to a program that collects crashes; with none at
    all it would still hand that program everything.
    """
    if sys.platform != "win32":
        import resource  # only where there is such a limit

        _soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
        limit = 0 if hard == 0 else 1
        resource.setrlimit(resource.RLIMIT_CORE, (limit, limit))


def _closed(kernel: Kernel, allowed: list[Allowed], ports: Iterable[int] | None, *, abstract_sockets: bool) -> Kernel:
    """Ask Landlock, and return the kernel; without Landlock where it refused. ``ports`` None: they stay as they are."""
    if kernel.landlock:
        try:
            landlock.restrict(allowed, ports, abstract_sockets=abstract_sockets, abi=kernel.landlock)
        except landlock.LandlockError:
            return kernel._replace(landlock=0)
    return kernel


def _filtered(kernel: Kernel, sockets: seccomp.Sockets) -> Kernel:
    if kernel.seccomp:
        try:
            seccomp.restrict(sockets)
        except seccomp.SeccompError:
            return kernel._replace(seccomp=False)
    return kernel


def _system_files(process: str) -> Iterator[Allowed]:
    """Yield what programs and Python itself consist of, and what the system says of itself: nobody's documents."""
    python = {sys.prefix, sys.base_prefix, sys.exec_prefix, os.path.dirname(os.path.realpath(sys.executable))}
    modules = [path for path in sys.path if path and not _is_within(os.path.expanduser("~"), path)]
    yield from (Allowed(path, RUN) for path in (*_PROGRAMS, *sorted(python), *modules))
    yield from (Allowed(path, READ) for path in (*_SYSTEM, *_held(_KERNEL[process])))


def _held(paths: Iterable[str]) -> Iterator[str]:
    """Yield those that are there, each opened for good: a rule ends when the kernel forgets what nobody holds."""
    for path in paths:
        with contextlib.suppress(OSError):
            os.open(path, getattr(os, "O_PATH", os.O_RDONLY))  # held, not read
            yield path


def _display_keys() -> Iterator[str]:
    """Yield the file with which a program shows the display that it may use it; no folder that a variable names."""
    file = os.environ.get("XAUTHORITY") or os.path.expanduser("~/.Xauthority")
    if os.path.isfile(file):
        yield file


def _certificates() -> Iterator[str]:
    """Yield where the certificates lie that this computer trusts."""
    import ssl  # only for who sends

    found = ssl.get_default_verify_paths()
    yield from (path for path in (found.cafile, found.capath, found.openssl_cafile, found.openssl_capath) if path)


def _ledger_files(paths: Paths) -> list[Path]:
    """Return the ledger's files, its journal made if need be: a rule names a file that is there."""
    journal = paths.ledger.with_name(f"{paths.ledger.name}-journal")
    if paths.ledger.exists():
        os.close(os.open(journal, os.O_RDWR | os.O_CREAT, 0o600))
    return [paths.ledger, journal]


# Trying

Trial = Callable[[], object]


def _tried(process: str, kernel: Kernel, trials: Mapping[str, Iterable[Trial]]) -> Report:
    """Try what was closed; raises :class:`SandboxOpenError` at the first success."""
    held, lacking = [], []
    for guard, attempts in trials.items():
        if not _is_closed(guard, kernel):
            lacking.append(guard)
            continue
        if not all(_is_refused(attempt) for attempt in attempts):
            raise SandboxOpenError(process, guard)
        held.append(guard)
    return Report(process, tuple(held), tuple(lacking), kernel)


def _is_closed(guard: str, kernel: Kernel) -> bool:
    """Say whether the kernel took the rule. That for ports is passed by without a filter: by fast opening, and SCTP."""
    return (kernel.seccomp or guard not in _BY_FILTER) and kernel.landlock >= _LANDLOCK_SINCE.get(guard, 0)


def _is_refused(attempt: Trial) -> bool:
    """Say whether an attempt meets a refusal, or nothing that could be refused."""
    try:
        attempt()
    except PermissionError:
        return True
    except OSError as problem:
        return problem.errno in _NOT_THERE
    return False


def _network(process: str) -> Iterator[Trial]:
    """Yield attempts at sockets of the closed families, at datagrams, by which names are asked for, and at raw ones."""
    closed = (socket.AF_INET, socket.AF_INET6) if process == COLLECTOR else (socket.AF_UNIX,)
    kinds = [(family, socket.SOCK_STREAM) for family in closed]
    kinds += [(socket.AF_INET, socket.SOCK_DGRAM), (socket.AF_INET6, socket.SOCK_DGRAM)]
    kinds += [(socket.AF_NETLINK, socket.SOCK_RAW), (socket.AF_PACKET, socket.SOCK_RAW)]
    yield from (partial(_make_socket, family, kind) for family, kind in kinds)


def _files(paths: Paths) -> Iterator[Trial]:
    """Yield attempts at the person's folder, and at leaving a file where everybody may."""
    home = os.path.expanduser("~")
    if not _is_within(paths.folder, home) or not _is_within(home, paths.folder):  # unless they are one
        yield partial(_open, home)
    yield from (partial(_leave_a_file, Path(folder)) for folder in ("/tmp", "/dev/shm"))


def _records(paths: Paths) -> Iterator[Trial]:
    """Yield attempts at the raw records, and at a new file beside them, which may be tried where there are none yet."""
    yield from (partial(_open, f"{paths.work}{end}") for end in ("", "-wal", "-shm", "-held"))
    yield partial(_leave_a_file, paths.folder)


def _other_port(ports: Iterable[int]) -> Iterator[Trial]:
    """Yield an attempt at a port of this computer that is none of these: nothing leaves it, whatever comes of it."""
    kept = set(ports)
    yield partial(_connect, next(number for number in range(1, 1 << 16) if number not in kept))


def _others() -> Iterator[Trial]:
    """Yield attempts at the process that started this one: its memory and words, and a signal that says nothing."""
    parent = max(1, os.getppid())  # 0 where it is in another container
    yield from (partial(_open, f"/proc/{parent}/{name}") for name in ("mem", "cmdline"))
    yield partial(os.kill, parent, 0)


def _open(path: str) -> None:
    os.close(os.open(path, os.O_RDONLY))


def _leave_a_file(folder: Path) -> None:
    path = folder / f".fyraften-probe-{os.getpid()}"
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    path.unlink(missing_ok=True)


def _make_socket(family: int, kind: int) -> None:
    socket.socket(family, kind).close()


def _connect(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tried:
        tried.settimeout(1)
        tried.connect(("127.0.0.1", port))


def _is_within(path: str | os.PathLike[str], folder: str | os.PathLike[str]) -> bool:
    inner, outer = os.path.realpath(path), os.path.realpath(folder)
    return os.path.commonpath([inner, outer]) == outer


def main() -> int:
    """Confine this process as the one that the first argument names, try it, and print what holds as JSON."""
    process, paths = sys.argv[1], default_paths(os.environ)
    try:
        report = confine_collector(paths) if process == COLLECTOR else SenderSandbox(paths).leave_only([_HTTPS])
    except SandboxOpenError as problem:
        print(json.dumps({"event": "sandbox", "process": process, "open": problem.guard}))
        return problem.exit_code
    print(json.dumps(report.as_event()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
