"""The README's sample of the demonstration is what the demonstration prints now."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_demonstration_prints_what_the_readme_shows() -> None:
    """Replays it once; a minute."""
    command = [sys.executable, ROOT / "scripts" / "generate_docs.py", "--check", "--demo"]

    checked = subprocess.run(command, capture_output=True, text=True, timeout=280)

    assert checked.returncode == 0, f"run `make docs`:\n{checked.stdout}{checked.stderr}"
