"""The fences: who may import what, what may never appear in the code, and how big a room may be.

The rules are stated here once; each test that reads source text first shows, on a sentence made to offend, that it
would see an offence.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = {
    "fyraften_agent": ROOT / "agent",
    "fyraften_policy": ROOT / "policy",
    "fyraften_service": ROOT / "service",
}

# Each device or heavy library has the modules that may import it; nobody else does. A module named here must exist.
ONLY_IN = {
    "psutil": {"fyraften_agent.sensors.machine"},
    "pynput": {"fyraften_agent.sensors.x11_input", "fyraften_agent.sensors.windows_input"},
    "Xlib": {"fyraften_agent.sensors.full_screen", "fyraften_agent.sensors.x11_counter"},
    "plyer": {"fyraften_agent.telling.desktop_notices"},
    "sqlite_utils": {"fyraften_agent.store.migrations"},
    "apscheduler": {"fyraften_agent.collector"},
    "icalendar": {"fyraften_agent.exchange.calendar_file"},
    "typst": {"fyraften_agent.selfchecks.sheet"},
    "httpx": {"fyraften_agent.sending.transport"},
    "httpcore": {"fyraften_agent.sending.transport"},
    "keyring": {"fyraften_agent.consent.system_keyring"},
    "secretstorage": {"fyraften_agent.consent.system_keyring"},
    "jeepney": {
        "fyraften_agent.telling.desktop_notices",
        "fyraften_agent.indicator.peer",
        "fyraften_agent.sensors.bus",
        "fyraften_agent.consent.system_keyring",
    },
}
# Code that came from outside must never run: these turn data into code.
RUNS_DATA = {"eval", "exec", "compile", "__import__", "execfile"}
CARRIES_CODE = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "code", "codeop"}
# No switch may take the person's notice or state off the screen: such words name nothing in this code.
COVERT = re.compile(r"stealth|silent|hidden|invisible|covert", re.IGNORECASE)
LONGEST_MODULE = 400


def modules() -> list[tuple[str, Path]]:
    """Every Python module of the three packages: its dotted name and its file."""
    found = []
    for folder in PACKAGES.values():
        for path in sorted(folder.rglob("*.py")):
            words = path.relative_to(folder).with_suffix("").parts
            found.append((".".join(words[:-1] if words[-1] == "__init__" else words), path))
    return found


MODULES = modules()
each_module = pytest.mark.parametrize(("name", "path"), MODULES, ids=[name for name, _ in MODULES])


def imported(source: str, module: str, is_package: bool = False) -> Iterator[str]:
    """Every module that the source imports, anywhere in it, by its full dotted name."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = module.split(".") if is_package else module.split(".")[:-1]
            base = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*base, *([node.module] if node.module else [])])
            yield origin
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def imports_of(name: str, path: Path) -> set[str]:
    return set(imported(path.read_text(encoding="utf-8"), name, path.name == "__init__.py"))


def offences_against_received_data(source: str) -> list[str]:
    """Calls and imports that could run what was received."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RUNS_DATA:
            found.append(f"{node.func.id}() in line {node.lineno}")
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
            found += [f"import {name} in line {node.lineno}" for name in names if name.split(".")[0] in CARRIES_CODE]
        elif isinstance(node, ast.keyword) and node.arg == "shell" and not _is_false(node.value):
            found.append(f"shell= in line {node.value.lineno}")
    return found


def _is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def symbols(source: str) -> Iterator[tuple[str, int]]:
    """Every name that the source defines or uses: variables, functions, classes, attributes, arguments, options."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.alias(name=name):
                yield name, node.lineno
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name, node.lineno
            case ast.keyword(arg=str(name)):
                yield name, node.value.lineno
            case ast.Constant(value=str(text)) if re.fullmatch(r"-{0,2}[A-Za-z][A-Za-z0-9_.-]*", text):
                yield text, node.lineno  # an option, a key of a configuration or of an environment


# Who may import what


def test_the_three_packages_are_all_there_is_and_are_not_named_for_strangers() -> None:
    tops = {path.parent.name for folder in PACKAGES.values() for path in folder.glob("*/__init__.py")}

    assert tops == set(PACKAGES)
    assert not tops & {"agent", "policy", "service"}


def test_policy_imports_only_the_standard_library() -> None:
    allowed = sys.stdlib_module_names | {"fyraften_policy"}
    strange = {
        (name, other)
        for name, path in MODULES
        if name.startswith("fyraften_policy")
        for other in imports_of(name, path)
        if other.split(".")[0] not in allowed
    }

    assert strange == set()


def test_policy_has_no_clock_network_process_or_log() -> None:
    banned = {
        "socket",
        "ssl",
        "urllib",
        "http",
        "asyncio",
        "subprocess",
        "multiprocessing",
        "logging",
        "time",
        "sqlite3",
    }
    strange = {
        (name, other)
        for name, path in MODULES
        if name.startswith("fyraften_policy")
        for other in imports_of(name, path)
        if other.split(".")[0] in banned
    }

    assert strange == set()


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_is_imported_only_where_the_plan_says(library: str) -> None:
    users = {name for name, path in MODULES for other in imports_of(name, path) if other.split(".")[0] == library}

    assert users == ONLY_IN[library]


def test_an_import_is_seen_wherever_it_stands() -> None:
    source = "def late():\n    from ..sensors import machine\n    import psutil._common as x\n"

    assert set(imported(source, "fyraften_agent.cli.doctor")) == {
        "fyraften_agent.sensors",
        "fyraften_agent.sensors.machine",
        "psutil._common",
    }


def test_the_demo_cannot_import_real_sensors() -> None:
    strange = {
        (name, other)
        for name, path in MODULES
        if name.startswith("fyraften_agent.demo")
        for other in imports_of(name, path)
        if other.startswith("fyraften_agent.sensors.") and other.split(".")[2] not in ("InputSource",)
    }

    assert strange == set()


def strangers_loaded_by(module: str) -> list[str]:
    """Import one module in a fresh interpreter and return what came along from outside the standard library."""
    program = (
        f"import sys, {module}\n"
        "known = sys.stdlib_module_names | {'fyraften_agent', 'fyraften_policy', '__main__', '__mp_main__'}\n"
        "new = set(sys.modules) - before\n"
        "print(*sorted({name.split('.')[0] for name in new} - known))"
    )
    command = [sys.executable, "-c", f"import sys; before = set(sys.modules)\n{program}"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def test_the_supervisor_loads_the_standard_library_alone() -> None:
    assert strangers_loaded_by("fyraften_agent.supervisor") == []
    assert "sqlite_utils" in strangers_loaded_by(
        "fyraften_agent.store.migrations"
    )  # shows that a stranger would be seen


def loaded_by(module: str) -> set[str]:
    """Import one module in a fresh interpreter and return the names of everything that is loaded then."""
    program = f"import sys, {module}; print(*sys.modules)"
    return set(
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    )


def test_the_collector_loads_neither_rules_nor_notices_nor_libraries_that_no_tick_needs() -> None:
    heavy = {
        *("psutil", "plyer", "sqlite_utils", "holidays", "cryptography", "httpx", "tzlocal", "keyring"),
        *(
            "fyraften_policy.evaluate",
            "fyraften_policy.facts",
            "fyraften_agent.telling.notices",
            "fyraften_agent.sending.reports",
        ),
    }

    assert loaded_by("fyraften_agent.collector") & heavy == set()
    assert loaded_by("fyraften_agent.judging") >= {"fyraften_policy.evaluate", "fyraften_agent.telling.notices"}


def test_the_collector_is_the_only_one_that_leaves_asyncio_out() -> None:
    users = {name for name, path in MODULES if "fyraften_agent.recording.without_asyncio" in imports_of(name, path)}

    assert users == {"fyraften_agent.collector"}


def test_the_supervisor_loads_nothing_that_only_its_start_would_need() -> None:
    loaded = loaded_by("fyraften_agent.supervisor")

    assert loaded & {"argparse", "dataclasses", "inspect", "hashlib", "tempfile", "multiprocessing"} == set()


def test_nothing_makes_a_package_of_packaging_or_of_the_tests() -> None:
    assert list((ROOT / "packaging").rglob("__init__.py")) == []
    assert list((ROOT / "tests").rglob("__init__.py")) == []


# What may never appear


def test_an_offence_against_received_data_is_seen() -> None:
    source = "import pickle\nfrom marshal import loads\neval(x)\nsubprocess.run(x, shell=True)\n"

    assert len(offences_against_received_data(source)) == 4
    assert offences_against_received_data("import json, re\nre.compile('a')\nrun(x, shell=False)\n") == []


@each_module
def test_nothing_received_can_become_code(name: str, path: Path) -> None:
    assert offences_against_received_data(path.read_text(encoding="utf-8")) == []


def test_a_covert_symbol_is_seen() -> None:
    source = 'def start(run_hidden=False):\n    parser.add_argument("--silent")\n'

    assert {name for name, _ in symbols(source) if COVERT.search(name)} == {"run_hidden", "--silent"}


@pytest.mark.parametrize(("name", "path"), [module for module in MODULES if module[0].startswith("fyraften_agent")])
def test_no_symbol_on_the_laptop_speaks_of_acting_covertly(name: str, path: Path) -> None:
    found = [(symbol, line) for symbol, line in symbols(path.read_text(encoding="utf-8")) if COVERT.search(symbol)]

    assert found == []


# How a room is built


@each_module
def test_a_module_says_in_its_header_what_it_is_for(name: str, path: Path) -> None:
    header = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    first = header.splitlines()[0] if header else ""

    assert len(first) >= 15, f"{name} has no header that says what it is for"
    assert first.endswith((".", ":", "?")), f"the first line of {name} is not a sentence: {first}"


@each_module
def test_a_module_is_not_over_400_lines(name: str, path: Path) -> None:
    assert path.read_text(encoding="utf-8").count("\n") <= LONGEST_MODULE


@each_module
def test_a_module_takes_its_annotations_lazily_or_has_none(name: str, path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    functions = [
        node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]

    assert not functions or "from __future__ import annotations" in source


# Format, lint, types and import contracts


def test_the_project_checks_pass() -> None:
    """Runs the same script as ``make check``: ruff twice, mypy, import-linter."""
    checked = subprocess.run([ROOT / "scripts" / "check"], capture_output=True, text=True, timeout=280)

    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_check_script_fails_when_a_check_fails(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "check").write_bytes((ROOT / "scripts" / "check").read_bytes())
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    for program, code in (("ruff", 0), ("mypy", 1), ("lint-imports", 0)):
        (programs / program).write_text(f"#!/bin/sh\nexit {code}\n")
        (programs / program).chmod(0o755)

    checked = subprocess.run(["bash", tmp_path / "scripts" / "check"], capture_output=True, text=True)

    assert checked.returncode == 1
    assert checked.stdout.endswith("Not in order: mypy \n")
