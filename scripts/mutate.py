"""Change the rules one small thing at a time, and see whether the tests notice (part of ``make prove``).

mutmut makes the changes and runs the tests, on a copy of the package and of ``tests/policy`` below ``.cache/mutants``.
A change that the type checker refuses counts as noticed. What no test notices must stand in ``tests/policy/mutants``
with the reason why it cannot change an answer, and what stands there must still survive.

    scripts/mutate.py                       all modules
    scripts/mutate.py daily_rest pauses     some; each module has a copy of its own

A run that was ended goes on where it was; later runs try what is new, and again what survived. ``--anew`` forgets all.
Not here: how a survivor is named and compared (see ``survivors.py``).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from survivors import Comparison, Mutant, compare, named, read_list, texts_left_alone
from tests_that_matter import tests_that_matter, texts

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "policy" / "fyraften_policy"
LISTS = ROOT / "tests" / "policy" / "mutants"
WORK = ROOT / ".cache" / "mutants"
# Every rule is built on these: of all tests, those written for them are tried.
BESIDE_THE_RULES = ("intervals.py", "unknowns.py", "work_days.py", "local_times.py")
# These look at speed, memory and commands, not at an answer.
TESTS_LEFT_OUT = ("test_check", "test_speed", "test_usage")
HYPOTHESIS = ("-p", "no:cacheprovider", "-p", "prove_profile", "--hypothesis-profile=mutation")
SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
SURVIVED = ("survived", "no tests")
NOTICED = ("killed", "caught by type check", "timeout")
SETTINGS = """
[tool.mutmut]
source_paths = ["fyraften_policy"]
only_mutate = {modules}
also_copy = ["docs"]
pytest_add_cli_args = {hypothesis}
pytest_add_cli_args_test_selection = {tests}
type_check_command = {types}
# Every change starts from a process in which nothing has run: what a function has remembered cannot hide a change.
process_isolation = "forkserver"
use_git_change_detection = false
"""


class Outcome(NamedTuple):
    """What became of the changes of one module: how many ended in which way, and the survivors."""

    module: str
    counts: Mapping[str, int]
    survived: tuple[Mutant, ...]


def modules_named(names: Sequence[str]) -> list[Path]:
    """Return the modules of these names below the package, or all that are tried."""
    every = [Path(name) for name in BESIDE_THE_RULES]
    every += [path.relative_to(PACKAGE) for path in sorted((PACKAGE / "rules").glob("*.py")) if path.stem != "__init__"]
    by_name = {path.stem: path for path in every}
    if unknown := sorted(set(names) - set(by_name)):
        raise SystemExit(f"No such module: {', '.join(unknown)}. There are: {', '.join(sorted(by_name))}.")
    return [by_name[name] for name in names] if names else every


def tests_for(module: Path) -> list[str]:
    """Return the test files that say something about a module."""
    folder = ROOT / "tests" / "policy"
    files = [path for path in sorted(folder.rglob("test_*.py")) if path.stem not in TESTS_LEFT_OUT]
    if module.name in BESIDE_THE_RULES:
        return [str(path.relative_to(ROOT)) for path in files if path.stem.startswith(f"test_{module.stem}")]
    users = [*modules_named([]), *(path.relative_to(PACKAGE) for path in PACKAGE.glob("forecast*.py"))]
    sources = {path.stem: (PACKAGE / path).read_text(encoding="utf-8") for path in users}
    return tests_that_matter(
        module.stem, sources, texts(files, ROOT), texts(folder.glob("cases/*.toml"), folder / "cases")
    )


def prepare(folder: Path, module: Path, left_out: Sequence[str] = ()) -> None:
    """Bring package, tests and settings in ``folder`` up to date; what did not change keeps its results."""
    _follow(PACKAGE, folder / "fyraften_policy", folder / "mutants" / "fyraften_policy", [module])
    for name in ("tests/policy", "docs"):
        _follow(ROOT / name, folder / name, folder / "mutants" / name)
    _write(folder / "tests" / "conftest.py", (ROOT / "tests" / "conftest.py").read_bytes())
    path = f"fyraften_policy/{module.as_posix()}"
    settings = SETTINGS.format(
        modules=json.dumps([path]),
        hypothesis=json.dumps(HYPOTHESIS),
        tests=json.dumps([*tests_for(module), *(f"--deselect={test}" for test in left_out)]),
        types=json.dumps(["mypy", path, "--output", "json", "--disable-error-code", "unused-ignore"]),
    )
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    _write(folder / "pyproject.toml", (project + settings).encode())


def _follow(source: Path, copy: Path, second_copy: Path, changed: Sequence[Path] = ()) -> None:
    """Make ``copy`` like ``source``; forget in ``second_copy``, which the tool makes once only, what is not."""
    wanted = {
        path.relative_to(source) for path in source.rglob("*") if path.is_file() and "__pycache__" not in path.parts
    }
    present = {path.relative_to(copy) for path in copy.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    for path in present - wanted:
        (copy / path).unlink()
        for left in (second_copy / path, second_copy / f"{path}.meta", second_copy / f"{path}.spans"):
            left.unlink(missing_ok=True)
    for path in sorted(wanted):
        content = (source / path).read_bytes()
        if path in changed:
            content = texts_left_alone(content.decode()).encode()
        if _write(copy / path, content) and path not in changed:
            (second_copy / path).unlink(missing_ok=True)


def _files(folder: Path) -> set[Path]:
    every = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    return {path for path in every if not {"__pycache__", LISTS.name} & set(path.parts)}


def _write(path: Path, content: bytes) -> bool:
    """Write a file where its content differs, and say whether it did."""
    if path.exists() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return True


def digest(folder: Path) -> str:
    """Return a digest of everything a result depends on: package, tests, settings, installed packages."""
    total = hashlib.sha256((ROOT / "requirements" / "develop.txt").read_bytes())
    for name in sorted(_files(folder)):
        total.update(str(name).encode() + b"\0" + (folder / name).read_bytes())
    return total.hexdigest()


def keep_what_holds(folder: Path, module: Path, *, sure: bool) -> None:
    """Forget results of earlier runs: all that are not of this very state if ``sure``, else those a test may change.

    What was noticed once is kept then: tests are seldom taken away. A time-out may be the machine's: tried again.
    """
    notes, now = folder.with_name(f"{module.stem}.json"), digest(folder)
    noted = json.loads(notes.read_text()) if notes.exists() else {}
    results = folder / "mutants" / "fyraften_policy" / f"{module}.meta"
    if not results.exists() or (sure and noted.get("begun") != now):
        shutil.rmtree(folder / "mutants", ignore_errors=True)
        noted["begun"] = now
    else:
        kept = (0, 1, 33, 37) if noted.get("last") == now else (1, 37)  # survived, noticed, no test, refused by mypy
        content = json.loads(results.read_text(encoding="utf-8"))
        codes = content["exit_code_by_key"]
        content["exit_code_by_key"] = {name: code if code in kept else None for name, code in codes.items()}
        results.write_text(json.dumps(content, indent=4), encoding="utf-8")
    notes.write_text(json.dumps({**noted, "last": now}))


def in_folder(folder: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program of our environment on the copy in ``folder``, its output kept."""
    programs = Path(sys.executable).parent
    environ = os.environ | {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": f"{ROOT / 'scripts'}{os.pathsep}{folder}",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [str(programs / program), *arguments]
    return subprocess.run(command, cwd=folder, env=environ, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def outcome(folder: Path, module: Path) -> Outcome:
    """Return what became of the changes of a module."""
    prefix = ".".join(["fyraften_policy", *module.with_suffix("").parts, ""])
    lines = in_folder(folder, "mutmut", "results", "--all", "true").stdout.splitlines()
    states = dict(line.strip().split(": ") for line in lines if line.strip().startswith(prefix))
    open_ones = [name for name, state in states.items() if state in SURVIVED]
    changes = [(name, in_folder(folder, "mutmut", "show", name).stdout) for name in open_ones]
    return Outcome(module.stem, Counter(states.values()), tuple(named(module.stem, changes)))


def told(result: Outcome, comparison: Comparison, *, listed: int) -> Iterator[str]:
    """Yield the lines on one module: its numbers, and what it and its list disagree on."""
    counts = ", ".join(f"{count} {state}" for state, count in sorted(result.counts.items()))
    yield f"{result.module}: {sum(result.counts.values())} changes: {counts or 'none'}; {listed} listed"
    file = (LISTS / f"{result.module}.toml").relative_to(ROOT)
    for mutant in comparison.not_listed:
        yield f"\nNot noticed by any test, and not in {file}:\n{mutant.as_toml()}"
    for mutant in comparison.listed_in_vain:
        yield f"\nListed, but noticed by now, or no longer made; take it out:\n{mutant.as_toml()}"


def run(module: Path, *, processes: int, anew: bool, sure: bool) -> tuple[bool, str]:
    """Try the changes of a module, and return whether everything is in order, and what to tell."""
    folder = WORK / module.stem
    if anew:
        shutil.rmtree(folder, ignore_errors=True)
    prepare(folder, module)
    keep_what_holds(folder, module, sure=sure)
    done = in_folder(folder, "mutmut", "run", "--max-children", str(processes))
    failing = failing_tests(folder, module) if done.returncode else []
    if failing and not sure:
        prepare(folder, module, left_out=failing)
        done = in_folder(folder, "mutmut", "run", "--max-children", str(processes))
    fail = "\n    ".join(["These fail without any change, and are left out:", *failing, ""]) if failing else ""
    if done.returncode:
        return False, f"{fail}{_last_words(done.stdout)}\nNothing is shown about {module}: mutmut failed."
    in_order, lines = judged(outcome(folder, module))
    return in_order and not failing, fail + "\n".join(lines)


def failing_tests(folder: Path, module: Path) -> list[str]:
    """Return the tests that fail without any change."""
    done = in_folder(folder, "pytest", "-q", "--tb=no", "-rfE", *HYPOTHESIS, *tests_for(module))
    found = [line.partition(" ") for line in done.stdout.splitlines() if line.startswith(("FAILED ", "ERROR "))]
    return [test.partition(" - ")[0] for _, _, test in found]


def judged(result: Outcome) -> tuple[bool, list[str]]:
    """Return whether a module and its list agree, and the lines to tell."""
    listed = read_list(LISTS / f"{result.module}.toml")
    comparison = compare(result.survived, listed)
    unclear = sum(count for state, count in result.counts.items() if state not in (*SURVIVED, *NOTICED))
    lines = [*told(result, comparison, listed=len(listed))]
    if unclear:
        lines.append(f"\n{unclear} changes of {result.module} have no clear result: run this again.")
    return comparison.agree and not unclear, lines


def _last_words(output: str) -> str:
    """Return the end of a program's output without its moving signs."""
    return "\n".join([line for line in output.splitlines() if line[:1] not in SPINNER][-40:])


def main() -> int:
    """Try the changes; end with 1 where a survivor is not listed, or a listed one did not survive."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("modules", nargs="*", help="names of modules, such as daily_rest; all without one")
    options.add_argument("--anew", action="store_true", help="forget the results of earlier runs")
    options.add_argument("--sure", action="store_true", help="forget them if anything has changed since")
    options.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="how many at once")
    chosen = options.parse_args()
    modules = modules_named(chosen.modules)
    at_once = max(1, chosen.processes // len(modules))

    def try_out(module: Path) -> tuple[bool, str]:
        return run(module, processes=at_once, anew=chosen.anew, sure=chosen.sure)

    in_order = True
    with ThreadPoolExecutor(min(chosen.processes, len(modules))) as several:
        for fine, words in several.map(try_out, modules):
            print(words, flush=True)
            in_order &= fine
    return 0 if in_order else 1


if __name__ == "__main__":
    raise SystemExit(main())
