"""Real sensors cannot be imported in the demonstration, and its code does not try."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import fyraften_agent.demo
from fyraften_agent.demo.guard import (
    REFUSED,
    RealSensorError,
    RefuseRealSensors,
    is_refused,
    refuse_real_sensors,
)

DEMO = Path(fyraften_agent.demo.__file__).parent
OWN_FILES = [*sorted(DEMO.glob("*.py")), DEMO.parent / "cli" / "demo.py"]


def run(program: str) -> subprocess.CompletedProcess[str]:
    """Run a program in an interpreter of its own, because the guard cannot be taken away again."""
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)


def imported_by(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("module", REFUSED)
def test_a_real_sensor_cannot_be_imported_behind_the_guard(module: str) -> None:
    done = run(
        "from fyraften_agent.demo.guard import refuse_real_sensors\n"
        "refuse_real_sensors()\n"
        "try:\n"
        f"    import {module}\n"
        "except ImportError as refused:\n"
        "    print(type(refused).__name__)\n"
    )

    assert done.stdout.strip() == "RealSensorError", done.stderr


def test_without_the_guard_the_same_import_works() -> None:
    done = run("import fyraften_agent.sensors.x11_input, fyraften_agent.sensors.machine\nprint('imported')")

    assert done.stdout.strip() == "imported", done.stderr


def test_a_process_that_has_a_real_sensor_already_is_refused() -> None:
    done = run(
        "import fyraften_agent.sensors.machine\n"
        "from fyraften_agent.demo.guard import RealSensorError, refuse_real_sensors\n"
        "try:\n"
        "    refuse_real_sensors()\n"
        "except RealSensorError as refused:\n"
        "    print(refused)\n"
    )

    assert "fyraften demo" in done.stdout


def test_the_command_installs_the_guard_before_anything_else_of_the_demonstration() -> None:
    done = run(
        "import argparse, sys\n"
        "import fyraften_agent.sensors.network\n"
        "from fyraften_agent.cli.demo import demo\n"
        "try:\n"
        "    demo(argparse.Namespace(json=False, keep=None), None)\n"
        "except Exception as refused:\n"
        "    print(type(refused).__name__)\n"
        "print(*sorted(name for name in sys.modules if name.startswith('fyraften_agent.demo')))\n"
    )

    assert done.stdout.split() == ["RealSensorError", "fyraften_agent.demo", "fyraften_agent.demo.guard"], done.stderr


def test_everything_the_demonstration_imports_is_free_of_real_sensors() -> None:
    done = run(
        "import sys\n"
        "from fyraften_agent.demo.guard import is_refused, refuse_real_sensors\n"
        "refuse_real_sensors()\n"
        "import fyraften_agent.demo.telling, fyraften_agent.demo.sending, fyraften_agent.sender\n"
        "print([name for name in sys.modules if is_refused(name)])\n"
    )

    assert done.stdout.strip() == "[]", done.stderr


def test_the_guard_is_installed_once() -> None:
    finders: list[object] = []

    refuse_real_sensors(finders, loaded=())
    refuse_real_sensors(finders, loaded=())

    assert [type(finder) for finder in finders] == [RefuseRealSensors]


def test_other_modules_are_left_to_other_finders() -> None:
    finder = RefuseRealSensors()

    assert finder.find_spec("fyraften_agent.sensors", None) is None
    assert finder.find_spec("pynputs", None) is None
    with pytest.raises(RealSensorError):
        finder.find_spec("pynput.keyboard", None)


@pytest.mark.parametrize("path", OWN_FILES, ids=[path.stem for path in OWN_FILES])
def test_no_module_of_the_demonstration_imports_a_sensor_or_the_real_collector_process(path: Path) -> None:
    found = [
        name
        for name in imported_by(path.read_text(encoding="utf-8"))
        if is_refused(name) or name.startswith(("fyraften_agent.sensors.", "fyraften_agent.collector"))
    ]

    assert found == []


def test_such_an_import_would_be_seen() -> None:
    source = "def late():\n    from fyraften_agent.sensors import machine\n    import pynput.mouse\n"

    assert [name for name in imported_by(source) if is_refused(name)] == [
        "fyraften_agent.sensors.machine",
        "pynput.mouse",
    ]


def test_every_refused_part_of_the_agent_exists() -> None:
    own = [name for name in REFUSED if name.startswith("fyraften_agent.")]

    assert all((DEMO.parent.parent / f"{name.replace('.', '/')}.py").exists() for name in own)
