"""The pages: who may see them, what they say, and in which language."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from fyraften_service.accounts import create_account
from fyraften_service.pages.frame import LANGUAGE_COOKIE
from fyraften_service.pages.sessions import FORM_SECONDS, SESSION_SECONDS
from fyraften_service.tables import access_log, accounts
from service_office import CLOSED, OVER, WEEK, Office
from service_process import ADMIN, PASSWORD, duty_values, group_values


@pytest.fixture
def signed_in(office: Office) -> Office:
    assert office.sign_in().status_code == 303
    return office


def contribute(office: Office, sales: int, support: int = 0, **answers: str) -> None:
    who = [("sales", office.enrolled(office.cell_laptop("sales"))) for _ in range(sales)]
    who += [("support", office.enrolled(office.cell_laptop("support"))) for _ in range(support)]
    office.clock.day = OVER
    for cell, laptop in who:
        assert office.ask(laptop.report(WEEK, group_values(WEEK, cell=cell, **answers))).status_code == 201
    office.clock.day = CLOSED


def tell(office: Office, name: str, month: str = "2026-10", **answers: object) -> None:
    person = office.enrolled(office.person_laptop(name))
    assert office.ask(person.report(month, duty_values(month, **answers))).status_code == 201


@pytest.mark.parametrize("path", ["/", "/people", "/record"])
def test_a_page_without_signing_in_leads_to_the_form(office: Office, path: str) -> None:
    answer = office.get(path)

    assert (answer.status_code, answer.headers["location"]) == (303, "/login")


def test_signing_in_with_the_right_password_leads_to_the_figures(office: Office) -> None:
    answer = office.sign_in()

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert office.get("/").status_code == 200


@pytest.mark.parametrize(
    ("account", "password"),
    [(ADMIN, "wrong password here"), ("nobody", PASSWORD), (ADMIN, ""), ("an\0na", PASSWORD), ("", "")],
)
def test_signing_in_with_anything_else_says_the_same(office: Office, account: str, password: str) -> None:
    answer = office.sign_in(password, account)

    assert answer.status_code == 403
    assert "The account or the password is wrong." in answer.text
    assert office.get("/").status_code == 303


@pytest.mark.parametrize("account", [ADMIN, "nobody"])
def test_five_wrong_passwords_make_the_account_wait(office: Office, account: str) -> None:
    for _ in range(5):
        office.sign_in("wrong password here", account)

    waiting = office.sign_in(PASSWORD, account)
    other = office.sign_in("wrong password here", "another")
    office.clock.instant += 15 * 60

    assert waiting.status_code == 429
    assert waiting.headers["retry-after"] == "900"
    assert other.status_code == 403
    assert office.sign_in(PASSWORD, account).status_code == (303 if account == ADMIN else 403)


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
    ],
)
def test_a_form_sent_from_another_site_is_refused(office: Office, headers: dict[str, str]) -> None:
    token = re.search(r'name="token" value="([^"]+)"', office.get("/login").text)
    assert token is not None
    form = {"token": token[1], "account": ADMIN, "password": PASSWORD}
    cookies = dict(office.cookies)

    assert office.post("/login", form, **headers).status_code == 403
    office.cookies = cookies
    assert office.post("/login", form, origin="https://fyraften.example.dk").status_code == 303


def test_a_form_made_for_another_browser_is_refused(office: Office) -> None:
    token = re.search(r'name="token" value="([^"]+)"', office.get("/login").text)
    assert token is not None
    office.get("/login")

    assert office.post("/login", {"token": token[1], "account": ADMIN, "password": PASSWORD}).status_code == 403


@pytest.mark.parametrize("form", [{}, {"token": "æ"}, {"token": ""}])
def test_a_form_without_a_token_is_refused(office: Office, form: dict[str, str]) -> None:
    office.get("/login")

    assert office.post("/login", {**form, "account": ADMIN, "password": PASSWORD}).status_code == 403


def test_a_form_with_too_many_fields_is_refused(office: Office) -> None:
    office.get("/login")

    assert office.post("/login", {f"field{number}": "x" for number in range(50)}).status_code == 403


def test_the_cookies_are_strict_secure_and_out_of_reach_of_scripts(office: Office) -> None:
    form = office.get("/login").headers["set-cookie"]
    session = office.sign_in().headers.get_list("set-cookie")[0]

    for cookie in (form, session):
        assert cookie.startswith("__Host-")
        assert {"HttpOnly", "Secure", "SameSite=strict", "Path=/"} <= {part.strip() for part in cookie.split(";")}
        assert "Domain" not in cookie
    assert f"Max-Age={FORM_SECONDS}" in form
    assert f"Max-Age={SESSION_SECONDS}" in session


def test_a_session_ends_after_eight_hours(signed_in: Office) -> None:
    signed_in.clock.instant += SESSION_SECONDS + 1

    assert signed_in.get("/").status_code == 303


def test_a_session_ends_with_its_password(signed_in: Office) -> None:
    with signed_in.database.writing() as connection:
        connection.execute(sa.delete(accounts))
        create_account(connection, ADMIN, "another four words indeed")

    assert signed_in.get("/").status_code == 303


@pytest.mark.parametrize("cookie", ["", "x", "WyJhbm5hIiwieCJd.aaaa.bbbb", "æ"])
def test_a_forged_session_is_none(office: Office, cookie: str) -> None:
    office.cookies["__Host-fyraften_session"] = cookie.encode("ascii", "ignore").decode()

    assert office.get("/").status_code == 303


def test_signing_out_ends_the_session(signed_in: Office) -> None:
    token = re.search(r'name="token" value="([^"]+)"', signed_in.get("/").text)
    assert token is not None

    refused = signed_in.post("/logout", {"token": "wrong"})
    still = signed_in.get("/").status_code
    signed_in.post("/logout", {"token": token[1]})

    assert refused.status_code == 303
    assert (still, signed_in.get("/").status_code) == (200, 303)


def test_nothing_is_shown_without_a_recorded_notice(office: Office) -> None:
    contribute(office, 10)
    without = office.with_config(notice_given_on=None)
    without.sign_in()

    shown = without.get("/").text

    assert "No notice to the employees is recorded." in shown
    assert "<table" not in shown


@pytest.mark.parametrize(("day", "visible"), [(41, False), (42, True)])
def test_nothing_is_shown_before_day_42_after_the_notice(office: Office, day: int, visible: bool) -> None:
    contribute(office, 10)
    noticed = office.with_config(notice_given_on=CLOSED - timedelta(days=day))
    noticed.sign_in()

    shown = noticed.get("/").text

    assert ("<table" in shown) == visible
    assert (f"Figures are shown from {CLOSED + timedelta(days=1)}" in shown) != visible


def test_before_the_first_publication_the_page_says_when_it_comes(signed_in: Office) -> None:
    assert "No week is published yet. A week is published 14 days after its end." in signed_in.get("/").text


def test_a_week_of_nine_says_that_nothing_is_shown(signed_in: Office) -> None:
    contribute(signed_in, 9)

    shown = signed_in.get("/").text

    assert "Fewer than 10 people contributed, so nothing is shown for this week." in shown
    assert "<table" not in shown


def test_a_week_of_ten_shows_tables_with_captions_and_scope(signed_in: Office) -> None:
    contribute(signed_in, 10, home_days="3")

    shown = signed_in.get("/").text

    assert f"Week {WEEK}" in shown
    assert "From 2026-11-02 to 2026-11-08. Published once, on 2026-11-23; it does not change." in shown
    assert re.search(r'<caption>Days with work at home <span class="scope">Sales</span></caption>', shown)
    assert re.search(r'<th scope="row">3</th><td class="number">nearly all</td>', shown)


def test_a_group_held_back_is_named_with_the_reason(signed_in: Office) -> None:
    contribute(signed_in, 12, 4)

    shown = signed_in.get("/").text

    assert '<h2 id="held-back">Held back</h2>' in shown
    assert re.findall(r"<li>(Sales|Support)</li>", shown) == ["Sales", "Support"]
    assert "10–19 people contributed." in shown


def test_the_list_of_people_starts_empty(signed_in: Office) -> None:
    assert "Nobody has told that the special screen rules apply to them." in signed_in.get("/people").text


def test_a_person_who_told_is_on_the_list_with_what_follows(signed_in: Office) -> None:
    tell(signed_in, "Bo Holm")

    shown = signed_in.get("/people").text

    assert re.search(r'<th scope="row">Bo Holm</th><td>2026-10</td>', shown)
    assert "Asks for a chair, a screen." in shown
    assert "Asks for an eye test; the employer pays for it." in shown
    assert "Asks for help with the check of the workplace at home." in shown
    assert "An eye test must be offered" in shown


def test_a_person_not_covered_who_asks_for_something_is_listed_apart(signed_in: Office) -> None:
    tell(signed_in, "Bo Holm", screen_rule="not_covered")

    shown = signed_in.get("/people").text

    assert "Nobody has told that the special screen rules apply to them." in shown
    assert "Others who ask for something" in shown
    assert "Bo Holm" in shown


def test_a_person_not_covered_who_asks_for_nothing_is_not_listed(signed_in: Office) -> None:
    nothing = {"workplace_check": "done", "equipment_wanted": "unknown", "eye_test_wanted": "unknown"}
    tell(signed_in, "Bo Holm", screen_rule="provisional", **nothing)

    assert "Bo Holm" not in signed_in.get("/people").text


def test_the_latest_month_counts(signed_in: Office) -> None:
    person = signed_in.enrolled(signed_in.person_laptop("Bo Holm"))
    signed_in.ask(person.report("2026-09", duty_values("2026-09")))
    later = duty_values(
        "2026-10", screen_rule="not_covered", workplace_check="done", equipment_wanted=[], eye_test_wanted=False
    )
    signed_in.ask(person.report("2026-10", later))

    assert "Bo Holm" not in signed_in.get("/people").text


def test_a_name_is_text_and_never_markup(signed_in: Office) -> None:
    tell(signed_in, "<script>alert(1)</script>")

    shown = signed_in.get("/people").text

    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


def test_each_view_of_the_list_is_logged_once_with_a_date(signed_in: Office) -> None:
    signed_in.get("/people")
    signed_in.clock.day = date(2026, 11, 2)
    shown = signed_in.get("/people").text
    signed_in.get("/")

    with signed_in.database.reading() as connection:
        rows = connection.execute(sa.select(access_log.c.account, access_log.c.seen_on, access_log.c.what)).all()
    assert [tuple(row) for row in rows] == [
        (ADMIN, date(2026, 10, 30), "people.duty"),
        (ADMIN, date(2026, 11, 2), "people.duty"),
    ]
    assert f"This view was logged: {ADMIN}, 2026-11-02." in shown


def test_without_a_log_nobody_is_shown(signed_in: Office) -> None:
    tell(signed_in, "Bo Holm")
    with signed_in.database.writing() as connection:
        access_log.drop(connection)

    answer = signed_in.get("/people")

    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:fyraften:problem:unavailable"
    assert "Bo Holm" not in answer.text


def test_a_visitor_who_is_not_signed_in_leaves_no_log(office: Office) -> None:
    office.get("/people")

    with office.database.reading() as connection:
        assert connection.execute(sa.select(access_log)).all() == []


@pytest.mark.parametrize(
    ("query", "accepted", "expected"),
    [
        ("", "", "en"),
        ("", "da-DK,da;q=0.9,en;q=0.8", "da"),
        ("", "nn;q=0.5, en;q=0.1", "nb"),
        ("", "fr, en;q=0.2, da;q=0.4", "da"),
        ("?lang=nb", "da", "nb"),
        ("?lang=xx", "da", "da"),
        ("", "da;q=0, en", "en"),
        ("", "da;q=x, ;;;,", "en"),
    ],
)
def test_the_language_is_the_one_asked_for(office: Office, query: str, accepted: str, expected: str) -> None:
    shown = office.get(f"/login{query}", accept_language=accepted).text

    assert f'<html lang="{expected}">' in shown


def test_a_chosen_language_stays(office: Office) -> None:
    office.get("/login?lang=da")

    assert office.cookies[LANGUAGE_COOKIE] == "da"
    assert '<html lang="da">' in office.get("/login").text


def test_the_wire_s_own_words_follow_the_language(signed_in: Office) -> None:
    contribute(signed_in, 10)

    assert "Dage med hjemmearbejde" in signed_in.get("/?lang=da").text


@pytest.mark.parametrize("path", ["/", "/people", "/record", "/login", "/nothing"])
def test_a_page_loads_nothing_from_elsewhere_and_runs_no_script(signed_in: Office, path: str) -> None:
    answer = signed_in.get(path, accept="text/html")

    assert "<script" not in answer.text
    assert re.findall(r'(?:src|href|action)="(?:[a-z]+:)?//', answer.text) == []
    assert " style=" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_somebody_who_opens_a_wrong_address_sees_a_page(signed_in: Office) -> None:
    answer = signed_in.get("/nothing", accept="text/html")

    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "There is nothing at this address." in answer.text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("da", "<p>Der er ikke noget på denne adresse.</p>"),
        ("nb", "<p>Det er ingenting på denne adressen.</p>"),
    ],
)
def test_what_is_wrong_is_told_in_the_readers_language(signed_in: Office, language: str, words: str) -> None:
    assert words in signed_in.get(f"/nothing?lang={language}", accept="text/html").text


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_another_method_is_told_which_ones_there_are(office: Office, accept: str) -> None:
    answer = office.post("/people", {}, accept=accept)

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")


def test_a_demonstration_says_so_on_every_page(office: Office) -> None:
    demonstration = office.with_config(demonstration=True)
    demonstration.sign_in()

    assert "Demonstration" in demonstration.get("/").text
    assert "Demonstration" in demonstration.get("/people").text
    office.sign_in()
    assert "Demonstration" not in office.get("/").text
