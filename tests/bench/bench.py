"""Ratios from one run on this machine (``make bench``): starting, what running costs (``small``), the rules (``fast``).

Every figure is a ratio to a peer measured in the same run, since times alone say little about another machine; of each
time of starting the median of several is taken. What needs an X server or a bus says so where it is missing.
Not here: assertions. The tests never fail on a slow machine.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
import fast
import small

from e2e import desktop  # tests/ is no package

PYTHON = sys.executable
FYRAFTEN = str(Path(PYTHON).with_name("fyraften"))


def main() -> None:
    """Measure and print."""
    print(f"{'what':58} {'ours':>12} {'peer':>12} {'ratio':>7}   peer")
    starting()
    small.main()
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


if __name__ == "__main__":
    main()
