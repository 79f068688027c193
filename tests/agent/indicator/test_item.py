"""What a panel is answered about the icon and its menu, and what its clicks mean."""

from __future__ import annotations

from typing import Any

import pytest

from fyraften_agent.indicator.item import ITEM, ITEM_PATH, MENU, MENU_PATH, answer, clicked, properties
from fyraften_agent.indicator.peer import Call
from fyraften_agent.indicator.states import shown

PROPERTIES = "org.freedesktop.DBus.Properties"
RECORDING = shown({"state": "recording", "since": 1_000_000_000}, str)
PAUSED = shown({"state": "paused", "since": 1_000_000_000}, str)
OFF = shown({"state": "failed", "reason": "No_display."}, str)


def ask(path: str, interface: str, member: str, *body: Any, about: Any = RECORDING) -> Any:
    reply = answer(Call(path, interface, member, body), about, 7)
    return None if reply is None else reply.body


def test_the_icon_tells_its_state_in_words_too() -> None:
    known = properties(RECORDING)

    assert known["Title"] == ("s", "Fyraften is recording")
    assert known["IconAccessibleDesc"][1].startswith("Fyraften is recording. Recording since ")
    assert known["ToolTip"][1][2:] == ("Fyraften is recording", f"{RECORDING.sentence} Click to pause.")
    assert known["Status"] == ("s", "Active")
    assert known["ItemIsMenu"] == ("b", False)


def test_properties_are_answered_all_at_once_and_one_by_one() -> None:
    (known,) = ask(ITEM_PATH, PROPERTIES, "GetAll", ITEM)

    assert all(ask(ITEM_PATH, PROPERTIES, "Get", ITEM, name) == (value,) for name, value in known.items())
    assert ask(MENU_PATH, PROPERTIES, "Get", MENU, "Version") == (("u", 3),)


@pytest.mark.parametrize(
    ("path", "interface", "member", "body"),
    [
        (ITEM_PATH, PROPERTIES, "Get", (ITEM, "Nonsense")),
        (ITEM_PATH, PROPERTIES, "Set", (ITEM, "Title", ("s", "x"))),
        (ITEM_PATH, ITEM, "SelfDestruct", ()),
        (MENU_PATH, MENU, "GetProperty", (2, "label")),
        (MENU_PATH, MENU, "Nonsense", ()),
        ("/", "org.example", "Hello", ()),
    ],
)
def test_what_is_not_there_is_refused(path: str, interface: str, member: str, body: tuple[Any, ...]) -> None:
    assert ask(path, interface, member, *body) is None


@pytest.mark.parametrize(
    ("state", "labels"),
    [
        (RECORDING, [RECORDING.sentence, "Pause recording"]),
        (PAUSED, [PAUSED.sentence, "Resume recording"]),
        (OFF, ["Nothing is recorded: No__display.", ""]),
    ],
)
def test_the_menu_says_the_state_and_offers_the_click(state: Any, labels: list[str]) -> None:
    version, (number, _kind, children) = ask(MENU_PATH, MENU, "GetLayout", 0, -1, [], about=state)
    rows = [row for _signature, (_number, row, _below) in children]

    assert (version, number) == (7, 0)
    assert [row["label"][1] for row in rows if "label" in row] == labels
    assert rows[0]["enabled"] == ("b", False)
    assert rows[2]["visible"] == ("b", state.button is not None)


def test_rows_are_answered_by_their_number() -> None:
    (rows,) = ask(MENU_PATH, MENU, "GetGroupProperties", [3], [])

    assert rows == [(3, {"label": ("s", "Pause recording"), "enabled": ("b", True), "visible": ("b", True)})]
    assert ask(MENU_PATH, MENU, "GetProperty", 3, "label") == (("s", "Pause recording"),)
    assert ask(MENU_PATH, MENU, "GetLayout", 3, -1, [])[1][0] == 3
    assert ask(MENU_PATH, MENU, "AboutToShow", 0) == (False,)
    assert ask(MENU_PATH, MENU, "AboutToShowGroup", [0]) == ([], [])


@pytest.mark.parametrize(
    ("call", "click"),
    [
        (Call(ITEM_PATH, ITEM, "Activate", (1, 2)), True),
        (Call(ITEM_PATH, ITEM, "SecondaryActivate", (1, 2)), False),
        (Call(MENU_PATH, MENU, "Event", (3, "clicked", ("i", 0), 5)), True),
        (Call(MENU_PATH, MENU, "Event", (3, "hovered", ("i", 0), 5)), False),
        (Call(MENU_PATH, MENU, "Event", (1, "clicked", ("i", 0), 5)), False),
        (Call(MENU_PATH, MENU, "EventGroup", ([(3, "clicked", ("i", 0), 5)],)), True),
        (Call(MENU_PATH, MENU, "EventGroup", ([(1, "clicked", ("i", 0), 5)],)), False),
    ],
)
def test_a_click_pauses_or_resumes_and_nothing_where_nothing_can_be_recorded(call: Call, click: bool) -> None:
    assert clicked(call, RECORDING) == ("pause" if click else None)
    assert clicked(call, PAUSED) == ("resume" if click else None)
    assert clicked(call, OFF) is None
    assert answer(call, OFF, 1) is not None  # it is answered all the same


def test_who_asks_what_there_is_is_told() -> None:
    introspect = "org.freedesktop.DBus.Introspectable"

    assert ITEM in ask(ITEM_PATH, introspect, "Introspect")[0]
    assert MENU in ask(MENU_PATH, introspect, "Introspect")[0]
    assert "StatusNotifierItem" in ask("/", introspect, "Introspect")[0]
    assert ask(ITEM_PATH, "org.freedesktop.DBus.Peer", "Ping") == ()
