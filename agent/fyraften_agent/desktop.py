"""The desktop as the collector tells it things: a notice with its buttons, and what the person chose at one.

Everything that shows something is loaded when the first notice is told.
Not here: what is shown where (``desktop_notices``, ``desktop_buttons``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from fyraften_agent.notices import Notice
from fyraften_policy.languages import Translate

if TYPE_CHECKING:
    from fyraften_agent.choosing import Choice
    from fyraften_agent.desktop_buttons import ButtonNotices


class Desktop:
    """Shows notices until it is closed."""

    def __init__(self, chosen: Callable[[Notice, str], None], untold: Callable[[Notice], None], _: Translate) -> None:
        """Tell what is chosen, and what no desktop took.

        Args:
            chosen: called in a thread of its own with the name of a choice (``choosing.choices_at``).
            untold: called for a notice that nobody showed.
        """
        self._chosen, self._untold, self._ = chosen, untold, _
        self._buttons: ButtonNotices | None = None

    def tell(self, notice: Notice) -> bool:
        """Show a notice; return whether a desktop took it."""
        from fyraften_agent.choosing import choices_at
        from fyraften_agent.desktop_buttons import ButtonNotices
        from fyraften_agent.desktop_notices import show

        buttons = self._buttons = self._buttons or ButtonNotices()

        def with_buttons(address: str, title: str, body: str, choices: Sequence[Choice]) -> bool:
            return buttons.show(address, title, body, choices, lambda name: self._chosen(notice, name))

        is_shown = show(notice, None, choices_at(notice, self._), with_buttons)
        if not is_shown:
            self._untold(notice)
        return is_shown

    def close(self) -> None:
        """Take notices with buttons off the screen: nobody would answer any more."""
        if self._buttons is not None:
            self._buttons.close()
