"""What the X11 source refuses before it touches a display, and that its callback looks at nothing."""

from __future__ import annotations

import ast
import inspect
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fyraften_agent.sensors import SourceUnavailableError, x11_input
from fyraften_agent.sensors.x11_input import X11Input, local_display


@pytest.fixture
def sockets(tmp_path: Path) -> Iterator[Path]:
    """A folder in which a server answers on display 3, and one has left its socket on display 4."""
    with socket.socket(socket.AF_UNIX) as living:
        living.bind(str(tmp_path / "X3"))
        living.listen()
        with socket.socket(socket.AF_UNIX) as dead:
            dead.bind(str(tmp_path / "X4"))
        yield tmp_path


def callback() -> ast.FunctionDef:
    tree = ast.parse(inspect.getsource(x11_input))
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "X11Input"]
    return next(node for node in classes[0].body if isinstance(node, ast.FunctionDef) and node.name == "_note")


def test_the_callback_looks_at_no_argument_and_only_writes_the_time() -> None:
    function = callback()
    arguments = function.args
    used = {node.id for node in ast.walk(ast.Module(function.body, [])) if isinstance(node, ast.Name)}

    assert [argument.arg for argument in arguments.args] == ["self"]
    assert arguments.vararg is not None
    assert arguments.kwarg is None
    assert used == {"self", "time"}
    assert arguments.vararg.arg not in used
    assert [ast.unparse(statement) for statement in function.body] == ["self._last_input = time.monotonic()"]


def test_what_stands_where_pynput_decodes_asks_only_whether_there_was_anything() -> None:
    tree = ast.parse(inspect.getsource(x11_input))
    handlers = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == "_handler"]

    assert len(handlers) == 2
    for handler in handlers:
        (statement,) = handler.body
        assert ast.unparse(statement) == "if events.data:\n    note()\nelse:\n    self.listens.set()"


def test_the_callback_is_the_only_one_that_pynput_is_given() -> None:
    given = {
        ast.unparse(keyword.value)
        for node in ast.walk(ast.parse(inspect.getsource(x11_input)))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg is not None and keyword.arg.startswith("on_")
    }

    assert given == {"note"}
    assert "_import_listeners(self._note)" in inspect.getsource(X11Input.start)


def test_importing_the_module_neither_imports_pynput_nor_opens_a_display() -> None:
    program = "import sys, fyraften_agent.sensors.x11_input; print({'pynput', 'Xlib'} & set(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "set()"


@pytest.mark.parametrize(
    "environ",
    [{"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":3"}, {"XDG_SESSION_TYPE": "Wayland", "DISPLAY": ":3"}],
)
def test_a_wayland_session_is_refused_even_with_an_x_server(environ: dict[str, str], sockets: Path) -> None:
    with pytest.raises(SourceUnavailableError, match="Wayland") as refusal:
        local_display(environ, sockets)

    assert refusal.value.exit_code == 4


def test_no_display_is_said_in_one_line(sockets: Path) -> None:
    with pytest.raises(SourceUnavailableError, match="DISPLAY is not set"):
        local_display({}, sockets)


@pytest.mark.parametrize("display", ["localhost:10.0", "tcp/host:0", "192.0.2.1:0", "host:3", "nonsense"])
def test_a_display_of_another_computer_is_refused(display: str, sockets: Path) -> None:
    with pytest.raises(SourceUnavailableError, match="not on this computer"):
        local_display({"DISPLAY": display}, sockets)


@pytest.mark.parametrize("display", [":4", ":5"])
def test_a_display_whose_socket_is_dead_or_missing_is_refused(display: str, sockets: Path) -> None:
    with pytest.raises(SourceUnavailableError, match="No X server answers"):
        X11Input({"DISPLAY": display}, sockets).start()


@pytest.mark.parametrize(
    ("display", "spelled"),
    [(":3", "unix:3"), (":3.0", "unix:3.0"), ("unix:3", "unix:3"), ("unix/:3.1", "unix:3.1")],
)
def test_a_local_display_is_spelled_so_that_no_network_is_tried(display: str, spelled: str, sockets: Path) -> None:
    assert local_display({"DISPLAY": display}, sockets) == spelled


def test_a_source_that_was_not_started_is_not_alive_and_can_be_closed() -> None:
    source = X11Input({})
    source.close()

    assert not source.alive()
    assert source.last_input() is None
