"""``fyraften agreement``: shown, imported, exemplified."""

from __future__ import annotations

from pathlib import Path

import pypdf
import pytest

from command_line import CommandLine
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_policy.agreement import GROUNDS
from fyraften_policy.rules.rest_exceptions import GROUND_WORDS


def test_the_template_can_be_imported_as_it_is(newcomer: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "agreement.toml"
    file.write_text(newcomer.run("agreement", "template").out, encoding="utf-8")

    outcome = newcomer.run("agreement", "import", str(file))

    assert outcome.code == ExitCode.DONE
    assert newcomer.json("agreement")["agreement"]["weekly_hours"] == 37
    assert "Normal hours, Monday" in newcomer.run("agreement").out


def test_an_agreement_is_used_for_the_next_judgement(person: CommandLine) -> None:
    before = person.json("why", "agreement.out_of_hours", "--date", "2026-11-18")["findings"]
    text = 'jurisdiction = "DK"\n[agreement.normal_hours]\nwed = [["08:00", "16:10"]]'
    person.run("agreement", "import", "-", keyboard=text)

    after = person.json("why", "agreement.out_of_hours", "--date", "2026-11-18")["findings"]

    assert [finding["verdict"] for finding in before] == ["not_judged"]
    assert [finding["verdict"] for finding in after] == ["broken"]


def test_it_is_shown_in_words_and_in_the_order_of_the_week(newcomer: CommandLine) -> None:
    text = (
        'jurisdiction = "DK"\n[agreement.normal_hours]\nfri = [["08:00", "15:00"]]\nmon = [["08:00", "16:00"]]\n'
        '[[absences]]\nstart = 2026-07-06\nend = 2026-07-24\nkind = "holiday"\n'
    )
    newcomer.run("agreement", "import", "-", keyboard=text)

    shown, written = newcomer.run("agreement").out, newcomer.run("agreement", "export", "-").out

    assert (
        shown.index("Normal hours, Monday") < shown.index("Normal hours, Friday") < shown.index("2026-07-24, holiday")
    )
    assert written.index("mon = ") < written.index("fri = ")


@pytest.mark.parametrize("number", ["9" * 5000, "[" * 20_000])
def test_a_file_that_is_too_much_for_its_reader_is_told(newcomer: CommandLine, number: str) -> None:
    outcome = newcomer.run("agreement", "import", "-", keyboard=f"jurisdiction = {number}")

    assert outcome.code == ExitCode.BAD_INPUT
    assert "The file is not TOML: a number in it is too long" in outcome.errors


def test_a_file_may_begin_with_the_mark_that_editors_write(newcomer: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('jurisdiction = "NO"\r\n', encoding="utf-8-sig")

    assert newcomer.run("agreement", "import", str(tmp_path / "a.toml")).code == ExitCode.DONE
    assert newcomer.json("agreement")["jurisdiction"] == "NO"


def test_every_version_is_kept(newcomer: CommandLine) -> None:
    newcomer.run("agreement", "import", "-", keyboard='jurisdiction = "DK"')
    newcomer.run("agreement", "import", "-", keyboard='jurisdiction = "NO"')

    assert newcomer.json("agreement")["jurisdiction"] == "NO"


def test_a_wrong_value_is_told_with_its_key_and_a_remedy(newcomer: CommandLine) -> None:
    text = 'jurisdiction = "DK"\n[agreement.normal_hours]\nmon = [["8", "16:00"]]'

    outcome = newcomer.run("agreement", "import", "-", keyboard=text)

    assert outcome.code == ExitCode.BAD_INPUT
    assert "agreement.normal_hours.mon[0][0]" in outcome.errors
    assert "08:00" in outcome.errors
    assert newcomer.json("agreement") is None


def test_a_file_that_is_not_there_is_told(newcomer: CommandLine, tmp_path: Path) -> None:
    outcome = newcomer.run("agreement", "import", str(tmp_path / "none.toml"))

    assert outcome.code == ExitCode.BAD_INPUT
    assert "none.toml" in outcome.errors


def test_a_file_that_is_no_text_is_told(newcomer: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "agreement.toml"
    file.write_bytes(b"\xff\xfe\x00")

    outcome = newcomer.run("agreement", "import", str(file))

    assert outcome.code == ExitCode.BAD_INPUT
    assert "UTF-8" in outcome.errors


def test_without_an_agreement_it_says_how_to_record_one(nobody: CommandLine) -> None:
    outcome = nobody.run("agreement")

    assert "fyraften agreement template" in outcome.out


def full_agreement(person: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "full.toml"
    text = """
        jurisdiction = "DK"
        [agreement]
        home_days = 2
        last_eye_test = 2025-03-01
        [[absences]]
        start = 2026-10-01
        end = 2026-10-02
        kind = "sick"
        [terms]
        reachable = "09:00–15:00, på telefon"
    """
    file.write_text(text, encoding="utf-8")
    assert person.run("agreement", "import", str(file)).code == ExitCode.DONE


def test_an_exported_file_goes_to_the_other_side_and_comes_back(newcomer: CommandLine, tmp_path: Path) -> None:
    full_agreement(newcomer, tmp_path)
    file = tmp_path / "shared.toml"
    before = newcomer.json("agreement")

    newcomer.run("agreement", "export", str(file), "--language", "da")
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("home_days = 2", "home_days = 3"), encoding="utf-8")
    newcomer.run("agreement", "import", str(file), "--keep-own")
    after = newcomer.json("agreement")

    assert "sick" not in text
    assert "eye" not in text
    assert "på telefon" in text
    assert after["agreement"] == {**before["agreement"], "home_days": 3}
    assert (after["absences"], after["terms"]) == (before["absences"], before["terms"])


def test_an_export_for_oneself_holds_everything(newcomer: CommandLine, tmp_path: Path) -> None:
    full_agreement(newcomer, tmp_path)

    assert "sick" in newcomer.run("agreement", "export", "-", "--everything").out
    assert "sick" not in newcomer.run("agreement", "export", "-").out


def test_the_printed_agreement_holds_what_is_agreed_and_nothing_of_the_employees_own(
    newcomer: CommandLine, tmp_path: Path
) -> None:
    full_agreement(newcomer, tmp_path)

    newcomer.run("agreement", "print", str(tmp_path / "a.pdf"))
    text = " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(tmp_path / "a.pdf").pages).split())

    assert "Agreed days a week at home 2" in text
    assert "09:00–15:00, på telefon" in text
    assert "Employer, date" in text
    assert "2025-03-01" not in text
    assert "2026-10-0" not in text


def test_without_an_agreement_there_is_nothing_to_export_or_print(nobody: CommandLine, tmp_path: Path) -> None:
    outcomes = [nobody.run("agreement", step, str(tmp_path / "a")) for step in ("export", "print")]

    assert [one.code for one in outcomes] == [ExitCode.BAD_INPUT] * 2
    assert all("agreement template" in one.errors for one in outcomes)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "annual accounts, stocktaking or sales"),
        ("da", "årsregnskab, status eller udsalg"),
        ("nb", "årsoppgjør, varetelling eller salg"),
    ],
)
def test_the_ground_of_an_exception_is_told_in_words(newcomer: CommandLine, language: str, words: str) -> None:
    text = 'jurisdiction = "DK"\n[agreement]\nrest_exceptions = [{ date = 2026-01-13, ground = "annual_accounts" }]\n'
    newcomer.run("agreement", "import", "-", keyboard=text)

    shown = newcomer.run("agreement", "--language", language).out

    assert f"2026-01-13 ({words})" in shown
    assert "annual_accounts" not in shown


def test_every_ground_of_an_exception_has_words() -> None:
    assert set(GROUND_WORDS) == set(GROUNDS)
