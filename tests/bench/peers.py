"""The peers: ActivityWatch's core, installed for the run into a folder that goes away, and Timewarrior where it is.

Each answers what is needed to compare with it, or a sentence why it cannot be.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import years

AW_CORE = "aw-core 0.5.18"
_REQUIREMENTS = ("aw-core==0.5.18", "peewee<4")  # it was written for peewee 3


def activitywatch(folder: Path) -> dict[str, Any] | str:
    """Return what ``activitywatch.py`` measured, or why it could not."""
    python = folder / "aw" / "bin" / "python"
    here = Path(__file__).parent
    try:
        for command in (
            [sys.executable, "-m", "venv", str(folder / "aw")],
            [str(python), "-m", "pip", "install", "--quiet", *_REQUIREMENTS],
        ):
            subprocess.run(command, check=True, capture_output=True, text=True, timeout=600)
        done = subprocess.run(
            [str(python), str(here / "activitywatch.py")], check=True, capture_output=True, text=True, timeout=1200
        )
    except (OSError, subprocess.SubprocessError) as problem:
        said = getattr(problem, "stderr", None) or str(problem)
        return f"{AW_CORE} could not be installed and run: {str(said).strip().splitlines()[-1]}"
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


def timewarrior(folder: Path, environ: dict[str, str]) -> dict[str, str] | str:
    """Write the ten years as Timewarrior keeps them; return the environment to run it in, or why it is not there."""
    if shutil.which("timew", path=environ["PATH"]) is None:
        return "there is no timew on this machine (Debian: apt install timewarrior)"
    home = folder / "timewarrior"
    (home / "data").mkdir(parents=True)
    (home / "timewarrior.cfg").write_text("confirmation = off\n", encoding="utf-8")
    months: dict[str, list[str]] = defaultdict(list)
    for start, end, place in years.sessions(10):
        months[f"{start:%Y-%m}"].append(f"inc {start:%Y%m%dT%H%M%SZ} - {end:%Y%m%dT%H%M%SZ} # {place}\n")
    for month, rows in months.items():
        (home / "data" / f"{month}.data").write_text("".join(rows), encoding="utf-8")
    return {"TIMEWARRIORDB": str(home)}
