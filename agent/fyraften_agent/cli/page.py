"""``fyraften page``: the local page in the browser, served by this process while it is open.

Prints the address with its one-time code and opens the browser. Writes nothing itself; what the person corrects or
answers on the page is kept as by ``fyraften log`` and ``fyraften selfcheck``.
Not here: what the page shows and who may read it (``pages/``).
"""

from __future__ import annotations

import argparse
import contextlib
import webbrowser
from typing import Any

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_policy.languages import Translate


def add(commands: Any, _: Translate) -> None:
    """Register ``page``."""
    page = commands.add_parser(
        "page",
        help=_("open the page with today and the month"),
        description=_(
            "Opens a page with today and the month in your browser, where you can also correct them. It is served by "
            "this computer to you alone, and "
            "closes with Ctrl-C or after half an hour without use."
        ),
        epilog=_("Examples:\n  fyraften page\n  fyraften page --no-open"),
    )
    page.add_argument("--no-open", action="store_true", help=_("only print the address, which works once"))
    page.set_defaults(run="page:page")


def page(arguments: argparse.Namespace, context: Context) -> int:
    """Serve the page until it is closed."""
    from fyraften_agent.pages.server import LocalPage  # loads the web server, which only this command needs

    _ = context._
    local_page = LocalPage(context.paths, context.clock, context.language)
    address = local_page.address
    lines = [
        _("Your page: {address}").format(address=address),
        _("The address works once. The page closes with Ctrl-C, or after half an hour without use."),
    ]
    context.show(arguments, {"address": address}, lines)
    context.out.flush()
    if not arguments.no_open:
        webbrowser.open(address)
    with contextlib.suppress(KeyboardInterrupt):  # the usual way to close it
        local_page.serve()
    return ExitCode.DONE
