"""Ratios from one run on this machine (``make bench``): starting, memory, and the rules (``fast.py``).

Every figure is a ratio to a peer measured in the same run, since times alone say little about another machine; of each
time of starting the median of several is taken. Needs Xvfb for the memory of a running agent, and says so where it is
missing.
Not here: assertions. The tests never fail on a slow machine.
"""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pexpect
import psutil

sys.path.insert(0, str(Path(__file__).parents[1]))
import fast

from e2e import desktop  # tests/ is no package

PYTHON = sys.executable
FYRAFTEN = str(Path(PYTHON).with_name("fyraften"))
FIVE_LIBRARIES = (
    "import psutil, plyer, sqlite_utils, time\n"
    "from apscheduler.schedulers.blocking import BlockingScheduler\n"
    "from pynput import keyboard, mouse\n"
    "print('ready', flush=True); time.sleep(600)"
)


def main() -> None:
    """Measure and print."""
    print(f"{'what':58} {'ours':>12} {'peer':>12} {'ratio':>7}   peer")
    starting()
    memory()
    fast.main()


def row(what: str, ours: float, peer: float, unit: str, name: str) -> None:
    """Print one line of the table."""
    print(f"{what:58} {ours:8.1f} {unit:3} {peer:8.1f} {unit:3} {ours / peer:6.1f}×   {name}", flush=True)


def median_ms(work: Callable[[], object], times: int) -> float:
    """Return the median time of ``work`` in milliseconds."""
    taken = []
    for _ in range(times):
        before = time.perf_counter()
        work()
        taken.append((time.perf_counter() - before) * 1000)
    return statistics.median(taken)


# Starting


def starting() -> None:
    """Compare the start of commands with that of Python itself."""
    with tempfile.TemporaryDirectory(prefix="fyraften-") as folder:
        environ = desktop.clean_environment(Path(folder)) | {"FYRAFTEN_HOME": str(Path(folder) / "agent")}

        def run(*command: str) -> Callable[[], object]:
            return lambda: subprocess.run(command, env=environ, capture_output=True, timeout=60)

        bare = median_ms(run(PYTHON, "-c", "pass"), 15)
        for words in (["--version"], ["status"], ["check", str(sample())]):
            shown = " ".join(["fyraften", *words[:1]])
            row(f"start to end of {shown}", median_ms(run(FYRAFTEN, *words), 15), bare, "ms", "bare Python, -c pass")


def sample() -> Path:
    """Return the sample of the README."""
    return Path(__file__).parents[2] / "docs" / "samples" / "evening-work.json"


# Memory


def memory() -> None:
    """Compare the running agent with one Python that has the five required libraries imported."""
    lacking = desktop.missing("Xvfb", "xdotool")
    if lacking:
        print(f"memory of the running agent: left out, {lacking}")
        return
    with tempfile.TemporaryDirectory(prefix="fyraften-") as folder, desktop.x_server() as (display, _server):
        home = Path(folder)
        environ = desktop.clean_environment(home) | {"FYRAFTEN_HOME": str(home / "agent"), "DISPLAY": display}
        agent = run_agent(environ)
        peer = subprocess.Popen([PYTHON, "-c", FIVE_LIBRARIES], env=environ, stdout=subprocess.PIPE)
        try:
            assert peer.stdout is not None
            peer.stdout.readline()
            work_a_little(environ)
            row(
                "memory (PSS) of supervisor and collector, recording",
                sum(pss(process) for process in family(agent.pid)),
                pss(psutil.Process(peer.pid)),
                "MiB",
                "one Python with the five libraries imported",
            )
            cpu = sum(sum(process.cpu_times()[:2]) for process in family(agent.pid))
            time.sleep(60)
            later = sum(sum(process.cpu_times()[:2]) for process in family(agent.pid))
            print(f"{'processor time of both in a quiet minute':58} {(later - cpu) / 60:8.3%}")
        finally:
            peer.kill()
            peer.wait()
            agent.sendintr()
            agent.expect(pexpect.EOF, timeout=30)


def run_agent(environ: Mapping[str, str]) -> pexpect.spawn:
    """Start ``fyraften run`` at a terminal, give consent by typing the word it shows, and wait until it records."""
    agent = pexpect.spawn(FYRAFTEN, ["run"], env=dict(environ), encoding="utf-8", timeout=60, dimensions=(60, 200))
    give_consent(agent)
    agent.expect("Recording")
    time.sleep(12)  # one tick at least
    return agent


def give_consent(agent: pexpect.spawn) -> None:
    """Type the word that stands on the screen, as a person would."""
    agent.expect(re.compile(CONSENT_QUESTION))
    agent.sendline(agent.match["word"])


CONSENT_QUESTION = r"type (?:the word )?(?P<word>[a-z]+)"


def family(pid: int) -> list[psutil.Process]:
    """Return a process and its children."""
    parent = psutil.Process(pid)
    return [parent, *parent.children(recursive=True)]


def pss(process: psutil.Process) -> float:
    """Return the proportional share of memory of one process in MiB."""
    return process.memory_full_info().pss / 2**20


def work_a_little(environ: Mapping[str, str]) -> None:
    """Type for a while, so that a session is open and everything that loads late is loaded."""
    for _ in range(15):
        subprocess.run(["xdotool", "key", "a"], env=dict(environ), check=True)
        time.sleep(1)


if __name__ == "__main__":
    main()
