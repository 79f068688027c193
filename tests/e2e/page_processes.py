"""A real local page in a process of its own, for tests that attack it or open it in a browser."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_TESTS = Path(__file__).parents[1]

# The page as the command serves it, with a clock that stands on the Friday of the records.
_ON_THE_FRIDAY = """
import sys
from agent_records import NOW, FixedClock
from fyraften_agent.pages.server import LocalPage
from fyraften_agent.paths import Paths
from pathlib import Path
page = LocalPage(Paths(Path(sys.argv[1])), FixedClock(NOW), sys.argv[2])
print(page.address, flush=True)
page.serve()
"""


@dataclass(frozen=True)
class PageProcess:
    """A page that is open."""

    address: str
    process: subprocess.Popen[str]

    @property
    def origin(self) -> str:
        """Return scheme, host and port."""
        return self.address.partition("/#")[0]

    @property
    def port(self) -> int:
        """Return the port."""
        return int(self.origin.rpartition(":")[2])

    @property
    def code(self) -> str:
        """Return the one-time code."""
        return self.address.partition("#")[2]

    def send(self, request: str) -> str:
        """Send raw text to the port and return all that comes back, empty if it closes without a word."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(request.replace("\n", "\r\n").encode())
            answer = b""
            with contextlib.suppress(ConnectionResetError):
                while part := connection.recv(65536):
                    answer += part
            return answer.decode("utf-8", "replace")

    def exchange(self, **replaced: str) -> str:
        """Exchange the code as the page's script does, with some headers replaced; return the whole answer."""
        body = f'{{"code": "{self.code}"}}'
        headers = {
            "Host": f"127.0.0.1:{self.port}",
            "Origin": self.origin,
            "Sec-Fetch-Site": "same-origin",
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            "Connection": "close",
            **{name.replace("_", "-"): value for name, value in replaced.items()},
        }
        lines = "".join(f"{name}: {value}\n" for name, value in headers.items())
        return self.send(f"POST /session HTTP/1.1\n{lines}\n{body}")


@contextlib.contextmanager
def page_on_the_friday(folder: Path, language: str = "en") -> Iterator[PageProcess]:
    """Serve the records in ``folder`` as on the Friday they end with."""
    command = [sys.executable, "-c", _ON_THE_FRIDAY, str(folder), language]
    with _page(command, {**os.environ, "PYTHONPATH": str(_TESTS)}) as page:
        yield page


@contextlib.contextmanager
def page_by_command(folder: Path, *options: str) -> Iterator[PageProcess]:
    """Run ``fyraften page --no-open`` on the records in ``folder``."""
    command = [sys.executable, "-m", "fyraften_agent.cli", "--language", "en", "page", "--no-open", *options]
    with _page(command, {**os.environ, "FYRAFTEN_HOME": str(folder)}) as page:
        yield page


@contextlib.contextmanager
def _page(command: list[str], environ: dict[str, str]) -> Iterator[PageProcess]:
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            yield PageProcess(line.strip().rpartition(" ")[2], process)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.communicate(timeout=20)
