"""The lists of changes that no test can notice; how changes are named, tried and compared; which tests are run."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]
LISTS = sorted((ROOT / "tests" / "policy" / "mutants").glob("*.toml"))
PACKAGE = ROOT / "policy" / "fyraften_policy"
DIFF = """\
# fyraften_policy.rules.pauses.x_judge__mutmut_3: survived
--- fyraften_policy/rules/pauses.py
+++ fyraften_policy/rules/pauses.py
@@ -{line},4 +{line},4 @@
     Raises:
         NotInForceError: the law has no value.
     \"\"\"
-    return least <= longest
+    return {after}
     # the end
"""


def load_script(name: str) -> ModuleType:
    specification = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


survivors = load_script("survivors")
tests_that_matter = load_script("tests_that_matter")


def mutant(**changed: object) -> object:
    values = {"module": "pauses", "function": "judge", "before": "a < b", "after": "a <= b"}
    return survivors.Mutant(**(values | changed))


# The lists


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_every_listed_change_is_still_possible_and_has_its_reason(path: Path) -> None:
    sources = [*PACKAGE.glob(f"{path.stem}.py"), *PACKAGE.glob(f"rules/{path.stem}.py")]
    assert len(sources) == 1, f"{path.name} is named for no module"
    source = sources[0].read_text(encoding="utf-8")

    for listed, reason in survivors.read_list(path).items():
        assert survivors.no_longer_there(listed, source) is None
        assert len(reason.split()) >= 5


def test_an_entry_written_for_a_list_is_read_back_as_the_same_change(tmp_path: Path) -> None:
    entries = [mutant(before='say("a\\n")', after='say("XXaXX")'), mutant(function="Kind.judge", number=2)]
    path = tmp_path / "pauses.toml"
    path.write_text("\n\n".join(entry.as_toml("It is so.") for entry in entries), encoding="utf-8")

    assert survivors.read_list(path) == dict.fromkeys(entries, "It is so.")


def test_a_module_without_a_list_has_nothing_listed(tmp_path: Path) -> None:
    assert survivors.read_list(tmp_path / "pauses.toml") == {}


@pytest.mark.parametrize(("reasons", "words"), [(["So.", "So."], "twice"), (["  "], "no reason")])
def test_a_list_with_an_entry_twice_or_without_a_reason_is_an_error(
    tmp_path: Path, reasons: list[str], words: str
) -> None:
    path = tmp_path / "pauses.toml"
    path.write_text("\n".join(mutant().as_toml(reason) for reason in reasons), encoding="utf-8")

    with pytest.raises(ValueError, match=words):
        survivors.read_list(path)


def test_a_survivor_that_is_not_listed_and_a_listed_change_that_did_not_survive_are_both_told() -> None:
    listed, new, gone = mutant(), mutant(after="a > b"), mutant(function="gone")

    comparison = survivors.compare([listed, new], [listed, gone])

    assert comparison.not_listed == (new,)
    assert comparison.listed_in_vain == (gone,)
    assert not comparison.agree
    assert survivors.compare([listed], [listed]).agree


# Names that survive


def test_a_change_keeps_its_name_when_its_line_moves() -> None:
    here, there = (
        list(
            survivors.named(
                "pauses", {f"rules.pauses.x_judge__mutmut_{number}": DIFF.format(line=line, after="no")}
            ).values()
        )
        for number, line in ((3, 4), (17, 40))
    )

    assert here == there == [mutant(before="return least <= longest", after="return no")]


def test_the_same_change_of_a_line_that_is_there_twice_gets_a_number() -> None:
    diff = DIFF.format(line=1, after="no")
    ninth, tenth = (f"rules.pauses.x_judge__mutmut_{number}" for number in (9, 10))

    found = survivors.named("pauses", {tenth: diff, ninth: diff})

    assert [found[ninth].number, found[tenth].number] == [1, 2]


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("fyraften_policy.rules.pauses.x_judge__mutmut_3", "judge"),
        ("fyraften_policy.rules.pauses.x__judge_day__mutmut_12", "_judge_day"),
        ("fyraften_policy.rules.pauses.xǁStretchǁ__len____mutmut_1", "Stretch.__len__"),
    ],
)
def test_the_function_is_read_from_the_name_the_tool_gives(name: str, function: str) -> None:
    assert survivors.function_of(name) == function


def test_what_is_no_name_of_a_change_is_an_error() -> None:
    with pytest.raises(ValueError, match="no name of a mutant"):
        survivors.function_of("fyraften_policy.rules.pauses.judge")


def test_a_line_taken_away_has_nothing_after_it_and_several_lines_become_one() -> None:
    diff = "@@ -1,3 +1,1 @@\n call(\n-    a=1,\n-    b=2,\n )\n"

    assert survivors.lines_of(diff) == ("a=1, b=2,", "")


def test_a_sentence_is_named_as_it_stands_in_the_module() -> None:
    diff = '@@ -1,1 +1,1 @@\n-    say(mark("""Rest."""), least)\n+    say(mark("""Rest."""), None)\n'

    assert survivors.lines_of(diff) == ('say(mark("Rest."), least)', 'say(mark("Rest."), None)')


def test_a_diff_that_shows_no_change_is_an_error() -> None:
    with pytest.raises(ValueError, match="no change"):
        survivors.lines_of("@@ -1,1 +1,1 @@\n-    a\n+  a\n")


# A list cannot outlive the code

SOURCE = """
def judge(a: int, b: int) -> bool:
    message = mark("a < b")
    return (
        a < b
        and a < b
    )


class Kind:
    def judge(self) -> bool:
        return self.good
"""


@pytest.mark.parametrize(
    ("entry", "answer"),
    [
        (mutant(), None),
        (mutant(before="return ( a < b"), None),
        (mutant(number=4), "no line reads a < b"),
        (mutant(before="b < a"), "no line reads b < a"),
        (mutant(function="gone"), "there is no function gone"),
        (mutant(function="Kind.judge", before="return self.good"), None),
        (mutant(before='message = mark("a < b")'), None),
    ],
)
def test_an_entry_whose_line_or_function_is_gone_is_seen(entry: object, answer: str | None) -> None:
    assert survivors.no_longer_there(entry, SOURCE) == answer


# Sentences are left alone


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('mark("Rest.")', 'mark("""Rest.""")'),
        ('_("Rest.")', '_("""Rest.""")'),
        ('mark(\n    "One. "  # why\n    "Two."\n)', 'mark(\n    """One. """  # why\n    """Two."""\n)'),
        ('(mark("Å"), "b", mark("c"))', '(mark("""Å"""), "b", mark("""c"""))'),
    ],
)
def test_sentences_for_people_stand_where_the_tool_changes_nothing(before: str, after: str) -> None:
    assert survivors.texts_left_alone(before) == after
    assert eval(before, {"mark": "".join, "_": "".join}) == eval(after, {"mark": "".join, "_": "".join})


@pytest.mark.parametrize(
    "source",
    ['remark("broken")', 'return "broken"', 'mark("""x""")', "mark('x')", 'mark("say \\"")', 'mark(word, "x")'],
)
def test_every_other_text_is_changed_and_noticed(source: str) -> None:
    assert survivors.texts_left_alone(source) == source


# Which tests matter

SOURCES = {
    "week": "from fyraften_policy.facts import Facts",
    "rest": 'from fyraften_policy.rules.week import starts\nRULE = "no.rest"',
    "night": 'from fyraften_policy.rules import rest\nRULE = "no.night"',
    "pauses": 'RULE = "advice.pauses"',
}


@pytest.mark.parametrize(
    ("module", "found"),
    [
        ("week", ["by_case.py", "by_id.py", "by_import.py"]),
        ("rest", ["by_case.py", "by_id.py"]),
        ("night", ["by_id.py"]),
        ("pauses", []),
    ],
)
def test_a_test_matters_if_it_names_a_rule_of_the_module_or_imports_it(module: str, found: list[str]) -> None:
    tests = {
        "by_import.py": "from fyraften_policy.rules.week import starts",
        "by_case.py": 'CASES = cases("rests.toml")',
        "by_id.py": 'assert verdict(document, "no.night")',
        "by_chance.py": "assert evaluate(document)  # no.night",
    }

    matter = tests_that_matter.tests_that_matter(module, SOURCES, tests, {"rests.toml": 'rule = "no.rest"'})

    assert matter == found


def test_a_test_matters_if_it_reads_files_of_cases_by_a_pattern_that_one_of_the_rule_has() -> None:
    tests = {"both.py": 'FOLDER.glob("re*.toml")', "other.py": 'FOLDER.glob("pauses_*.toml")'}

    matter = tests_that_matter.tests_that_matter("rest", SOURCES, tests, {"rests.toml": 'rule = "no.rest"'})

    assert matter == ["both.py"]


def test_a_test_matters_if_it_is_named_for_a_user_of_the_module() -> None:
    tests = {"tests/policy/test_night_by_law.py": "", "tests/policy/test_pauses.py": ""}

    matter = tests_that_matter.tests_that_matter("rest", SOURCES, tests, {})

    assert matter == ["tests/policy/test_night_by_law.py"]


def test_users_are_found_through_others() -> None:
    assert tests_that_matter.users("week", SOURCES) == {"week", "rest", "night"}
    assert tests_that_matter.users("night", SOURCES) == {"night"}


# What an earlier run found out


@pytest.fixture
def mutate(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(ROOT / "scripts")
    return load_script("mutate")


RESULTS = {"refused": 37, "noticed": 1, "survived": 0, "too slow": 36, "open": None}


def earlier_run(folder: Path) -> Path:
    """Lay out a copy of a module ``rules/pauses.py`` with a result of each kind."""
    results = folder / "mutants" / "fyraften_policy" / "rules" / "pauses.py.meta"
    results.parent.mkdir(parents=True, exist_ok=True)
    results.write_text(json.dumps({"exit_code_by_key": RESULTS}), encoding="utf-8")
    (folder / "tests").mkdir(exist_ok=True)
    return results


def kept(results: Path) -> set[str]:
    codes = json.loads(results.read_text(encoding="utf-8"))["exit_code_by_key"] if results.exists() else {}
    return {name for name, code in codes.items() if code is not None}


def test_a_run_that_goes_on_keeps_every_result_but_a_time_out(tmp_path: Path, mutate: ModuleType) -> None:
    folder, module = tmp_path / "pauses", Path("rules/pauses.py")
    (folder / "tests").mkdir(parents=True)
    mutate.keep_what_holds(folder, module, sure=False)
    results = earlier_run(folder)

    mutate.keep_what_holds(folder, module, sure=False)

    assert kept(results) == {"refused", "noticed", "survived"}


def test_after_a_new_test_what_survived_is_tried_again(tmp_path: Path, mutate: ModuleType) -> None:
    folder, module = tmp_path / "pauses", Path("rules/pauses.py")
    results = earlier_run(folder)
    mutate.keep_what_holds(folder, module, sure=False)
    earlier_run(folder)
    (folder / "tests" / "test_pauses.py").write_text("", encoding="utf-8")

    mutate.keep_what_holds(folder, module, sure=False)

    assert kept(results) == {"refused", "noticed"}


def test_to_be_sure_everything_is_tried_again_after_any_change(tmp_path: Path, mutate: ModuleType) -> None:
    folder, module = tmp_path / "pauses", Path("rules/pauses.py")
    (folder / "tests").mkdir(parents=True)
    mutate.keep_what_holds(folder, module, sure=True)
    results = earlier_run(folder)

    mutate.keep_what_holds(folder, module, sure=True)
    of_the_same_state = kept(results)
    (folder / "tests" / "test_pauses.py").write_text("", encoding="utf-8")
    mutate.keep_what_holds(folder, module, sure=True)

    assert of_the_same_state == {"refused", "noticed", "survived"}
    assert kept(results) == set()


# Changes are tried in forks

SMALL = """
def is_enough(hours: int) -> bool:
    return hours > 10


def longest(hours: list[int]) -> int:
    found = 0
    for one in hours:
        if one >= found:
            found = one
    return found
"""
TESTS_OF_SMALL = """
from fyraften_policy.small import is_enough, longest


def test_eleven_hours_are_enough_and_ten_are_not():
    assert is_enough(11)
    assert not is_enough(10)


def test_the_longest():
    assert longest([1, 3, 2]) == 3


def test_that_fails_without_any_change():
    assert not is_enough(11)
"""
SETTINGS = """
[tool.pytest.ini_options]
addopts = ["--import-mode=importlib"]
[tool.mutmut]
source_paths = ["fyraften_policy"]
only_mutate = ["fyraften_policy/small.py"]
also_copy = ["tests", "pyproject.toml"]
pytest_add_cli_args_test_selection = ["tests/test_small.py"]
type_check_command = ["mypy", "fyraften_policy/small.py", "--output", "json", "--disable-error-code", "unused-ignore"]
use_git_change_detection = false
"""


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder in which the changes of a small module have been tried."""
    folder = tmp_path_factory.mktemp("small")
    files = {
        "fyraften_policy/__init__.py": "",
        "fyraften_policy/small.py": SMALL,
        "tests/test_small.py": TESTS_OF_SMALL,
        "pyproject.toml": SETTINGS,
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    environ = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, str(ROOT / "scripts" / "in_forks.py")]
    done = subprocess.run(command, cwd=folder, env=environ, text=True, capture_output=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return folder


def results_in(folder: Path, function: str) -> set[int | None]:
    content = json.loads((folder / "mutants" / "fyraften_policy" / "small.py.meta").read_text(encoding="utf-8"))
    return {code for name, code in content["exit_code_by_key"].items() if f"x_{function}__" in name}


def test_a_change_is_noticed_by_a_test_or_refused_by_the_type_checker(tried: Path) -> None:
    assert results_in(tried, "is_enough") == {1}
    assert 37 in results_in(tried, "longest")


def test_a_change_that_no_test_can_notice_stays_open(tried: Path) -> None:
    assert None in results_in(tried, "longest")


def test_a_test_that_fails_without_any_change_notices_none_and_is_told(tried: Path) -> None:
    failing = json.loads((tried / "mutants" / "failing.json").read_text(encoding="utf-8"))

    assert failing == ["tests/test_small.py::test_that_fails_without_any_change"]


in_forks = load_script("in_forks")


def run(seconds: float, function: str = "judge", passed: bool = True) -> object:
    return in_forks.Run(frozenset({function}), seconds, passed)


@pytest.mark.parametrize(
    ("noticed", "order"),
    [([], [3, 0]), ([0], [0, 3]), ([4, 0], [4, 0, 3])],
)
def test_first_come_the_tests_that_noticed_a_change_of_the_function_then_the_quickest(
    noticed: list[int], order: list[int]
) -> None:
    most = in_forks.SECONDS_OF_TESTS
    runs = [run(most - 1), run(0, function="other"), run(0, passed=False), run(1), run(most)]

    assert in_forks.in_order(runs, "judge", noticed) == order


def test_one_test_is_run_however_slow_it_is() -> None:
    slow = in_forks.SECONDS_OF_TESTS + 1

    assert in_forks.in_order([run(slow + 1), run(slow)], "judge", []) == [1]
    assert in_forks.in_order([run(0, function="other")], "judge", []) == []


def spin() -> None:
    while time.monotonic():
        pass


@pytest.mark.parametrize(
    ("work", "answer"),
    [(lambda: "x" * 100_000, ("x" * 100_000, 0)), (lambda: 1 // 0, (None, 1)), (spin, (None, -24))],
    ids=["returns", "breaks", "has no end"],
)
def test_a_fork_gives_back_what_it_found_or_how_it_ended(
    work: Callable[[], object], answer: tuple[object, int]
) -> None:
    assert in_forks.in_fork(work, 1) == answer
