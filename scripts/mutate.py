"""Change the rules one small thing at a time, and see whether the tests notice (part of ``make prove``).

mutmut makes the changes, on a copy of the package and of ``tests/policy`` below ``.cache/mutants``. One that the type
checker refuses counts as noticed. The others are tried in forks (``in_forks.py``), and what survives these is tried
once more, in a process that begins with the change. What no test notices must stand in ``tests/policy/mutants`` with
the reason why it cannot change an answer, and what stands there must still survive.

    scripts/mutate.py                       all modules
    scripts/mutate.py daily_rest pauses     some; each module has a copy of its own

A run that was ended goes on where it was; later runs try what is new, and again what survived. ``--anew`` forgets all.
Without ``--sure``, what is listed is not tried once more: that it survives the forks is enough.
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
import time
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
BESIDE_THE_RULES = ("intervals.py", "unknowns.py", "work_days.py", "local_times.py", "forecast.py")
# These look at speed, memory and commands, not at an answer.
TESTS_LEFT_OUT = ("test_check", "test_speed", "test_usage")
HYPOTHESIS = ("-p", "no:cacheprovider", "-p", "prove_profile", "--hypothesis-profile=mutation")
NOTICED_CODE = 1
NOT_CONFIRMED = "not checked"  # mutmut's word
SURVIVED = ("survived", NOT_CONFIRMED)
NOTICED = ("killed", "caught by type check", "timeout")
SETTINGS = """
[tool.mutmut]
source_paths = ["fyraften_policy"]
only_mutate = {modules}
also_copy = ["docs"]
pytest_add_cli_args = {hypothesis}
pytest_add_cli_args_test_selection = {tests}
type_check_command = {types}
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


def prepare(folder: Path, module: Path) -> None:
    """Bring package, tests and settings in ``folder`` up to date; what did not change keeps its results."""
    _follow(PACKAGE, folder / "fyraften_policy", folder / "mutants" / "fyraften_policy", [module])
    for name in ("tests/policy", "docs"):
        _follow(ROOT / name, folder / name, folder / "mutants" / name)
    _write(folder / "tests" / "conftest.py", (ROOT / "tests" / "conftest.py").read_bytes())
    path = f"fyraften_policy/{module.as_posix()}"
    settings = SETTINGS.format(
        modules=json.dumps([path]),
        hypothesis=json.dumps(HYPOTHESIS),
        tests=json.dumps(tests_for(module)),
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
    results = results_of(folder, module)
    if not results.exists() or (sure and noted.get("begun") != now):
        shutil.rmtree(folder / "mutants", ignore_errors=True)
        noted["begun"] = now
    else:
        kept = (0, 1, 37) if noted.get("last") == now else (1, 37)  # survived, noticed, refused by mypy
        content = json.loads(results.read_text(encoding="utf-8"))
        codes = content["exit_code_by_key"]
        content["exit_code_by_key"] = {name: code if code in kept else None for name, code in codes.items()}
        results.write_text(json.dumps(content, indent=4), encoding="utf-8")
    notes.write_text(json.dumps({**noted, "last": now}))


def results_of(folder: Path, module: Path) -> Path:
    """Return the file in which mutmut keeps what became of the changes of a module."""
    return folder / "mutants" / "fyraften_policy" / f"{module}.meta"


def in_folder(folder: Path, program: str, *arguments: str, change: str = "") -> subprocess.CompletedProcess[str]:
    """Run a program of our environment on the copy in ``folder``, its output kept, with a change or without any."""
    programs = Path(sys.executable).parent
    environ = os.environ | {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": f"{ROOT / 'scripts'}{os.pathsep}{folder}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "MUTANT_UNDER_TEST": change,
    }
    command = [str(programs / program), *arguments]
    return subprocess.run(command, cwd=folder, env=environ, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def states(folder: Path, module: Path) -> dict[str, str]:
    """Return what became of each change of a module, by mutmut's name."""
    prefix = ".".join(["fyraften_policy", *module.with_suffix("").parts, ""])
    lines = in_folder(folder, "mutmut", "results", "--all", "true").stdout.splitlines()
    return dict(line.strip().split(": ") for line in lines if line.strip().startswith(prefix))


def survivors(folder: Path, module: Path) -> dict[str, Mutant]:
    """Return the changes of a module that nothing has noticed, by mutmut's name."""
    names = [name for name, state in states(folder, module).items() if state in SURVIVED]
    return named(module.stem, {name: in_folder(folder, "mutmut", "show", name).stdout for name in names})


def told(result: Outcome, comparison: Comparison, *, listed: int) -> Iterator[str]:
    """Yield the lines on one module: its numbers, and what it and its list disagree on."""
    words = {NOT_CONFIRMED: "survived the forks"}
    counts = ", ".join(f"{count} {words.get(state, state)}" for state, count in sorted(result.counts.items()))
    yield f"{result.module}: {sum(result.counts.values())} changes: {counts or 'none'}; {listed} listed"
    file = (LISTS / f"{result.module}.toml").relative_to(ROOT)
    for mutant in comparison.not_listed:
        yield f"\nNot noticed by any test, and not in {file}:\n{mutant.as_toml()}"
    for mutant in comparison.listed_in_vain:
        yield f"\nListed, but noticed by now, or no longer made; take it out:\n{mutant.as_toml()}"


def run(module: Path, *, anew: bool, sure: bool) -> tuple[bool, str]:
    """Try the changes of a module, and return whether everything is in order, and what to tell."""
    folder, begun = WORK / module.stem, time.monotonic()
    if anew:
        shutil.rmtree(folder, ignore_errors=True)
    prepare(folder, module)
    keep_what_holds(folder, module, sure=sure)
    done = in_folder(folder, "python", str(ROOT / "scripts" / "in_forks.py"))
    if done.returncode:
        return False, f"{done.stdout[-4000:]}\nNothing is shown about {module}: the tests could not be run."
    noted = folder / "mutants" / "failing.json"
    failing = json.loads(noted.read_text()) if noted.exists() else []
    left, listed = survivors(folder, module), read_list(LISTS / f"{module.stem}.toml")
    confirm(folder, module, [name for name in left if sure or left[name] not in listed], failing)
    ended = states(folder, module)
    survived = tuple(mutant for name, mutant in left.items() if ended[name] in SURVIVED)
    in_order, lines = judged(Outcome(module.stem, Counter(ended.values()), survived), listed)
    lines[0] += f" ({time.monotonic() - begun:.0f} s)"
    fail = ["These fail without any change, and are left out:", *failing] if failing else []
    return in_order and not failing, "\n".join([*fail, *lines])


def confirm(folder: Path, module: Path, names: Sequence[str], failing: Sequence[str]) -> None:
    """Try what no fork noticed in a process of its own: what was remembered while tests were collected hides no change.

    All tests of the module's files are run, but those that fail without any change.
    """
    results = results_of(folder, module)
    content = json.loads(results.read_text(encoding="utf-8"))
    codes = content["exit_code_by_key"]
    arguments = ["-q", "-x", "--tb=no", *HYPOTHESIS, *(f"--deselect={test}" for test in failing), *tests_for(module)]
    for name in [name for name in names if codes[name] is None]:
        code = in_folder(folder / "mutants", "pytest", *arguments, change=name).returncode
        codes[name] = NOTICED_CODE if code in (1, 2, 3) else code  # 2: a test file could not be read, 3: pytest failed
        results.write_text(json.dumps(content, indent=4), encoding="utf-8")


def judged(result: Outcome, listed: Mapping[Mutant, str]) -> tuple[bool, list[str]]:
    """Return whether a module and its list agree, and the lines to tell."""
    comparison = compare(result.survived, listed)
    unclear = sum(count for state, count in result.counts.items() if state not in (*SURVIVED, *NOTICED))
    lines = [*told(result, comparison, listed=len(listed))]
    if unclear:
        lines.append(f"\n{unclear} changes of {result.module} have no clear result: run this again.")
    return comparison.agree and not unclear, lines


def main() -> int:
    """Try the changes; end with 1 where a survivor is not listed, or a listed one did not survive."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("modules", nargs="*", help="names of modules, such as daily_rest; all without one")
    options.add_argument("--anew", action="store_true", help="forget the results of earlier runs")
    options.add_argument(
        "--sure", action="store_true", help="forget them if anything has changed since, and confirm what is listed"
    )
    options.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="how many modules at once")
    chosen = options.parse_args()
    modules = modules_named(chosen.modules)

    def try_out(module: Path) -> tuple[bool, str]:
        return run(module, anew=chosen.anew, sure=chosen.sure)

    in_order = True
    with ThreadPoolExecutor(min(chosen.processes, len(modules))) as several:
        for fine, words in several.map(try_out, modules):
            print(words, flush=True)
            in_order &= fine
    return 0 if in_order else 1


if __name__ == "__main__":
    raise SystemExit(main())
