"""The local page as a process: what somebody else on this computer or a web page can do to it. Nothing."""

from __future__ import annotations

import json
import os
import pwd
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent_records import nine_weeks, small_home
from e2e.page_processes import PageProcess, page_by_command, page_on_the_friday
from fyraften_agent.processes.control import ControlChannel
from fyraften_agent.store.store import Store

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another account")


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Records in a place that every account may walk to, so that only their own modes protect them."""
    with tempfile.TemporaryDirectory(prefix="fyraften-") as place:
        Path(place).chmod(0o755)
        yield nine_weeks(small_home(Path(place))).folder


@pytest.fixture
def page(folder: Path) -> Iterator[PageProcess]:
    """An open page."""
    with page_on_the_friday(folder) as opened:
        yield opened


def status_of(answer: str) -> int:
    return int(answer.split(" ", 2)[1])


def get(page: PageProcess, path: str, host: str, *headers: str) -> str:
    lines = "".join(f"{header}\n" for header in headers)
    return page.send(f"GET {path} HTTP/1.1\nHost: {host}\nConnection: close\n{lines}\n")


def as_nobody(act: Callable[[], str]) -> str:
    """Do something in a process of the account ``nobody`` and return what it says."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            account = pwd.getpwnam("nobody")
            os.setgroups([])
            os.setgid(account.pw_gid)
            os.setuid(account.pw_uid)
            os.write(writing, act().encode())
        except BaseException as failure:
            os.write(writing, f"{type(failure).__name__}: {failure}".encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        said = answer.read().decode()
    os.waitpid(child, 0)
    return said


def test_the_page_itself_gets_in(page: PageProcess) -> None:
    answer = page.exchange()
    bearer = json.loads(answer.partition("\r\n\r\n")[2])["bearer"]

    day = get(page, "/day", f"127.0.0.1:{page.port}", f"Authorization: Bearer {bearer}")

    assert status_of(day) == 200
    assert "Stop by 21:05" in day


@pytest.mark.parametrize("path", ["/", "/day", "/page.js"])
@pytest.mark.parametrize("host", ["evil.example", "localhost:{port}", "127.0.0.1:{port}.evil.example", "127.0.0.1"])
def test_a_foreign_or_look_alike_host_is_refused(page: PageProcess, host: str, path: str) -> None:
    assert status_of(get(page, path, host.format(port=page.port))) == 421


def test_an_absolute_address_does_not_stand_in_for_the_host(page: PageProcess) -> None:
    request = f"GET http://127.0.0.1:{page.port}/day HTTP/1.1\nHost: evil.example\nConnection: close\n\n"

    assert status_of(page.send(request)) in (400, 404, 421)


def test_without_the_bearer_nothing_is_read(page: PageProcess) -> None:
    answers = [get(page, path, f"127.0.0.1:{page.port}") for path in ("/day", "/month", "/state", "/nothing")]

    assert [status_of(answer) for answer in answers] == [401] * 4


@pytest.mark.parametrize(
    "replaced",
    [
        {"Content_Type": "text/plain"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Host": "evil.example"},
    ],
)
def test_a_forged_exchange_is_refused_and_does_not_use_up_the_code(page: PageProcess, replaced: dict[str, str]) -> None:
    forged = page.exchange(**replaced)

    assert status_of(forged) in (403, 415, 421)
    assert status_of(page.exchange()) == 200


def test_the_code_works_once(page: PageProcess) -> None:
    assert [status_of(page.exchange()) for _ in range(2)] == [200, 403]


def test_a_websocket_is_not_opened(page: PageProcess) -> None:
    upgrade = (
        f"GET /day HTTP/1.1\nHost: 127.0.0.1:{page.port}\nConnection: Upgrade\nUpgrade: websocket\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\nSec-WebSocket-Version: 13\n\n"
    )
    with socket.create_connection(("127.0.0.1", page.port), timeout=10) as connection:
        connection.sendall(upgrade.replace("\n", "\r\n").encode())
        answer = connection.recv(4096).decode()

    assert status_of(answer) == 401


def test_it_listens_on_loopback_alone(page: PageProcess) -> None:
    listening = []
    for table in ("tcp", "tcp6"):
        rows = [line.split() for line in Path(f"/proc/net/{table}").read_text("ascii").splitlines()[1:]]
        listening += [row[1] for row in rows if row[3] == "0A" and row[1].endswith(f":{page.port:04X}")]

    assert listening == [f"0100007F:{page.port:04X}"]


@needs_root
def test_another_account_gets_nothing_over_tcp(page: PageProcess) -> None:
    shell = as_nobody(lambda: get(page, "/", f"127.0.0.1:{page.port}"))
    exchange = as_nobody(page.exchange)

    assert [status_of(shell), status_of(exchange)] == [403, 403]
    assert status_of(page.exchange()) == 200


@needs_root
def test_another_account_can_open_no_file(folder: Path) -> None:
    control = folder.parent / "readable.txt"
    control.write_text("anybody may read this", encoding="utf-8")
    control.chmod(0o644)
    files = [path for path in folder.rglob("*") if path.is_file()]

    said = [as_nobody(path.read_text) for path in files]

    assert as_nobody(control.read_text) == "anybody may read this"
    assert len(files) >= 4
    assert {each.partition(":")[0] for each in said} == {"PermissionError"}


@needs_root
def test_another_account_can_open_no_file_even_in_an_open_folder(folder: Path) -> None:
    files = [path for path in folder.iterdir() if path.is_file()]
    folder.chmod(0o755)
    try:
        said = [as_nobody(path.read_text) for path in files]
    finally:
        folder.chmod(0o700)

    assert {each.partition(":")[0] for each in said} == {"PermissionError"}


@needs_root
def test_another_account_cannot_reach_the_control_socket(folder: Path) -> None:
    small = small_home(folder.parent)
    channel = ControlChannel(small)

    def connect() -> str:
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(small.control))
            return "connected"

    try:
        in_private_folder = as_nobody(connect)
        folder.chmod(0o755)
        in_open_folder = as_nobody(connect)
        own = connect()
    finally:
        folder.chmod(0o700)
        channel.close()

    assert [in_private_folder.partition(":")[0], in_open_folder.partition(":")[0], own] == [
        "PermissionError",
        "PermissionError",
        "connected",
    ]


def test_the_command_prints_the_address_and_ends_with_ctrl_c(folder: Path) -> None:
    with page_by_command(folder) as page:
        entered = status_of(page.exchange())
        assert page.process.stdout is not None
        second_line = page.process.stdout.readline()
        page.process.send_signal(signal.SIGINT)
        _rest, errors = page.process.communicate(timeout=20)

    assert entered == 200
    assert "works once" in second_line
    assert (page.process.returncode, errors) == (0, "")


def test_somebody_who_never_agreed_sees_an_empty_page_and_nothing_is_written(tmp_path: Path) -> None:
    nowhere = small_home(tmp_path).folder
    with page_by_command(nowhere) as page:
        bearer = json.loads(page.exchange().partition("\r\n\r\n")[2])["bearer"]
        day = get(page, "/day", f"127.0.0.1:{page.port}", f"Authorization: Bearer {bearer}")

    assert "No screen work is recorded today." in day
    assert not nowhere.exists()


def correction(page: PageProcess, bearer: str, **replaced: str) -> str:
    """Send a correction as the page's script does, with some headers replaced; return the whole answer."""
    body = json.dumps({"do": "remove", "number": 1, "on": None, "said": {}})
    headers = {
        "Host": f"127.0.0.1:{page.port}",
        "Origin": page.origin,
        "Sec-Fetch-Site": "same-origin",
        "Authorization": f"Bearer {bearer}",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Connection": "close",
        **{name.replace("_", "-"): value for name, value in replaced.items()},
    }
    lines = "".join(f"{name}: {value}\n" for name, value in headers.items())
    return page.send(f"POST /corrections HTTP/1.1\n{lines}\n{body}")


def test_a_forged_correction_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    paths = nine_weeks(small_home(tmp_path))
    with page_on_the_friday(paths.folder) as page:
        bearer = json.loads(page.exchange().partition("\r\n\r\n")[2])["bearer"]
        forged: dict[int, list[dict[str, str]]] = {
            401: [{"Authorization": "Bearer x"}, {"Authorization": ""}, {"Authorization": f"Basic {bearer}"}],
            403: [{"Origin": "null"}, {"Origin": "http://evil.example"}, {"Sec_Fetch_Site": "cross-site"}],
            415: [{"Content_Type": "text/plain"}, {"Content_Type": "application/x-www-form-urlencoded"}],
            421: [{"Host": "evil.example"}],
        }
        for status, ways in forged.items():
            for replaced in ways:
                assert status_of(correction(page, bearer, **replaced)) == status, replaced
        assert status_of(get(page, "/corrections", f"127.0.0.1:{page.port}", f"Authorization: Bearer {bearer}")) == 405
        with Store.open(paths.work) as store:
            untouched = store.session(1)

        assert untouched is not None
        assert status_of(correction(page, bearer)) == 200  # the page itself may

    with Store.open(paths.work) as store:
        assert store.session(1) is None


@needs_root
def test_another_account_corrects_nothing_even_with_the_bearer(tmp_path: Path) -> None:
    paths = nine_weeks(small_home(tmp_path))
    with page_on_the_friday(paths.folder) as page:
        bearer = json.loads(page.exchange().partition("\r\n\r\n")[2])["bearer"]

        assert status_of(as_nobody(lambda: correction(page, bearer))) == 403

    with Store.open(paths.work) as store:
        assert store.session(1) is not None
