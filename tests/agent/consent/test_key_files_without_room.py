"""A key file on a disk that takes no more: none is left behind half written, for a half key would stop everything."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

# The system lets no file of this process grow: a write fails as it does where there is no room.
NO_ROOM = """
import resource, signal, sys
from pathlib import Path
from fyraften_agent.errors import AgentError
from fyraften_agent.consent.keys import Keys
from fyraften_agent.recording.place_key import load_place_key
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
try:
    {make}
except AgentError as error:
    print(error.exit_code)
"""
MAKE = {"places": "load_place_key(Path(sys.argv[1]))", "ledger": "Keys(Path(sys.argv[1])).create('ledger')"}


@pytest.mark.skipif(sys.platform == "win32", reason="limits on the size of files are set by resource, a Unix module")
@pytest.mark.parametrize("key", ["places", "ledger"])
def test_a_key_that_cannot_be_written_leaves_no_file(tmp_path: Path, key: str) -> None:
    folder = tmp_path / "keys"

    done = subprocess.run(
        [sys.executable, "-c", NO_ROOM.format(make=MAKE[key]), str(folder)], capture_output=True, text=True, check=False
    )

    assert (done.stdout, done.stderr) == ("6\n", "")
    assert list(folder.iterdir()) == []
