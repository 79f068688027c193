"""What a newcomer's machine gets: hashed requirements, project commands, the systemd unit, and the wheel."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from fyraften_agent.autostart import unit_text

ROOT = Path(__file__).parents[1]
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)")
SCRIPTS = [path for path in sorted((ROOT / "scripts").iterdir()) if path.is_file() and path.suffix in ("", ".sh")] + [
    ROOT / ".ci" / "run"
]


def pins(name: str) -> dict[str, str]:
    lines = (ROOT / "requirements" / name).read_text().splitlines()
    return {found[1].lower(): found[2] for line in lines if (found := PIN.match(line))}


# Requirements


@pytest.mark.parametrize("name", ["run.txt", "develop.txt"])
def test_the_requirements_name_no_host_and_no_folder(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text()

    assert pins(name)
    for word in ("://", "--index-url", "--extra-index-url", "--find-links", " @ ", "file:"):
        assert word not in text


@pytest.mark.parametrize("name", ["run.txt", "develop.txt"])
def test_every_requirement_is_pinned_and_hashed(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text()
    entries = [entry for entry in re.split(r"\n(?=\S)", text) if entry.strip()]

    assert len(entries) == len(re.findall(r"(?m)^\S", text))
    assert [entry for entry in entries if not PIN.match(entry) or "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("name", ["run.txt", "develop.txt"])
def test_evdev_which_would_need_a_compiler_is_absent(name: str) -> None:
    assert "pynput" in pins(name)
    assert "evdev" not in pins(name)


# Where a module is called otherwise than its distribution; None: it is data for the standard library's zoneinfo.
# ``None``: read by the standard library, or by SQLAlchemy where the database is PostgreSQL.
MODULES = {"argon2-cffi": "argon2", "tzdata": None, "pg8000": None}


def test_what_is_required_is_imported() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    required = {
        re.split(r"[<>=!;\s\[]", wish)[0].lower()
        for wishes in project["optional-dependencies"].values()
        for wish in wishes
    }
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for package in ("agent", "policy", "service")
        for path in (ROOT / package).rglob("*.py")
    )
    imported = set(re.findall(r"(?m)^\s*(?:from|import) (\w+)", code))
    modules = {name: MODULES.get(name, name.replace("-", "_")) for name in required}

    assert {name for name, module in modules.items() if module is not None and module not in imported} == set()


def test_one_environment_serves_both_running_and_testing() -> None:
    run, develop = pins("run.txt"), pins("develop.txt")

    assert set(run.items()) <= set(develop.items())
    assert {"pytest", "mypy", "ruff"} <= set(develop) - set(run)


def test_no_lock_file_with_hosts_is_kept() -> None:
    assert not (ROOT / "uv.lock").exists()
    assert not (ROOT / "poetry.lock").exists()


# Project commands


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_can_be_read_by_bash(script: Path) -> None:
    checked = subprocess.run(["bash", "-n", str(script)], capture_output=True, text=True)

    assert checked.returncode == 0, checked.stderr
    assert script.suffix == ".sh" or os.access(script, os.X_OK)


def test_continuous_integration_runs_the_test_command_of_the_readme() -> None:
    command = "make test"

    assert f"exec {command} " in (ROOT / ".ci" / "run").read_text()
    assert re.search(rf"(?m)^{command}$", (ROOT / "README.md").read_text())


def project(folder: Path, code: int, demo: int = 0) -> Path:
    """A folder with the real scripts, and a ``fyraften`` that says what it was asked and ends with ``code``."""
    shutil.copytree(ROOT / "scripts", folder / "scripts")
    program = folder / ".venv" / "bin" / "fyraften"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\necho "fyraften $*"\n[ "$1" = demo ] && exit {demo}\nexit {code}\n')
    program.chmod(0o755)
    return folder


def project_with_python(folder: Path, ending: str = "exit 0") -> Path:
    """A folder as of :func:`project`, with a Python that says what it was asked and then ends as said."""
    python = project(folder, 0) / ".venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\necho "python $*"\n{ending}\n')
    python.chmod(0o755)
    return folder


def with_every_program(folder: Path) -> Path:
    """The same folder, as on a computer that lacks no program of the tests."""
    (folder / "scripts" / "programs.sh").write_text("missing_programs() { :; }\n")
    return folder


def make_run(folder: Path, **display: str) -> subprocess.CompletedProcess[str]:
    """Run ``scripts/run`` of a folder from :func:`project`, with these variables of a desktop session."""
    command, path = [folder / "scripts" / "run"], {"PATH": os.environ["PATH"]}
    return subprocess.run(command, capture_output=True, text=True, env={**path, **display}, check=False)


@pytest.mark.parametrize(
    ("code", "said", "ends_with"),
    [
        (0, ["fyraften run"], 0),
        (3, ["fyraften run"], 3),
        (4, ["fyraften run", "fyraften demo"], 0),
    ],
)
def test_make_run_shows_the_demo_only_where_there_is_no_display_to_watch(
    tmp_path: Path, code: int, said: list[str], ends_with: int
) -> None:
    done = make_run(project(tmp_path, code), DISPLAY=":0")

    assert done.stdout.splitlines() == said
    assert done.returncode == ends_with


def test_make_run_says_in_one_line_that_there_is_no_display(tmp_path: Path) -> None:
    done = make_run(project(tmp_path, 0))

    said = done.stdout.splitlines()
    assert said[0].startswith("There is no display here")
    assert said[1:] == ["fyraften demo"]


def test_the_exit_code_of_a_failed_demo_is_not_hidden(tmp_path: Path) -> None:
    assert make_run(project(tmp_path, 4, demo=1), DISPLAY=":0").returncode == 1


def bare_path(folder: Path, *programs: str) -> str:
    """A PATH on which only the programs named can be found."""
    folder.mkdir()
    for program in programs:
        found = shutil.which(program)
        assert found is not None
        (folder / program).symlink_to(found)
    return str(folder)


def test_without_a_new_enough_python_a_plain_word_is_said(tmp_path: Path) -> None:
    path = bare_path(tmp_path / "bin", "bash", "env")
    old = tmp_path / "bin" / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")  # what a Python 3.10 answers to the question
    old.chmod(0o755)

    done = subprocess.run([ROOT / "scripts" / "find-python"], env={"PATH": path}, capture_output=True, text=True)

    assert done.returncode == 1
    assert "Fyraften needs Python 3.11 or newer" in done.stderr


def test_what_is_missing_and_the_tests_left_out_are_named(tmp_path: Path) -> None:
    path = bare_path(tmp_path / "bin", "bash", "env", "dirname", "cut", "sort", "awk", "paste", "strace")
    folder = project_with_python(tmp_path / "project")

    done = subprocess.run([folder / "scripts" / "test"], env={"PATH": path}, capture_output=True, text=True)

    assert (
        "Not here: Xvfb xdotool dbus-daemon dunst notify-send. Left out: the tests on a virtual desktop" in done.stdout
    )
    assert "Not here: mutter kwin_wayland" in done.stdout
    assert "Left out: the tests in a real GNOME or KDE session" in done.stdout
    assert "Not here: chromium. Left out: the tests in a browser." in done.stdout
    assert "strace" not in done.stdout
    runs = [line for line in done.stdout.splitlines() if line.startswith("python ")]
    assert len(runs) == 2
    assert all(run.startswith("python -m pytest -m not browser and not desktop ") for run in runs)


def test_all_tests_are_run_those_that_share_nothing_in_two_processes(tmp_path: Path) -> None:
    folder = with_every_program(project_with_python(tmp_path))

    done = subprocess.run([folder / "scripts" / "test"], capture_output=True, text=True)

    first, second = (line for line in done.stdout.splitlines() if line.startswith("python "))
    apart = first.removeprefix("python -m pytest --numprocesses 2 --dist loadfile ").split()
    assert apart[:4] == ["tests/policy", "tests/agent", "tests/service", "tests/privacy"]
    assert second == f"python -m pytest tests {' '.join(f'--ignore={path}' for path in apart)}"
    assert [path for path in apart if not (ROOT / path).exists()] == []
    # Those that type, hear a bus or measure have a desktop to themselves.
    assert [path for path in apart[4:] if "mark.desktop" in (ROOT / path).read_text(encoding="utf-8")] == []


def test_what_is_chosen_by_arguments_is_run_in_one_process(tmp_path: Path) -> None:
    folder = with_every_program(project_with_python(tmp_path))

    done = subprocess.run([folder / "scripts" / "test", "-k", "two words"], capture_output=True, text=True)

    assert done.stdout.splitlines()[-1] == "python -m pytest -k two words"


@pytest.mark.parametrize(
    ("first", "second", "runs", "ends_with"), [(0, 0, 2, 0), (1, 0, 2, 1), (0, 1, 2, 1), (3, 1, 2, 1), (2, 0, 1, 2)]
)
def test_a_failure_in_one_half_is_no_success_and_only_an_interruption_keeps_the_other_from_running(
    tmp_path: Path, first: int, second: int, runs: int, ends_with: int
) -> None:
    folder = project_with_python(tmp_path, f'case "$*" in *loadfile*) exit {first} ;; *) exit {second} ;; esac')

    done = subprocess.run([folder / "scripts" / "test"], capture_output=True, text=True)

    assert done.returncode == ends_with
    assert done.stdout.count("python -m pytest") == runs


def test_where_nothing_may_be_installed_that_is_said_and_nothing_is_tried(tmp_path: Path) -> None:
    path = bare_path(tmp_path / "bin", "bash", "id")
    command = f". {ROOT}/scripts/programs.sh; install_packages xvfb"

    done = subprocess.run(["bash", "-c", command], env={"PATH": path}, capture_output=True, text=True)

    assert done.returncode == 1
    assert done.stderr == "apt-get is not on this system\n"


# The systemd unit


def verify(unit: Path) -> subprocess.CompletedProcess[str]:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed (Debian: systemd)")
    environ = os.environ | {"XDG_RUNTIME_DIR": str(unit.parent)}
    return subprocess.run(
        [program, "--user", "--man=no", "verify", str(unit)], env=environ, capture_output=True, text=True
    )


def test_the_unit_is_accepted_by_systemd_without_a_warning(tmp_path: Path) -> None:
    unit = tmp_path / "fyraften.service"
    unit.write_text(unit_text(Path(sys.executable)))

    verified = verify(unit)

    assert (verified.returncode, verified.stderr) == (0, "")


@pytest.mark.parametrize(
    ("line", "wrong", "complaint"),
    [
        ("Restart=on-failure", "Restart=on-sadness", "on-sadness"),
        ("NoNewPrivileges=yes", "NoNewPrivilege=yes", "NoNewPrivilege"),
        ("SystemCallFilter=~@clock", "SystemCallFilter=~@clockwork", "clockwork"),
        ('ExecStart="', 'ExecStart="/nowhere', "nowhere"),
    ],
)
def test_a_broken_unit_is_refused(tmp_path: Path, line: str, wrong: str, complaint: str) -> None:
    unit = tmp_path / "fyraften.service"
    text = unit_text(Path(sys.executable))
    unit.write_text(text.replace(line, wrong))

    verified = verify(unit)

    assert line in text
    assert complaint in verified.stderr


def test_the_unit_is_not_started_again_without_consent_or_display() -> None:
    prevented = re.search(r"(?m)^RestartPreventExitStatus=(.*)$", unit_text(Path(sys.executable)))

    assert prevented is not None
    assert {"3", "4"} <= set(prevented[1].split())


def test_packagers_find_the_one_copy_of_the_unit() -> None:
    theirs = ROOT / "packaging" / "linux-systemd" / "fyraften.service"

    assert theirs.resolve() == ROOT / "agent" / "fyraften_agent" / "fyraften.service"
    assert "@PYTHON@" in theirs.read_text()


# The wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built by the project's own build system from a copy of what git would keep."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("agent", "policy", "service", "packaging", "pyproject.toml", "README.md", "LICENSE"):
        path = ROOT / name
        if path.is_dir():
            shutil.copytree(path, source / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"), symlinks=True)
        else:
            shutil.copy(path, source)
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)],
        cwd=source,
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stderr
    (found,) = target.glob("fyraften-*.whl")
    return found


def test_the_wheel_holds_every_file_of_the_three_packages_and_the_compiled_catalogues(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())

    for folder in ("agent", "policy", "service"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                assert path.relative_to(ROOT / folder).as_posix() in inside
    assert {"fyraften_policy/wire.toml", "fyraften_agent/fyraften.service", "fyraften_agent/fyraften.desktop"} <= inside
    assert [name for name in inside if name.startswith("fyraften_policy/law/dk/") and name.endswith(".toml")]
    assert {"fyraften_agent/selfchecks/sheet.typ", "fyraften_agent/selfchecks/questions/dialogue.toml"} <= inside
    for package in ("fyraften_agent", "fyraften_policy", "fyraften_service"):
        for language in ("da", "nb"):
            assert f"{package}/locale/{language}/LC_MESSAGES/{package}.mo" in inside


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}

    assert {top for top in tops if not top.endswith(".dist-info")} == {
        "fyraften_agent",
        "fyraften_policy",
        "fyraften_service",
    }


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with nothing but the wheel in it."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=True)
    install = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True, capture_output=True, timeout=240)
    return folder


FACTS = {
    "jurisdiction": "DK",
    "zone": "Europe/Copenhagen",
    "public_holidays": [],
    "work": [
        {"start": "2026-01-13T08:00", "end": "2026-01-13T21:30"},
        {"start": "2026-01-14T08:00", "end": "2026-01-14T16:00"},
    ],
}


def test_the_rules_of_an_installed_wheel_need_nothing_but_python(installed: Path) -> None:
    program = (
        "import json, sys\n"
        "from fyraften_policy.evaluate import evaluate\n"
        "from fyraften_policy.facts import read_facts\n"
        "print(evaluate(read_facts(json.load(sys.stdin))).as_json(str)['summary']['dk.rest.daily'])"
    )
    python = [installed / "bin" / "python", "-c", program]

    done = subprocess.run(python, input=json.dumps(FACTS), capture_output=True, text=True, timeout=60)

    assert done.stdout == "broken\n", done.stderr


def test_an_installed_wheel_with_its_libraries_judges_a_file_of_facts_in_danish(
    installed: Path, tmp_path: Path
) -> None:
    libraries = sysconfig.get_path("purelib")
    (found,) = installed.glob("lib/python*/site-packages")
    (found / "libraries.pth").write_text(f"{libraries}\n")  # a .pth file further down is not followed: no checkout
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps(FACTS))
    origin = [installed / "bin" / "python", "-c", "import fyraften_agent; print(fyraften_agent.__file__)"]
    fyraften = [installed / "bin" / "fyraften", "--language", "da", "check", str(facts), "--json"]

    come_from = subprocess.run(origin, capture_output=True, text=True, cwd=tmp_path, timeout=60)
    done = subprocess.run(fyraften, capture_output=True, text=True, cwd=tmp_path, timeout=60)

    assert come_from.stdout.startswith(str(installed))
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["summary"]["dk.rest.daily"] == "broken"
    assert [step for step in answer["findings"][0]["steps"] if step.startswith("Work from")] == []
