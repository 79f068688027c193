"""The local page in a real browser: read, used by keyboard, in light and dark, and attacked by another page."""

from __future__ import annotations

import contextlib
import http.server
import re
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from agent_records import nine_weeks, small_home
from e2e.page_processes import PageProcess, page_on_the_friday
from e2e.quiet_tabs import page_open_in, quiet_tab

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed (Debian: chromium)"),
]
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP rebound.test 127.0.0.1",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser that looks for nothing on its own."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield started
        started.close()


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Nine weeks of records, changed by no test."""
    with tempfile.TemporaryDirectory(prefix="fyraften-") as place:
        yield nine_weeks(small_home(Path(place))).folder


@pytest.fixture
def served(folder: Path) -> Iterator[PageProcess]:
    """An open page."""
    with page_on_the_friday(folder) as page:
        yield page


@pytest.fixture
def tab(browser: Browser, served: PageProcess) -> Iterator[Page]:
    """A tab that is closed before the page ends: a page that asks once more what state it is would complain."""
    with quiet_tab(browser) as page:
        yield page


def open_page(tab: Page, served: PageProcess) -> None:
    tab.goto(served.address)
    tab.wait_for_selector("#month table")


def test_today_and_the_month_are_shown_and_the_code_leaves_the_address(tab: Page, served: PageProcess) -> None:
    open_page(tab, served)

    expect(tab.locator("#day-heading")).to_have_text("Today, 2026-11-20 Friday")
    expect(tab.locator("#month-heading")).to_have_text("Month 2026-11")
    expect(tab.locator("#state")).to_have_text("Off. Nothing is recorded.")
    expect(tab.locator("#message")).to_be_hidden()
    assert tab.url == f"{served.origin}/"


def test_a_reload_stays_in_and_a_second_tab_stays_out(browser: Browser, tab: Page, served: PageProcess) -> None:
    open_page(tab, served)
    tab.reload()
    tab.wait_for_selector("#month table")
    stranger = browser.new_context().new_page()
    stranger.goto(served.address)

    expect(stranger.locator("#message")).to_contain_text("This address works once")
    expect(stranger.locator("#day")).to_be_hidden()
    stranger.context.close()


def test_a_day_of_the_month_is_chosen_by_keyboard_and_its_heading_is_read(tab: Page, served: PageProcess) -> None:
    open_page(tab, served)

    tab.get_by_role("button", name="2026-11-18 Wednesday").focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("#day-heading")).to_have_text("2026-11-18 Wednesday")

    expect(tab.locator("#day-heading")).to_be_focused()
    expect(tab.locator("#day")).to_contain_text("9 h 40 min of screen work")


def test_findings_unfold_by_keyboard_to_their_steps(tab: Page, served: PageProcess) -> None:
    open_page(tab, served)
    finding = tab.locator("#day details.finding").first

    finding.locator("summary").focus()
    tab.keyboard.press("Enter")

    expect(finding.locator("ol")).to_be_visible()
    expect(finding.locator("ol li").first).to_contain_text("Work from 2026-11-20 08:05")


def test_every_control_is_reached_by_tab(tab: Page, served: PageProcess) -> None:
    open_page(tab, served)
    controls = tab.locator("button:visible, summary:visible, a:visible, [tabindex='0']:visible").count()

    reached = set()
    for _ in range(controls + 5):
        tab.keyboard.press("Tab")
        reached.add(tab.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)"))

    assert len(reached - {-1, tab.evaluate("[...document.querySelectorAll('*')].indexOf(document.body)")}) >= controls


def test_months_are_turned_back_and_forth(tab: Page, served: PageProcess) -> None:
    open_page(tab, served)

    tab.get_by_role("button", name="Month before").click()
    expect(tab.locator("#month-heading")).to_have_text("Month 2026-10")
    tab.get_by_role("button", name="Month after").click()

    expect(tab.locator("#month-heading")).to_have_text("Month 2026-11")
    expect(tab.get_by_role("button", name="Month after")).to_have_count(0)


def test_closing_ends_the_server_and_empties_the_page(tab: Page, served: PageProcess) -> None:
    open_page(tab, served)

    tab.get_by_role("button", name="Close the page").click()

    expect(tab.locator("#message")).to_contain_text("The page is closed")
    expect(tab.locator("#day")).to_be_hidden()
    assert served.process.wait(timeout=20) == 0


def test_what_is_still_being_read_when_the_page_is_closed_is_shown_no_more(tab: Page, served: PageProcess) -> None:
    open_page(tab, served)
    waiting: list[Route] = []
    tab.route("**/checks*", lambda route: waiting.append(route))
    with tab.expect_request("**/checks*"):
        tab.get_by_role("button", name="Look again").click()
    tab.get_by_role("button", name="Close the page").click()
    expect(tab.locator("#message")).to_contain_text("The page is closed")
    for one in waiting:
        one.fulfill(status=200, content_type="text/html", body="<p>late</p>")
    tab.wait_for_timeout(300)

    expect(tab.locator("#message")).to_contain_text("The page is closed")
    expect(tab.locator("#checks")).to_be_hidden()
    assert len(waiting) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1100, 400])
def test_it_has_no_barriers_that_axe_finds(tab: Page, served: PageProcess, scheme: str, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 900})
    tab.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # light or dark
    open_page(tab, served)
    tab.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")

    found = Axe().run(tab)

    assert found.violations_count == 0, found.generate_report()
    assert tab.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_what_rules_say_stands_in_boxes_of_one_width(tab: Page, served: PageProcess) -> None:
    open_page(tab, served)

    boxes = tab.locator("details.finding:not(details.finding details.finding)")
    widths = boxes.evaluate_all("all => all.map(one => Math.round(one.getBoundingClientRect().width))")

    assert tab.locator("details.finding.advice").count() > 0
    assert len(set(widths)) == 1


@pytest.mark.parametrize("language", ["da", "nb"])
def test_the_page_speaks_the_person_s_language(tab: Page, folder: Path, language: str) -> None:
    with page_open_in(tab, folder, language) as served:
        open_page(tab, served)

        assert tab.locator("html").get_attribute("lang") == language


ATTACK = Path(__file__).with_name("evil_page.html")


class Listening(http.server.ThreadingHTTPServer):
    """A web server of the test; ``posted`` is what was sent to it."""

    def __init__(self, content: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.content, self.posted = content, b""

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Answering(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server = self.server
        assert isinstance(server, Listening)
        self.send_response(200)
        self.send_header("Content-Type", "image/svg+xml" if self.path.endswith(".svg") else "text/html; charset=utf-8")
        self.send_header("Access-Control-Allow-Origin", self.headers["Origin"] or "*")
        self.send_header("Access-Control-Allow-Credentials", "true")
        self.end_headers()
        self.wfile.write(b"" if self.path.endswith((".js", ".css")) else server.content)

    def do_POST(self) -> None:
        assert isinstance(self.server, Listening)
        self.server.posted += self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def listening(content: bytes) -> Iterator[Listening]:
    with Listening(content) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def attack(browser: Browser, victim: str, code: str) -> list[str]:
    """Open the evil page, let it try everything on ``victim``, and return what it could read."""
    page = ATTACK.read_text("utf-8").replace("VICTIM", victim).replace("CODE", code)
    context = browser.new_context()
    with listening(page.encode()) as evil:
        attacker = context.new_page()
        attacker.goto(evil.origin)
        attacker.wait_for_function("document.title === 'done'")
        read: list[str] = attacker.evaluate("window.read")
    context.close()
    return read


def test_another_web_page_reads_nothing_and_changes_nothing(browser: Browser, tab: Page, served: PageProcess) -> None:
    read = attack(browser, served.origin, served.code)

    assert read == []
    open_page(tab, served)  # the code is still good: nothing was changed


def test_the_attack_would_succeed_on_a_careless_page(browser: Browser) -> None:
    with listening(b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>') as careless:
        read = attack(browser, careless.origin, "one-time-code")

    ways = {each.partition(":")[0] for each in read}
    assert {"read", "read shell", "post with credentials", "image", "script"} <= ways
    assert careless.posted.count(b"one-time-code") >= 3


def test_a_rebound_name_shows_nothing(browser: Browser, served: PageProcess) -> None:
    context = browser.new_context()
    page = context.new_page()

    answer = page.goto(f"http://rebound.test:{served.port}/")

    assert answer is not None
    assert answer.status == 421
    context.close()


def test_nothing_but_the_page_s_own_server_is_asked(tab: Page, served: PageProcess) -> None:
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))

    open_page(tab, served)

    assert asked
    assert [url for url in asked if not re.match(re.escape(served.origin) + "/", url)] == []
