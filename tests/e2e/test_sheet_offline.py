"""The printed sheet is made without a network: no socket is opened, and nothing but the sheet is written."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pypdf
import pytest

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace to see system calls")


def traced(command: list[str], trace: Path, home: Path) -> str:
    """Run a command and return the sockets it made and the files it opened to write."""
    done = subprocess.run(
        ["strace", "-f", "-qq", "-e", "trace=socket,openat,creat,rename", "-o", str(trace), *command],
        env={**os.environ, "FYRAFTEN_HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1", "HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return trace.read_text(encoding="utf-8")


def test_printing_opens_no_socket_and_writes_one_file(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    sheet = tmp_path / "out" / "sheet.pdf"
    words = [
        sys.executable,
        "-m",
        "fyraften_agent.cli",
        "selfcheck",
        "print",
        str(sheet),
        "--empty",
        "--language",
        "da",
    ]

    calls = traced(words, tmp_path / "trace", tmp_path / "home")

    assert "socket(" not in calls
    written = set(re.findall(r'openat\([^"]*"([^"]+)", [^,)]*O_(?:WRONLY|RDWR)', calls)) - {"/dev/null"}
    assert {Path(one).parent for one in written} == {tmp_path / "out"}
    assert os.listdir(tmp_path / "out") == ["sheet.pdf"]
    assert not (tmp_path / "home").exists()
    assert "Dialog om hjemmearbejdet" in pypdf.PdfReader(sheet).pages[0].extract_text()


def test_a_socket_and_a_file_would_be_seen(tmp_path: Path) -> None:
    program = f"import socket; socket.socket(); open({str(tmp_path / 'x')!r}, 'w')"

    calls = traced([sys.executable, "-c", program], tmp_path / "trace", tmp_path)

    assert "socket(AF_INET" in calls
    assert re.search(r'openat\([^"]*"[^"]*/x", O_WRONLY', calls)
