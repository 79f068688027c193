"""The X11 source on a real X server, with real key and mouse events."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from Xlib.ext import record

from e2e.agent_processes import key_events, memory_holds
from e2e.desktop import Desktop, wait_until
from fyraften_agent.sensors import SourceUnavailableError
from fyraften_agent.sensors.x11_input import X11Input

pytestmark = pytest.mark.desktop


@pytest.fixture
def source(display: Desktop) -> Iterator[X11Input]:
    source = X11Input(display.environ)
    source.start()
    yield source
    source.close()


def test_nothing_is_seen_before_anything_happens(source: X11Input) -> None:
    assert source.alive()
    assert source.last_input() is None


@pytest.mark.parametrize("action", ["key", "move", "click", "wheel"])
def test_each_kind_of_input_moves_the_time_of_the_latest_input(source: X11Input, display: Desktop, action: str) -> None:
    before = time.monotonic()
    {
        "key": lambda: display.key("a"),
        "move": lambda: display.move_mouse(10, 20),
        "click": display.click,
        "wheel": lambda: display._do("click", "4"),
    }[action]()
    wait_until(lambda: source.last_input() is not None, "the event arrived")
    seen = source.last_input()

    assert seen is not None
    assert before <= seen <= time.monotonic()


def test_it_has_started_when_the_x_server_listens_and_not_before(
    display: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is typed while a busy computer has yet to ask the X server would be taken for free time."""
    ask = record.EnableContext

    def ask_late(**request: object) -> None:
        time.sleep(1)
        ask(**request)

    monkeypatch.setattr(record, "EnableContext", ask_late)
    source = X11Input(display.environ)
    source.start()
    display.key("a")
    wait_until(lambda: source.last_input() is not None, "the event arrived")
    source.close()


def test_the_source_keeps_nothing_of_the_input_but_one_time(source: X11Input, display: Desktop) -> None:
    display.type("fortroligt")
    wait_until(lambda: source.last_input() is not None, "the event arrived")
    state = {name: value for name, value in vars(source).items() if name not in ("_environ", "_sockets", "_listeners")}

    assert list(state) == ["_last_input"]
    assert isinstance(state["_last_input"], float)


def test_keys_that_arrive_together_leave_no_word_in_memory(display: Desktop) -> None:
    """A process that was held up reads many events at once; what it has read must not stay together."""
    word = "fortrolighvalros"
    listening = (
        "import os, sys\n"
        "from fyraften_agent.sensors.x11_input import X11Input\n"
        "source = X11Input(os.environ)\n"
        "source.start()\n"
        "print('ready', flush=True)\n"
        "for line in sys.stdin:\n"
        "    print(source.last_input(), flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", listening], env=display.environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None

        def asked() -> str:
            print(file=process.stdin, flush=True)
            return process.stdout.readline() if process.stdout else ""

        process.stdout.readline()
        # Ready is told a moment before the server is asked to record: what is typed in between is not heard.
        display.key("a")
        wait_until(lambda: asked() != "None\n", "it listens")
        os.kill(process.pid, signal.SIGSTOP)
        display.type(word)
        typed_at = time.monotonic()
        os.kill(process.pid, signal.SIGCONT)
        wait_until(lambda: float(asked()) > typed_at, "the events arrived")
        pieces = [key_events(word[place : place + 4]) for place in range(len(word) - 3)]
        found = memory_holds(process.pid, [b"X11Input", *pieces])
        process.kill()

    assert found == {b"X11Input"}  # which shows that memory is searched


def test_closing_cuts_the_connection_at_once_without_a_further_event(source: X11Input, display: Desktop) -> None:
    display.key("a")
    wait_until(lambda: source.last_input() is not None, "the event arrived")
    listeners = list(source._listeners)
    sockets = sockets_of_this_process()
    began = time.monotonic()
    source.close()
    took = time.monotonic() - began
    seen = source.last_input()
    display.type("after")

    assert took < 0.5
    assert not any(listener.is_alive() for listener in listeners)
    assert sockets_of_this_process() == sockets - 4
    assert source.last_input() == seen
    assert not source.alive()


def test_closing_does_not_hang_when_the_x_server_does_not_answer(source: X11Input, display: Desktop) -> None:
    os.kill(display.server.pid, signal.SIGSTOP)
    began = time.monotonic()
    try:
        listeners = list(source._listeners)
        source.close()
        took = time.monotonic() - began
        alive = [listener.is_alive() for listener in listeners]
    finally:
        os.kill(display.server.pid, signal.SIGCONT)

    assert took < 3
    assert alive == [False, False]


def test_a_display_that_ends_is_noticed(source: X11Input, display: Desktop) -> None:
    display.server.terminate()
    display.server.wait(5)
    wait_until(lambda: not source.alive(), "the source is dead", seconds=5)
    source.close()

    assert not source.alive()


def test_a_display_that_ended_before_the_start_is_refused(display: Desktop) -> None:
    display.server.terminate()
    display.server.wait(5)

    with pytest.raises(SourceUnavailableError, match="No X server answers"):
        X11Input(display.environ).start()


def test_a_source_can_be_started_again_on_a_new_display(source: X11Input, display: Desktop) -> None:
    source.close()
    source.start()
    display.key("a")

    wait_until(lambda: source.last_input() is not None, "the event arrived")


def sockets_of_this_process() -> int:
    links = [os.readlink(entry.path) for entry in os.scandir("/proc/self/fd") if os.path.islink(entry.path)]
    return sum(link.startswith("socket:") for link in links)
