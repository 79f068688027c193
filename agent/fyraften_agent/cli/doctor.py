"""``fyraften doctor``: what works here and what does not, and what no program can promise, said plainly.

Looks and changes nothing. The checks are ``examine``'s; the limits are a list of sentences, read and agreed on.
"""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from typing import Any, NamedTuple

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.cli.show import bullets, section
from fyraften_agent.consent.ledger_file import open_to_read
from fyraften_agent.consent.ledger_store import read_events
from fyraften_agent.errors import AgentError, StoreError
from fyraften_agent.files.disk import is_encrypted, own_files
from fyraften_agent.mending.words import mending_sentences
from fyraften_agent.recording.state import OFF, RecordingState, look_at_recording, recording_sentence
from fyraften_agent.sending.enrolment import ENROLLED, Enrolments
from fyraften_agent.shown.looking import records
from fyraften_agent.shown.source_kinds import source_kind
from fyraften_agent.store.mendings import mendings
from fyraften_agent.verify_ledger import verify_in_process
from fyraften_policy import __version__
from fyraften_policy.findings import Figure
from fyraften_policy.languages import Translate, mark
from fyraften_policy.sentences import reason_of

GOOD, LOOK, BAD, NOTE = "good", "look", "bad", "note"
_MARKS = {GOOD: "✓", LOOK: "!", BAD: "✗", NOTE: "·"}

LIMITS = (
    mark("Whoever administers this computer can read every file on it, Fyraften's too; no program can prevent that."),
    mark("Another program that runs under your account can read what you can read."),
    mark(
        "A consent holds only on the computer, under the account and in the folder where it was given. But a program "
        "that runs under your account and types in a terminal of its own cannot be told from you; nor can whoever "
        "administers this computer and makes it look like another."
    ),
    mark(
        "On an X11 display every program could see every key. Fyraften does not look: it notes only when the latest "
        "input came. The display cannot prove that."
    ),
    mark("Files are not encrypted by Fyraften: if the laptop is lost, the encryption of its disk protects them."),
    mark(
        "The system's kernel confines the processes that run unwatched, where it can: fyraften doctor --privacy. It "
        "does not confine the supervisor that starts them, the page, and the commands that you write yourself."
    ),
    mark(
        "The end of the consent ledger is compared with a note kept beside its key, in the keyring or a file: who can "
        "change both can cut the ledger short unseen."
    ),
    mark(
        "Every program that runs under your account can ask an open keyring for what is in it; and a keyring without "
        "a password keeps its secrets in clear on the disk."
    ),
)


class Check(NamedTuple):
    """One thing looked at: its name for ``--json``, how it is, and the sentence."""

    name: str
    state: str
    text: str


def add(commands: Any, _: Translate) -> None:
    """Register ``doctor``."""
    doctor = commands.add_parser(
        "doctor",
        help=_("what works here, what does not, and what cannot be promised"),
        epilog=_("Examples:\n  fyraften doctor\n  fyraften doctor --privacy"),
    )
    doctor.add_argument(
        "--privacy", action="store_true", help=_("what is certain here of what is recorded and sent, and by what")
    )
    doctor.set_defaults(run="doctor:doctor")


def doctor(arguments: argparse.Namespace, context: Context) -> int:
    """Examine this installation; exit code 6 if records or ledger are damaged."""
    if arguments.privacy:
        from fyraften_agent.cli.doctor_privacy import privacy  # starts processes, to try

        return privacy(arguments, context)
    _ = context._
    checks = list(examine(context))
    document = {"checks": [check._asdict() for check in checks], "limits": list(LIMITS)}
    lines = [f"{_MARKS[check.state]} {check.text}" for check in checks]
    lines += section(_("What no program can promise"), bullets(_(limit) for limit in LIMITS), "")
    context.show(arguments, document, lines)
    return ExitCode.STORAGE_FAILED if any(check.state == BAD for check in checks) else ExitCode.DONE


def examine(context: Context) -> Iterator[Check]:
    """Yield every check, in the order in which things depend on each other."""
    _ = context._
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    yield Check("version", NOTE, _("Fyraften {version} on {system}").format(version=__version__, system=system))
    state, looked = _recording(context)
    yield looked
    looks: tuple[tuple[str, Callable[[], Iterable[Check]]], ...] = (
        ("screen", lambda: [_screen(context)]),
        ("network", lambda: [_network(_)]),
        ("notices", lambda: [_notices(context)]),
        ("footprint", lambda: [_footprint(state, _)]),
        ("files", lambda: _files(context)),
        # Opening the records puts their modes right: the files are looked at before.
        ("input", lambda: _input(context, state)),
        ("records", lambda: _records(context)),
        ("ledger", lambda: [_ledger(context), *_policies(context)]),
        ("keys", lambda: _keys(context)),
        ("disk", lambda: [_disk(context)]),
    )
    for name, look in looks:
        yield from _guarded(name, look, _)


def _guarded(name: str, look: Callable[[], Iterable[Check]], _: Translate) -> Iterator[Check]:
    """Yield what was found; a look that fails is a finding itself, and the next one follows."""
    try:
        yield from look()
    except AgentError as problem:
        yield _failed(name, problem, _)
    except OSError as problem:
        text = _("{path} cannot be read: {reason}.")
        yield Check(name, BAD, text.format(path=problem.filename, reason=reason_of(problem).text(_)))


def _failed(name: str, problem: AgentError, _: Translate) -> Check:
    """Return the problem as a row; what passes by itself or is no failure of storage is only to be looked at."""
    is_passing = isinstance(problem, StoreError) and problem.trouble == "locked"
    is_bad = problem.exit_code == ExitCode.STORAGE_FAILED and not is_passing
    return Check(name, BAD if is_bad else LOOK, problem.text(_))


def _recording(context: Context) -> tuple[RecordingState, Check]:
    _, zone, now = context._, context.clock.zone(), context.clock.now()
    try:
        state = look_at_recording(context.paths, context.clock)
    except AgentError as problem:
        return RecordingState(OFF), _failed("recording", problem, _)
    return state, Check("recording", NOTE, recording_sentence(state, zone, now, _))


def _input(context: Context, state: RecordingState) -> Iterator[Check]:
    """Say which source senses input here, or why none can; and why each of the others is not used."""
    from fyraften_agent.sensors.choosing import candidates, choice_of, look_at

    _ = context._
    if state.source is not None and state.source_state == "live":
        kind = f"{state.source} ({source_kind(state.source, _)})"
        yield Check("input", GOOD, _("Input is sensed by {source}.").format(source=kind))
        for reason in state.refused:
            yield Check("input_not_used", NOTE, _("Not used, {reason}").format(reason=reason))
        return
    with records(context.paths) as store:
        choice = choice_of(None if store is None else store.choices.get("source"))
    looked = look_at(candidates(choice, context.environ))
    usable = next((each for each in looked if each.problem is None), None)
    if usable is not None:
        kind = f"{usable.name} ({source_kind(usable.name, _)})"
        yield Check("input", GOOD, _("Input can be sensed by {source}.").format(source=kind))
    else:
        yield Check("input", LOOK, _("No work can be measured here; why each source cannot be used, follows."))
    for each in looked:
        if each.problem is not None:
            reason = f"{each.name}: {each.problem.text(_)}"
            yield Check("input_not_used", NOTE, _("Not used, {reason}").format(reason=reason))


def _screen(context: Context) -> Check:
    """Say who tells of the lock of the screen and of sleep."""
    from fyraften_agent.sensors.screens import screen

    _, looked = context._, screen(context.environ)
    looked.start(lambda: None)
    tells = looked.tells
    looked.close()
    if not tells:
        text = _("Nobody tells of a locked screen here: work ends at its last input, and what is typed counts.")
        return Check("screen", NOTE, text)
    return Check("screen", GOOD, _("Lock and sleep are told by: {names}").format(names=", ".join(tells)))


def _network(_: Translate) -> Check:
    from fyraften_agent.sensors.network import gateway_identity

    if gateway_identity() is None:
        return Check("network", NOTE, _("No network can be recognised now; the place counts as not known."))
    return Check("network", GOOD, _("This network can be recognised again, by a keyed fingerprint."))


def _notices(context: Context) -> Check:
    from fyraften_agent.telling.desktop_notices import ask_daemon

    if not sys.platform.startswith("linux"):
        return Check("notices", NOTE, context._("Notices are handed to the system."))
    if ask_daemon(context.environ) is None:
        text = context._("No desktop shows notices here; they are listed by: fyraften notices")
        return Check("notices", LOOK, text)
    return Check("notices", GOOD, context._("The desktop shows notices."))


def _footprint(state: RecordingState, _: Translate) -> Check:
    """Say what the running processes cost."""
    from fyraften_agent.sensors.machine import footprint

    costs = {name: footprint(pid) for name, pid in state.processes}
    texts = [f"{name} {cost.resident_bytes / 2**20:.0f} MiB" for name, cost in costs.items() if cost is not None]
    if not texts:
        return Check("footprint", NOTE, _("No process of Fyraften is running."))
    return Check("footprint", NOTE, _("Memory in use: {processes}").format(processes=", ".join(texts)))


def _files(context: Context) -> Iterator[Check]:
    """Say where the files are, how large, and whether anybody else may read one."""
    _, found = context._, own_files(context.paths.folder)
    if not found:
        yield Check(
            "files", NOTE, _("Nothing is kept yet; it would be in {folder}.").format(folder=context.paths.folder)
        )
        return
    size = Figure(f"{sum(each.size for each in found) / 2**20:.1f} MiB").told(_)
    yield Check("files", NOTE, _("{size} are kept in {folder}.").format(size=size, folder=context.paths.folder))
    for each in found:
        if not each.is_private:
            text = _("{path} can be opened by others (mode {mode}). To close it: chmod go= {path}")
            yield Check("modes", LOOK, text.format(path=each.path, mode=f"{each.mode & 0o777:04o}"))
    if all(each.is_private for each in found):
        yield Check("modes", GOOD, _("All {count} files and folders are yours alone.").format(count=len(found)))


def _records(context: Context) -> Iterator[Check]:
    """Open the records, look through all of them, and say what was mended."""
    _ = context._
    with records(context.paths) as store:
        if store is None:
            yield Check("records", NOTE, _("Nothing was ever recorded."))
            return
        store.file.check_whole()
        count = len(store.sessions(0, context.clock.now()))
        done = mendings(store.file)
    yield Check("records", GOOD, _("The records are whole. Sessions in them: {count}.").format(count=count))
    for one in done:
        words = " ".join(mending_sentences(one, context.paths.folder, context.clock.zone(), _))
        yield Check("mended", NOTE if one.is_without_loss else LOOK, words)


def _ledger(context: Context) -> Check:
    """Check every signature of the consent ledger, in a process of its own."""
    _ = context._
    if not context.paths.ledger.exists():
        return Check("ledger", NOTE, _("There is no consent ledger yet: you were never asked."))
    verify_in_process(context.paths)
    unsigned = _unsigned(context)
    if unsigned:
        text = _("The consent ledger is whole. Entries without a signature, which only take back: {count}.")
        return Check("ledger", GOOD, text.format(count=unsigned))
    return Check("ledger", GOOD, _("The consent ledger is whole, and every entry is signed."))


def _policies(context: Context) -> Iterator[Check]:
    """Say what the employers' services say that holds there, and whether that was accepted."""
    from fyraften_agent.sending.employer_policy import Policies

    _ = context._
    connection = open_to_read(context.paths.ledger)
    if connection is None:
        return
    with closing(connection):
        policies = Policies(connection)
        keys = {one.service_key: one.organisation for one in Enrolments(connection).all() if one.state == ENROLLED}
        for key, organisation in keys.items():
            refused, newest = policies.refused(key), policies.newest(key)
            if refused is not None:
                text = _("The rules of {organisation} were not accepted, so nothing is sent to it: {problem}.")
                yield Check("policy", LOOK, text.format(organisation=organisation, problem=_(refused)))
            elif newest is not None:
                text = _(
                    "The rules of {organisation} of {date} go no further than you agreed to: "
                    "figures show from {count} contributors on."
                )
                values = {"organisation": organisation, "date": newest.since, "count": newest.smallest_group}
                yield Check("policy", GOOD, text.format(**values))


def _unsigned(context: Context) -> int:
    """Return how many entries were written without the key."""
    connection = open_to_read(context.paths.ledger)
    if connection is None:
        return 0
    with closing(connection):
        return sum(event.is_unsigned for event in read_events(connection))


def _keys(context: Context) -> Iterator[Check]:
    from fyraften_agent.cli.doctor_keys import keys_found  # loads cryptography

    for name, is_well, text in keys_found(context):
        yield Check(name, NOTE if is_well else LOOK, text)


def _disk(context: Context) -> Check:
    _, encrypted = context._, is_encrypted(context.paths.folder)
    if encrypted is None:
        return Check(
            "disk", LOOK, _("Whether the disk is encrypted cannot be told here. Look at the system's settings.")
        )
    if not encrypted:
        return Check("disk", LOOK, _("The disk is not encrypted: whoever has the laptop can read the records."))
    return Check("disk", GOOD, _("The disk is encrypted."))
