"""The icon on the panel, as panels ask about it: org.kde.StatusNotifierItem, and its menu, com.canonical.dbusmenu.

Pure: calls come in, replies go out.  A click on the icon pauses or resumes at once; the menu says the state in words
and offers the same.
Not here: the connection (``peer``), when the icon is announced (``indicator``).
"""

from __future__ import annotations

from typing import Any

from fyraften_agent.indicator.icons import SIZES, pixels
from fyraften_agent.indicator.peer import Call, Reply
from fyraften_agent.indicator.states import Shown

ITEM, ITEM_PATH = "org.kde.StatusNotifierItem", "/StatusNotifierItem"
MENU, MENU_PATH = "com.canonical.dbusmenu", "/MenuBar"
CHANGES = ("NewTitle", "NewIcon", "NewToolTip")
_STATE_ROW, _RULER_ROW, _BUTTON_ROW = 1, 2, 3
_Variant = tuple[str, Any]


def answer(call: Call, shown: Shown, version: int) -> Reply | None:
    """Answer a question about the icon or its menu; None for what neither has.

    Args:
        version: grows with every change of the menu.
    """
    match call:
        case (_, "org.freedesktop.DBus.Peer", "Ping", _):
            return Reply()
        case (path, "org.freedesktop.DBus.Introspectable", "Introspect", _):
            return Reply("s", (_described(path),))
        case (path, "org.freedesktop.DBus.Properties", member, body):
            return _property(path, member, body, shown)
        case (_, "org.kde.StatusNotifierItem", "Activate" | "SecondaryActivate" | "ContextMenu" | "Scroll", _):
            return Reply()
        case (_, "com.canonical.dbusmenu", member, body):
            return _menu(member, body, shown, version)
    return None


def clicked(call: Call, shown: Shown) -> str | None:
    """Return what a call clicks, ``pause`` or ``resume``; None where it clicks nothing."""
    if shown.button is None:
        return None
    match call:
        case (_, "org.kde.StatusNotifierItem", "Activate", _):
            return shown.button[0]
        case (_, "com.canonical.dbusmenu", "Event", (int(row), "clicked", *_rest)) if row == _BUTTON_ROW:
            return shown.button[0]
        case (_, "com.canonical.dbusmenu", "EventGroup", (events,)) if any(
            event[:2] == (_BUTTON_ROW, "clicked") for event in events
        ):
            return shown.button[0]
    return None


def properties(shown: Shown) -> dict[str, _Variant]:
    """Return what is known of the icon."""
    picture = [(size, size, pixels(shown.state, size)) for size in SIZES]
    return {
        "Category": ("s", "ApplicationStatus"),
        "Id": ("s", "fyraften"),
        "Title": ("s", shown.title),
        "Status": ("s", "Active"),
        "WindowId": ("i", 0),
        "IconName": ("s", ""),
        "IconPixmap": ("a(iiay)", picture),
        "IconAccessibleDesc": ("s", f"{shown.title}. {shown.sentence}"),
        "OverlayIconName": ("s", ""),
        "OverlayIconPixmap": ("a(iiay)", []),
        "AttentionIconName": ("s", ""),
        "AttentionIconPixmap": ("a(iiay)", []),
        "AttentionMovieName": ("s", ""),
        "ToolTip": ("(sa(iiay)ss)", ("", picture[:1], shown.title, f"{shown.sentence} {shown.hint}")),
        "ItemIsMenu": ("b", False),
        "Menu": ("o", MENU_PATH),
    }


_MENU_PROPERTIES: dict[str, _Variant] = {
    "Version": ("u", 3),
    "TextDirection": ("s", "ltr"),
    "Status": ("s", "normal"),
    "IconThemePath": ("as", []),
}


def rows(shown: Shown) -> dict[int, dict[str, _Variant]]:
    """Return the rows of the menu by their number."""
    known: dict[int, dict[str, _Variant]] = {
        _STATE_ROW: {"label": ("s", _label(shown.sentence)), "enabled": ("b", False)},
        _RULER_ROW: {"type": ("s", "separator"), "visible": ("b", shown.button is not None)},
        _BUTTON_ROW: {"label": ("s", ""), "visible": ("b", False)},
    }
    if shown.button is not None:
        known[_BUTTON_ROW] = {"label": ("s", _label(shown.button[1])), "enabled": ("b", True), "visible": ("b", True)}
    return known


def _label(text: str) -> str:
    return text.replace("_", "__")  # a single one marks a key


def _property(path: str, member: str, body: tuple[Any, ...], shown: Shown) -> Reply | None:
    known = properties(shown) if path == ITEM_PATH else _MENU_PROPERTIES if path == MENU_PATH else {}
    if member == "GetAll":
        return Reply("a{sv}", (known,))
    if member == "Get" and len(body) == 2 and body[1] in known:
        return Reply("v", (known[body[1]],))
    return None


def _menu(member: str, body: tuple[Any, ...], shown: Shown, version: int) -> Reply | None:
    known = rows(shown)
    match member, body:
        case "GetLayout", (0, *_rest):
            children: list[_Variant] = [("(ia{sv}av)", (number, row, [])) for number, row in known.items()]
            root = (0, {"children-display": ("s", "submenu")}, children)
            return Reply("u(ia{sv}av)", (version, root))
        case "GetLayout", (number, *_rest):
            return Reply("u(ia{sv}av)", (version, (number, known.get(number, {}), [])))
        case "GetGroupProperties", (numbers, *_rest):
            wanted = [number for number in (numbers or known) if number in known]
            return Reply("a(ia{sv})", ([(number, known[number]) for number in wanted],))
        case "GetProperty", (number, name) if name in known.get(number, {}):
            return Reply("v", (known[number][name],))
        case "Event", _:
            return Reply()
        case "EventGroup", _:
            return Reply("ai", ([],))
        case "AboutToShow", _:
            return Reply("b", (False,))
        case "AboutToShowGroup", _:
            return Reply("aiai", ([], []))
    return None


def _described(path: str) -> str:
    """Return the interfaces of a path in the bus's own format: for those who ask before they ask."""
    known = {ITEM_PATH: ITEM, MENU_PATH: MENU}
    if path in known:
        inside = f'<interface name="{known[path]}"/><interface name="org.freedesktop.DBus.Properties"/>'
    else:
        inside = "".join(f'<node name="{name[1:]}"/>' for name in known)
    return f"<node>{inside}</node>"
