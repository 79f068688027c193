"""The agent on a real desktop: somebody types, and the store, the verdicts and the notices say so, and no more.

Most of it is one afternoon, lived once by a fixture and looked at by many tests.
Not here: pauses (``test_desktop_pauses``), what goes wrong (``test_desktop_trouble``).
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from e2e.agent_processes import (
    NO_AGREED_HOURS,
    Agent,
    agree_to_recording,
    command,
    files_that_hold,
    key_events,
    memory_holds,
    running_agent,
    socket_families,
    spellings,
    traced,
)
from e2e.desktop import Desktop, wait_until
from fyraften_agent.paths import Paths
from fyraften_agent.recording.activity import TICK_SECONDS
from fyraften_agent.store.store import Store

pytestmark = pytest.mark.desktop

# Instants are whole seconds, and a tick may come some milliseconds late.
A_TICK = TICK_SECONDS + 1
WORD = "fortrolighvalros"
CONTROL = "FYRAFTEN_HOME"  # a word that is in the memory of both processes, in their environment
KEYS = [key_events(WORD[place : place + 4]) for place in range(len(WORD) - 3)]


@dataclass(frozen=True)
class Afternoon:
    """What was there at the end of a few seconds of work."""

    began: float
    stopped: float
    sessions: list[tuple[Any, ...]]
    spans: list[tuple[Any, ...]]
    today: dict[str, Any]
    today_confirmed: dict[str, Any]
    notices: list[tuple[str, str]]
    in_memory: dict[str, set[bytes]]
    in_files: set[tuple[str, bytes]]
    sockets: set[str]
    exit_code: int
    seconds_to_end: float
    errors: str
    modes: dict[str, int]


@pytest.fixture(scope="module")
def afternoon(module_desktop: Desktop, module_home: Path) -> Afternoon:
    paths, trace = agree_to_recording(module_home), module_home / "trace"
    with Store.open(paths.work) as store:
        store.record_agreement(NO_AGREED_HOURS, int(time.time()))
    with running_agent(module_desktop.environ, module_home, trace) as agent:
        agent.wait_for("recording")
        began = time.time()
        module_desktop.type(WORD, delay_milliseconds=50)
        module_desktop.move_mouse(100, 200)
        while time.time() < began + 1.2 * TICK_SECONDS:
            time.sleep(2)
            module_desktop.type(f" {WORD}", delay_milliseconds=50)
        # Before the last input: what types may end long after its last key where the machine is busy.
        stopped = time.time()
        module_desktop.move_mouse(120, 220)
        # The scheduler's own tick, not one asked for.
        wait_until(lambda: agent.latest_end() >= int(stopped) - 1, "a tick saw the end", 1.5 * TICK_SECONDS)
        agent.look_now()
        # At a lull, which a tick sees, and after a judgement.
        is_told = "SELECT 1 FROM notices WHERE key LIKE 'out_of_hours:%' AND shown"
        wait_until(lambda: bool(agent.rows(is_told)), "told", 4 * TICK_SECONDS)
        sessions, spans = agent.rows("SELECT * FROM sessions"), agent.rows("SELECT start, end FROM spans")
        in_memory = {
            name: memory_holds(agent.pid(name), [*map(re.escape, spellings(WORD)), *KEYS, CONTROL.encode()])
            for name in ("collector", "supervisor")
        }
        today = json.loads(command(module_desktop.environ, module_home, "today", "--json").stdout)
        with Store.open(paths.work) as store:
            store.confirm(1, int(time.time()))
        today_confirmed = json.loads(command(module_desktop.environ, module_home, "today", "--json").stdout)
        before_end = time.monotonic()
        exit_code = agent.end()
        return Afternoon(
            began=began,
            stopped=stopped,
            sessions=sessions,
            spans=spans,
            today=today,
            today_confirmed=today_confirmed,
            notices=module_desktop.notices(),
            in_memory=in_memory,
            in_files=files_that_hold(module_home / "agent", [*spellings(WORD), b"out_of_hours:"]),
            sockets=socket_families(trace),
            exit_code=exit_code,
            seconds_to_end=time.monotonic() - before_end,
            errors=agent.errors,
            modes={file.name: file.stat().st_mode & 0o777 for file in [paths.folder, *paths.folder.rglob("*")]},
        )


def test_typing_makes_one_session_with_the_right_bounds(afternoon: Afternoon) -> None:
    ((start, end),) = afternoon.spans

    assert len(afternoon.sessions) == 1
    assert abs(start - afternoon.began) <= A_TICK
    assert abs(end - afternoon.stopped) <= A_TICK


def test_the_session_is_judged(afternoon: Afternoon) -> None:
    rule = "agreement.out_of_hours"
    (asked,) = [finding for finding in afternoon.today["findings"] if finding["rule"] == rule]
    (judged,) = [finding for finding in afternoon.today_confirmed["findings"] if finding["rule"] == rule]
    ((start, end),) = afternoon.spans

    assert asked["verdict"] == "attention"  # a few seconds by themselves: was it work?
    assert judged["verdict"] == "broken"
    assert judged["measured"] == end - start


def test_a_notice_about_it_was_on_the_desktop_once(afternoon: Afternoon) -> None:
    titles = [title for title, _body in afternoon.notices]

    assert titles.count("Work outside your agreed hours") == 1


def test_what_was_typed_is_in_no_file_of_the_agent(afternoon: Afternoon) -> None:
    assert {needle for _file, needle in afternoon.in_files} == {b"out_of_hours:"}  # which shows that files are searched


def test_what_was_typed_is_not_in_the_memory_of_the_agent(afternoon: Afternoon) -> None:
    control = {CONTROL.encode()}  # which shows that memory is searched

    assert afternoon.in_memory == {"collector": control, "supervisor": control}


def test_the_memory_search_finds_each_spelling_and_the_key_events_where_they_are() -> None:
    events = b"".join(bytes([2, code]) + bytes(62) for code in (24, 25, 26, 27))  # q w e r
    kept = [spelling + b"!" for spelling in spellings("somethingelse")] + [events]
    holder = (
        "import sys\n"
        "kept = [bytes(line, 'latin-1') for line in eval(sys.stdin.readline())]\n"
        "print('ready', flush=True)\n"
        "input()\n"
    )
    patterns = [*map(re.escape, kept[:-1]), key_events("qwer")]
    with subprocess.Popen([sys.executable, "-c", holder], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{[one.decode('latin-1') for one in kept]!r}\n".encode())
        process.stdin.flush()
        process.stdout.readline()
        found = memory_holds(process.pid, [*patterns, key_events("rewq")])
        process.kill()

    assert found == set(patterns)


def test_supervisor_and_collector_open_no_socket_but_those_of_this_computer(afternoon: Afternoon) -> None:
    assert afternoon.sockets == {"AF_UNIX"}


def test_the_trace_would_have_shown_a_network_socket_of_a_child(tmp_path: Path) -> None:
    child = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close(); socket.socketpair()"
    program = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}], check=True)"
    subprocess.run(traced([sys.executable, "-c", program], tmp_path / "trace"), check=True)

    assert socket_families(tmp_path / "trace") == {"AF_INET", "AF_UNIX"}


def test_everything_ends_within_two_seconds_of_the_signal_and_without_complaint(afternoon: Afternoon) -> None:
    assert afternoon.exit_code == 0
    assert afternoon.seconds_to_end < 2
    assert afternoon.errors == ""


def test_every_file_and_folder_is_private(afternoon: Afternoon) -> None:
    assert set(afternoon.modes) >= {"agent", "work.sqlite3", "ledger.sqlite3", "keys"}
    assert {name for name, mode in afternoon.modes.items() if mode & 0o077} == set()


# From here on each test has a desktop and an agent of its own.


def test_the_supervisor_does_not_wake_up_while_nothing_happens(agent: Agent) -> None:
    supervisor = agent.pid("supervisor")
    wait_until(lambda: has_come_to_rest(supervisor), "what woke it is over: the question for its number, the desktop")
    before = wake_ups(supervisor)
    time.sleep(3)
    idle = wake_ups(supervisor) - before
    agent.state()

    assert idle == 0
    assert wake_ups(supervisor) > before  # which shows that they are counted


def has_come_to_rest(pid: int) -> bool:
    before = wake_ups(pid)
    time.sleep(0.5)
    return wake_ups(pid) == before


def wake_ups(pid: int) -> int:
    statuses = [file.read_text(encoding="utf-8") for file in Path(f"/proc/{pid}/task").glob("*/status")]
    return sum(int(status.split("voluntary_ctxt_switches:")[1].split()[0]) for status in statuses)


@pytest.mark.parametrize("has_bus", [True, False])
def test_the_supervisor_loads_the_standard_library_alone_and_for_the_desktop_one_library_for_its_bus(
    desktop: Desktop, home: Path, paths: Paths, has_bus: bool
) -> None:
    program = (
        "import sys\n"
        "from fyraften_agent import supervisor\n"
        "code = supervisor.main(['--foreground'])\n"
        "others = {name.split('.')[0] for name in sys.modules} - sys.stdlib_module_names\n"
        "print('LOADED', sorted(others), flush=True)\n"
    )
    environ = {**desktop.environ, "FYRAFTEN_HOME": str(paths.folder)}
    if not has_bus:
        environ = {**environ, "DBUS_SESSION_BUS_ADDRESS": "", "XDG_RUNTIME_DIR": str(home / "none")}
    with subprocess.Popen(
        [sys.executable, "-P", "-c", program], env=environ, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL
    ) as process:
        agent = Agent(paths, process, home)
        wait_until(lambda: agent.state()["state"] == "recording", "it records")
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=10)
    (loaded,) = [line for line in out.decode().splitlines() if line.startswith("LOADED")]
    modules = set(loaded.removeprefix("LOADED ").strip("[]").replace("'", "").split(", "))

    # What a virtual environment's own start loads is not the supervisor's doing.
    assert {name for name in modules if not name.startswith(("_", "sitecustomize"))} == {
        "fyraften_agent",
        "fyraften_policy",
        *(["jeepney"] if has_bus else []),
    }
