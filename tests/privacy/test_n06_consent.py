"""N6: nothing is collected or sent without a valid, signed consent event, and nothing else can make one.

A fresh computer with every option, variable and file somebody could think of: no consent, no record, no packet.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

import fyraften_agent
from fyraften_agent.consent.binding import ElsewhereError
from fyraften_agent.consent.ledger import PURPOSES, one_year_after
from fyraften_agent.consent.ledger_store import Consents, Ledger
from fyraften_agent.paths import Paths
from fyraften_agent.verify_ledger import verify

PACKAGE = Path(next(iter(fyraften_agent.__path__)))
NOW = 1_790_000_000
# What an administrator might hope for, in the environment or as an option.
WISHES = ("CONSENT", "ACCEPT", "AGREE", "YES", "ASSUME_YES", "SILENT", "HEADLESS", "FORCE", "POLICY", "CI", "DEMO")
OPTIONS = ("--yes", "-y", "--accept", "--agree", "--force", "--silent", "--no-input", "--consent", "--word=birk")
# The only code that may write that somebody agreed, after a word was typed. (The demonstration's is in memory, marked.)
MAY_GIVE = {"cli/consent_giving.py"}


def run(folder: Path, *words: str, keyboard: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "fyraften_agent.cli", *words],
        input=keyboard,
        env={**os.environ, "FYRAFTEN_HOME": str(folder), "LC_ALL": "C.UTF-8", **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def wishful() -> dict[str, str]:
    """Return every wish as a variable, set to a yes."""
    return {f"{start}{wish}": "1" for wish in WISHES for start in ("", "FYRAFTEN_")}


@pytest.mark.parametrize("purpose", PURPOSES)
def test_no_variable_gives_consent(tmp_path: Path, purpose: str) -> None:
    done = run(tmp_path / "home", "consent", "give", purpose, keyboard="yes\nbirk\n" * 50, **wishful())

    assert done.returncode == 3
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("option", OPTIONS)
def test_no_option_gives_consent(tmp_path: Path, option: str) -> None:
    done = run(tmp_path / "home", "consent", "give", "recording", option)

    assert done.returncode == 2
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("module", ["collector", "sender"])
def test_a_process_started_without_consent_makes_no_file(tmp_path: Path, module: str) -> None:
    home = tmp_path / "home"
    done = subprocess.run(
        [sys.executable, "-m", f"fyraften_agent.{module}"],
        stdin=subprocess.DEVNULL,
        env={**os.environ, "FYRAFTEN_HOME": str(home), **wishful()},
        capture_output=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == (3 if module == "collector" else 0)
    assert not home.exists()


@pytest.mark.parametrize("name", ["consent.json", "config.toml", "policy.toml", "ledger.json", "fyraften.toml"])
def test_no_file_laid_ready_gives_consent(tmp_path: Path, name: str) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / name).write_text('{"consent": true, "recording": "given", "accepted": ["recording", "group", "duty"]}')

    assert not any(Consents(Paths(home)).is_given(purpose, NOW) for purpose in PURPOSES)


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    """A folder with a valid consent, whole and signed, as somebody else could prepare it elsewhere."""
    folder = tmp_path / "prepared"
    with Ledger.open(Paths(folder)) as ledger:
        for purpose in PURPOSES:
            ledger.give(purpose, int(time.time()) - 60, "text", "en", 1)
    return folder


def test_a_folder_prepared_elsewhere_gives_no_consent(prepared: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(prepared, home)

    for purpose in PURPOSES:
        with pytest.raises(ElsewhereError, match=f"fyraften consent give {purpose}"):
            Consents(Paths(home)).is_given(purpose, int(time.time()))
    for module in ("verify_ledger", "collector", "supervisor"):
        done = subprocess.run(
            [sys.executable, "-m", f"fyraften_agent.{module}"],
            stdin=subprocess.DEVNULL,
            env={**os.environ, "FYRAFTEN_HOME": str(home)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 6, module
        assert "another computer" in done.stderr, module
    assert not (home / "work.sqlite3").exists()
    assert run(home, "run").returncode == 6


def test_the_same_folder_where_it_was_prepared_is_believed(prepared: Path) -> None:
    """The positive control: it is the place that is refused."""
    assert Consents(Paths(prepared)).is_given("recording", int(time.time()))


def test_what_was_given_elsewhere_can_be_taken_back(prepared: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    prepared.rename(home)

    assert run(home, "consent", "withdraw", "recording").returncode == 0
    assert Consents(Paths(home)).state("recording", int(time.time())).state == "withdrawn"


def start(folder: Path, module: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", f"fyraften_agent.{module}"],
        stdin=subprocess.DEVNULL,
        env={**os.environ, "FYRAFTEN_HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def a_year_before(now: int) -> int:
    """Return the latest instant at which a consent has run out by ``now``."""
    given = now - 366 * 86_400
    while one_year_after(given + 1) <= now:
        given += 1 if one_year_after(given + 3600) > now else 3600
    return given


def test_a_consent_that_has_run_out_starts_nothing_and_is_written_down_once(tmp_path: Path) -> None:
    paths, now = Paths(tmp_path / "home"), int(time.time())
    with Ledger.open(paths) as ledger:
        for purpose in PURPOSES:
            ledger.give(purpose, a_year_before(now), "text", "en", 1)
    for module, code in (("verify_ledger", 3), ("collector", 3), ("supervisor", 3), ("sender", 0)):
        done = start(paths.folder, module)

        assert done.returncode == code, done
        assert "Traceback" not in done.stderr
    assert not paths.work.exists()
    kinds = [event.kind for event in verify(paths)]
    assert kinds.count("expired") == len(PURPOSES)


def test_a_consent_with_an_hour_left_still_holds(tmp_path: Path) -> None:
    """The positive control, on the real process that the supervisor asks."""
    paths, now = Paths(tmp_path / "home"), int(time.time())
    with Ledger.open(paths) as ledger:
        ledger.give("recording", a_year_before(now) + 3600, "text", "en", 1)

    assert start(paths.folder, "verify_ledger").returncode == 0


def test_an_exported_file_of_consents_gives_none_where_it_is_brought(prepared: Path, tmp_path: Path) -> None:
    file = tmp_path / "consents.json"
    assert run(prepared, "consent", "export", str(file)).returncode == 0
    home = tmp_path / "home"

    assert run(home, "consent", "verify", str(file)).returncode == 0
    assert run(home, "import", str(file)).returncode != 0
    assert run(home, "run").returncode == 3
    assert not (home / "ledger.sqlite3").exists()


def test_only_one_module_writes_that_somebody_agreed() -> None:
    givers = {
        file.relative_to(PACKAGE).as_posix()
        for file in PACKAGE.rglob("*.py")
        if not file.relative_to(PACKAGE).as_posix().startswith("demo/") and _gives(ast.parse(file.read_text()))
    }

    assert givers == MAY_GIVE


def _gives(tree: ast.Module) -> bool:
    """Say whether code calls ``Ledger.give``, or appends an event ``given``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            texts = [one.value for one in node.args if isinstance(one, ast.Constant)]
            if node.func.attr == "give" or (node.func.attr in ("append", "next_event") and "given" in texts):
                return True
    return False


def test_the_search_for_givers_finds_one() -> None:
    """The positive control of the search above."""
    assert _gives(ast.parse("ledger.give('recording', 1, '', 'en', 1)"))
    assert _gives(ast.parse("ledger.append('given', 'recording', 1)"))
    assert not _gives(ast.parse("ledger.append('withdrawn', 'recording', 1)"))
