"""What the supervisor decides, with children and clocks that the test holds in its hands.

Real processes are in ``tests/e2e/test_desktop_supervisor.py``.
"""

from __future__ import annotations

import io
import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from fyraften_agent.indicator.indicator import Clicked
from fyraften_agent.paths import Paths
from fyraften_agent.processes.child_process import Child, Ended, Line
from fyraften_agent.processes.control import Asked, ask
from fyraften_agent.store.store import Pause, Store
from fyraften_agent.supervisor import COLLECTOR, SENDER, VERIFIER, Supervisor


class FakeChild:
    """A child that does what the test says, and remembers what it was told."""

    def __init__(self, module: str, pid: int, bench: Bench | None = None) -> None:
        self.module, self.pid, self._bench = module, pid, bench
        self.told: list[str] = []

    def tell(self, line: str) -> None:
        self.told.append(line)

    def end(self) -> None:
        self.told.append("end")
        if self._bench is not None and self._bench.children_obey:
            self._bench.supervisor.report(Ended(self, -15))

    def kill(self) -> None:
        self.told.append("kill")


class FakeDesktop:
    """A desktop that remembers which states it was shown."""

    def __init__(self) -> None:
        self.states: list[object] = []

    def show(self, document: Mapping[str, object]) -> None:
        if self.states[-1:] != [document["state"]]:
            self.states.append(document["state"])

    def tell(self, document: Mapping[str, object]) -> bool:
        return True


class Bench:
    """A supervisor on a bench: started children, time and words are in reach."""

    def __init__(self, paths: Paths, foreground: bool) -> None:
        self.children: list[FakeChild] = []
        self.children_obey = False
        self.out, self.errors = io.StringIO(), io.StringIO()
        self.wall, self.steady = 1_000_000.0, 50.0
        self.paths = paths
        self.desktop = FakeDesktop()
        self.supervisor = Supervisor(
            paths,
            self._start,
            lambda sentence: sentence,
            foreground=foreground,
            out=self.out,
            errors=self.errors,
            now=lambda: self.wall,
            monotonic=lambda: self.steady,
            desktop=self.desktop,
        )

    def _start(self, module: str, _report: Callable[[Line | Ended], None]) -> Child:
        self.children.append(FakeChild(module, len(self.children) + 1, self))
        return self.children[-1]

    def run(self) -> int:
        """Run to the end; children end when they are asked to."""
        self.children_obey = True
        return self.supervisor.run()

    @property
    def last(self) -> FakeChild:
        return self.children[-1]

    @property
    def started(self) -> list[str]:
        return [child.module.rsplit(".", 1)[-1] for child in self.children]

    def happens(self, event: Asked | Clicked | Ended | Line) -> None:
        self.supervisor.report(event)
        self.supervisor.step()

    def asked(self, command: str) -> None:
        self.happens(Asked(command))

    def ended(self, child: FakeChild, code: int) -> None:
        self.happens(Ended(child, code))

    def says(self, child: FakeChild, **event: object) -> None:
        self.happens(Line(child, json.dumps(event)))

    def passes(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds
        self.happens(Ended(FakeChild("", 0), 0))  # of nobody: so that the test does not wait in real time

    def record(self) -> FakeChild:
        """Go through consent to a live collector."""
        self.asked("changed")
        self.ended(self.last, 0)
        collector = self.last
        assert collector.module == COLLECTOR
        self.says(collector, event="source", name="pynput", state="live", reason=None)
        return collector

    def state(self) -> str:
        return str(self.supervisor.answer("state")["state"])


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths(tmp_path / "agent")
    paths.prepare()
    return paths


@pytest.fixture
def bench(paths: Paths) -> Iterator[Bench]:
    bench = Bench(paths, foreground=True)
    yield bench
    finish(bench)


def finish(bench: Bench) -> int:
    """Let the supervisor come to its end as a signal would."""
    bench.supervisor.report(Asked("stop"))
    return bench.run()


def test_consent_is_verified_before_the_collector_starts(bench: Bench) -> None:
    bench.asked("changed")
    before = list(bench.started)
    bench.ended(bench.last, 0)

    assert before == ["verify_ledger"]
    assert bench.started == ["verify_ledger", "collector"]


@pytest.mark.parametrize(
    ("code", "exit_code", "words"),
    [
        (3, 3, "fyraften: Nothing is recorded without your consent. Give it with: fyraften consent give recording\n"),
        (6, 6, "fyraften: The consent ledger could not be verified (exit code 6)"),
        (-11, 1, "fyraften: The consent ledger could not be verified (exit code -11)"),
    ],
)
def test_without_verified_consent_it_ends_and_leaves_no_file(
    paths: Paths, code: int, exit_code: int, words: str
) -> None:
    bench = Bench(paths, foreground=False)
    bench.supervisor.report(Ended(FakeChild("", 0), 0))  # somebody else's child: nothing happens
    threading.Thread(target=lambda: bench.supervisor.report(Ended(wait_for(bench), code)), daemon=True).start()

    assert bench.run() == exit_code
    assert bench.errors.getvalue().startswith(words)
    assert bench.errors.getvalue().count("\n") == 1
    assert bench.started == ["verify_ledger"]
    assert list(paths.folder.iterdir()) == []


def wait_for(bench: Bench) -> FakeChild:
    while not bench.children:
        pass
    return bench.last


def test_recording_is_what_a_live_source_means(bench: Bench) -> None:
    bench.asked("changed")
    bench.ended(bench.last, 0)
    starting = bench.state()
    bench.says(bench.last, event="source", name="pynput", state="live", reason=None)

    assert starting == "starting"
    assert bench.state() == "recording"
    assert bench.supervisor.answer("state")["source"] == "pynput"
    assert bench.supervisor.answer("state")["collector_pid"] == bench.last.pid


def test_a_source_that_fails_is_said_with_its_reason(bench: Bench) -> None:
    collector = bench.record()
    bench.says(collector, event="source", name="pynput", state="failed", reason="The display is gone.")

    assert bench.state() == "failed"
    assert bench.supervisor.answer("state")["reason"] == "The display is gone."
    assert "The display is gone." in bench.out.getvalue()


def test_the_first_restart_is_at_once_and_the_next_ones_wait_longer_and_longer(bench: Bench) -> None:
    bench.record()
    waits = []
    for _ in range(7):
        collector = bench.last
        bench.ended(collector, -9)
        waited = 0.0
        while bench.last is collector:
            bench.passes(0.5)
            waited += 0.5
        bench.ended(bench.last, 0)  # consent is verified again each time
        waits.append(waited)

    assert waits == [0, 1, 5, 30, 120, 300, 300]
    assert bench.started.count("verify_ledger") == bench.started.count("collector") == 8


def test_a_collector_that_ends_ten_times_in_a_row_is_not_started_again_by_itself_and_that_is_said(bench: Bench) -> None:
    bench.record()
    for _ in range(10):
        bench.ended(bench.last, 6)
        bench.passes(300)
        if bench.last.module == VERIFIER:
            bench.ended(bench.last, 0)
    started = bench.started.count("collector")
    bench.passes(100_000)

    assert started == bench.started.count("collector") == 10
    assert bench.state() == "failed"
    assert "It ended 10 times in a row and is not started again by itself." in bench.errors.getvalue()
    assert "fyraften resume" in str(bench.supervisor.answer("state")["reason"])


def test_after_it_was_given_up_a_person_who_resumes_starts_it_again(bench: Bench) -> None:
    bench.record()
    for _ in range(10):
        bench.ended(bench.last, -11)
        bench.passes(300)
        if bench.last.module == VERIFIER:
            bench.ended(bench.last, 0)

    bench.asked("changed")
    bench.ended(bench.last, 0)

    assert bench.last.module == COLLECTOR


@pytest.mark.parametrize("trouble", ["full", "locked"])
def test_what_passes_by_itself_is_tried_again_without_end(bench: Bench, trouble: str) -> None:
    bench.record()
    for _ in range(30):
        bench.says(bench.last, event="storage", trouble=trouble)
        bench.ended(bench.last, 6)
        bench.passes(300)
        if bench.last.module == VERIFIER:
            bench.ended(bench.last, 0)

    assert bench.started.count("collector") == 31


def test_damaged_records_do_not_keep_the_collector_from_starting_to_mend_them(bench: Bench) -> None:
    bench.paths.work.write_bytes(b"no database" * 100)
    bench.asked("changed")
    bench.ended(bench.last, 0)

    assert bench.last.module == COLLECTOR


def test_a_collector_that_ran_for_long_is_restarted_at_once_again(bench: Bench) -> None:
    for _ in range(3):
        collector = bench.record() if not bench.children else bench.last
        bench.steady += 700
        bench.ended(collector, 1)
        assert bench.last.module == VERIFIER
        bench.ended(bench.last, 0)

    assert bench.started.count("collector") == 4


def test_a_crash_is_told_and_the_state_says_starting(bench: Bench) -> None:
    collector = bench.record()
    bench.ended(collector, -9)

    assert bench.state() == "starting"
    assert "ended unexpectedly (exit code -9)" in bench.errors.getvalue()


@pytest.mark.parametrize(("code", "exit_code"), [(3, 3), (8, 8)])
def test_an_end_that_no_restart_can_mend_ends_the_supervisor(paths: Paths, code: int, exit_code: int) -> None:
    bench = Bench(paths, foreground=False)
    collector = bench.record()
    bench.ended(collector, code)

    assert bench.run() == exit_code


def test_no_display_at_the_start_ends_it_but_a_display_lost_later_is_waited_for(paths: Paths) -> None:
    bench = Bench(paths, foreground=False)
    bench.asked("changed")
    bench.ended(bench.last, 0)
    bench.ended(bench.last, 4)
    at_start = bench.run()

    later = Bench(paths, foreground=False)
    later.ended(later.record(), 4)

    assert at_start == 4
    assert later.last.module == VERIFIER
    assert finish(later) == 0


def test_a_pause_ends_the_collector_at_once_and_kills_it_after_a_second(bench: Bench) -> None:
    collector = bench.record()
    with Store.open(bench.paths.work) as store:
        store.pause(int(bench.wall), None)
    bench.asked("changed")
    asked = list(collector.told)
    bench.ended(bench.last, 0)
    bench.passes(0.9)
    before = list(collector.told)
    bench.passes(0.2)

    assert asked == ["end", "changed"]
    assert "kill" not in before
    assert collector.told[-1] == "kill"
    assert bench.state() == "paused"


def test_who_says_changed_is_answered_when_the_pause_holds(bench: Bench) -> None:
    collector = bench.record()
    with Store.open(bench.paths.work) as store:
        store.pause(int(bench.wall), int(bench.wall) + 600)
    question = Asked("changed")
    bench.happens(question)
    bench.ended(bench.last, 0)
    while_it_ends = question.settled.is_set()
    bench.ended(collector, -15)

    assert while_it_ends is False
    assert question.settled.is_set()
    assert bench.supervisor.answer("state")["paused_until"] == int(bench.wall) + 600
    assert bench.supervisor.answer("state")["collector_pid"] is None


def test_private_time_is_told_apart_from_a_pause_and_each_since_its_own_instant(bench: Bench) -> None:
    collector = bench.record()
    started = int(bench.wall)
    with Store.open(bench.paths.work) as store:
        store.pause(started, None)
        bench.asked("changed")
        bench.ended(bench.last, 0)
        bench.ended(collector, -15)
        paused = bench.supervisor.answer("state")
        bench.wall += 60
        store.pause(started + 60, None, private=True)
    bench.asked("changed")
    bench.ended(bench.last, 0)
    private = bench.supervisor.answer("state")

    assert (paused["state"], paused["paused_for"], paused["since"]) == ("paused", "pause", started)
    assert (private["state"], private["paused_for"], private["since"]) == ("paused", "private", started + 60)
    assert "Private time: nothing is recorded." in bench.out.getvalue()


def test_the_collector_starts_again_when_the_pause_has_ended(bench: Bench) -> None:
    collector = bench.record()
    with Store.open(bench.paths.work) as store:
        store.pause(int(bench.wall), int(bench.wall) + 600)
    bench.asked("changed")
    bench.ended(bench.last, 0)
    bench.ended(collector, -15)
    paused = bench.started.count("collector")
    bench.wall += 600  # asleep meanwhile: only the wall clock has moved
    bench.passes(0)
    bench.ended(bench.last, 0)

    assert paused == 1
    assert bench.started.count("collector") == 2
    assert bench.state() == "starting"


def test_a_resume_while_the_collector_still_ends_starts_a_new_one_after_it(bench: Bench) -> None:
    collector = bench.record()
    with Store.open(bench.paths.work) as store:
        store.pause(int(bench.wall), None)
        bench.asked("changed")
        bench.ended(bench.last, 0)
        store.resume(int(bench.wall) + 1)
    bench.asked("changed")
    bench.ended(bench.last, 0)
    bench.ended(collector, -15)
    bench.ended(bench.last, 0)

    assert bench.started.count("collector") == 2


def test_a_pause_that_holds_at_the_start_starts_nothing(bench: Bench) -> None:
    with Store.open(bench.paths.work) as store:
        store.pause(int(bench.wall), None)
    bench.asked("changed")
    bench.ended(bench.last, 0)

    assert bench.started == ["verify_ledger"]
    assert bench.state() == "paused"


def test_withdrawn_consent_ends_everything(paths: Paths) -> None:
    bench = Bench(paths, foreground=False)
    collector = bench.record()
    bench.asked("changed")
    bench.ended(bench.last, 3)

    assert bench.run() == 3
    assert "end" in collector.told


def test_a_change_while_consent_is_verified_is_verified_again(bench: Bench) -> None:
    bench.asked("changed")
    bench.asked("changed")
    bench.ended(bench.last, 0)
    again = list(bench.started)
    bench.ended(bench.last, 0)

    assert again == ["verify_ledger", "verify_ledger"]
    assert bench.started == ["verify_ledger", "verify_ledger", "collector"]


def test_a_due_report_starts_the_sender_once_and_not_again_within_half_a_minute(bench: Bench) -> None:
    collector = bench.record()
    for _ in range(3):
        bench.says(collector, event="send")
    sender = bench.last
    bench.ended(sender, 7)
    bench.says(collector, event="send")
    soon = bench.started.count("sender")
    bench.passes(30)

    assert sender.module == SENDER
    assert soon == 1
    assert bench.started.count("sender") == 2


def test_what_no_desktop_showed_is_printed_to_the_person_in_front(bench: Bench) -> None:
    bench.says(bench.record(), event="told", text="Stop by 20:00")

    assert bench.out.getvalue().endswith("Stop by 20:00\n")


def test_in_the_background_nothing_is_printed(paths: Paths) -> None:
    bench = Bench(paths, foreground=False)
    bench.says(bench.record(), event="told", text="Stop by 20:00")
    finish(bench)

    assert bench.out.getvalue() == ""


@pytest.mark.parametrize(
    "line", ["", "no json", "[]", '{"event": "unknown"}', '{"event": "source"}', '{"event": "told", "text": 5}']
)
def test_lines_that_are_no_events_are_passed_over(bench: Bench, line: str) -> None:
    collector = bench.record()
    bench.happens(Line(collector, line))

    assert bench.state() == "recording"


def test_the_control_channel_answers_while_it_runs_and_goes_with_it(paths: Paths) -> None:
    bench = Bench(paths, foreground=False)
    bench.record()
    answer = ask(paths, "state")
    unknown = ask(paths, "dance")
    code = finish(bench)

    assert answer is not None
    assert answer["state"] == "recording"
    assert unknown == {"error": "unknown command dance"}
    assert code == 0
    assert ask(paths, "state") is None


def test_a_second_supervisor_of_the_same_folder_is_refused(bench: Bench, paths: Paths) -> None:
    from fyraften_agent.errors import AlreadyRunningError

    bench.record()
    second = Bench(paths, foreground=False)
    second.supervisor.report(Asked("changed"))
    second.supervisor.step()

    with pytest.raises(AlreadyRunningError, match="already runs"):
        second.ended(second.last, 0)


def test_when_nothing_happens_nothing_is_waited_for_with_a_clock(bench: Bench) -> None:
    bench.record()

    assert bench.supervisor._wait_seconds() is None


def test_taking_consent_back_ends_everything_without_asking_the_ledger_again(paths: Paths) -> None:
    bench = Bench(paths, foreground=False)
    collector = bench.record()
    started = list(bench.started)
    question = Asked("withdraw")
    bench.happens(question)
    before_it_ended, after = question.settled.is_set(), list(bench.started)
    code = bench.run()

    assert code == 3
    assert "end" in collector.told
    assert after == started
    assert (before_it_ended, question.settled.is_set()) == (False, True)
    assert bench.supervisor.answer("state")["collector_pid"] is None


def test_who_takes_consent_back_is_answered_when_nothing_records_any_more(paths: Paths) -> None:
    bench = Bench(paths, foreground=False)
    bench.record()
    ending = threading.Thread(target=bench.run)
    ending.start()
    answer = ask(paths, "withdraw")
    ending.join(10)

    assert answer is not None
    assert (answer["state"], answer["collector_pid"]) == ("off", None)
    assert ask(paths, "state") is None


def with_ledger(paths: Paths) -> Bench:
    paths.ledger.touch()
    return Bench(paths, foreground=False)


def test_without_consent_the_sender_runs_once_before_the_end(paths: Paths) -> None:
    """An erasure that a service has not confirmed yet is asked for again."""
    bench = with_ledger(paths)
    collector = bench.record()
    bench.asked("changed")
    bench.ended(bench.last, 3)
    sender, asked, state = bench.last, list(collector.told), bench.state()
    bench.ended(collector, -15)
    bench.ended(sender, 7)
    bench.run()

    assert "end" in asked
    assert (sender.module, state) == (SENDER, "off")
    assert bench.supervisor._exit_code == 3
    assert bench.started.count("sender") == 1
    assert bench.errors.getvalue().count("without your consent") == 1


def test_a_sender_that_hangs_does_not_keep_it_from_ending(paths: Paths) -> None:
    bench = with_ledger(paths)
    bench.asked("changed")
    bench.ended(bench.last, 3)
    bench.passes(59)
    before = bench.supervisor._exit_code
    bench.passes(2)

    assert (before, bench.supervisor._exit_code) == (None, 3)


def test_consent_given_again_while_the_sender_runs_starts_recording(paths: Paths) -> None:
    bench = with_ledger(paths)
    bench.asked("changed")
    bench.ended(bench.last, 3)
    sender = bench.last
    bench.asked("changed")
    bench.ended(bench.last, 0)
    collector = bench.last
    bench.ended(sender, 0)

    assert collector.module == COLLECTOR
    assert bench.supervisor._exit_code is None
    finish(bench)


# Clicks on the desktop


def test_a_click_pauses_at_once_and_is_written(bench: Bench) -> None:
    Store.open(bench.paths.work).close()
    collector = bench.record()
    bench.happens(Clicked("pause", None))

    assert collector.told[0] == "end"
    assert bench.state() == "paused"
    with Store.open(bench.paths.work) as store:
        assert store.pause_at(int(bench.wall)) == Pause(int(bench.wall), None)


def test_a_click_resumes(bench: Bench) -> None:
    Store.open(bench.paths.work).close()
    collector = bench.record()
    bench.happens(Clicked("pause", None))
    bench.ended(bench.last, 0)
    bench.ended(collector, -15)
    bench.happens(Clicked("resume", None))
    bench.ended(bench.last, 0)

    assert bench.started.count("collector") == 2
    assert bench.state() == "starting"
    with Store.open(bench.paths.work) as store:
        assert store.pause_at(int(bench.wall)) is None


def test_a_pause_that_cannot_be_written_holds_and_is_told(bench: Bench) -> None:
    collector = bench.record()
    with Store.open(bench.paths.work), closing(sqlite3.connect(bench.paths.work, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        bench.happens(Clicked("pause", None))
        other.execute("ROLLBACK")
    bench.asked("changed")  # somebody else changed something: the pause still holds

    assert collector.told[0] == "end"
    assert bench.state() == "paused"
    assert "It holds until Fyraften ends" in bench.errors.getvalue()


def test_a_resume_ends_a_pause_that_could_not_be_written(bench: Bench) -> None:
    collector = bench.record()
    bench.paths.work.unlink(missing_ok=True)  # nothing was ever recorded: there is nothing to write to
    bench.happens(Clicked("pause", None))
    bench.ended(bench.last, 0)
    bench.ended(collector, -15)
    paused = bench.state()
    bench.happens(Clicked("resume", None))
    bench.ended(bench.last, 0)

    assert (paused, bench.state()) == ("paused", "starting")


def test_what_else_is_chosen_is_done_by_a_process_of_its_own(bench: Bench) -> None:
    bench.record()
    notice = {"key": "place:5f3a", "title": "Where?", "body": ""}
    bench.happens(Clicked("place:home", notice))

    assert bench.started[-1] == "chosen"
    assert json.loads(bench.last.told[0]) == {"name": "place:home", "notice": notice}
    assert bench.state() == "recording"


def test_the_desktop_is_shown_every_state_to_the_end(bench: Bench) -> None:
    bench.record()
    bench.happens(Clicked("pause", None))
    finish(bench)

    assert bench.desktop.states == ["starting", "recording", "paused", "off"]


# The sandbox


def test_what_a_process_says_of_its_sandbox_is_shown_and_noted_once(bench: Bench) -> None:
    collector = bench.record()
    report = {"held": ["network"], "lacking": ["files"], "landlock": 0, "seccomp": True}
    bench.says(collector, event="sandbox", process="collector", **report)
    bench.says(collector, event="sandbox", process="collector", **report)

    assert bench.supervisor.answer("state")["sandbox"] == {"collector": report}
    assert bench.started.count("notes") == 1
    assert json.loads(bench.last.told[0])["lacking"] == ["files"]
