"""Runs a program as on a kernel without Landlock, without filters of system calls, or without both.

``python weak_kernel.py MISSING COMMAND…``: MISSING is ``landlock``, ``seccomp`` or ``both``. What is missing answers
"no such call", to the program and all its children, by a filter that stays.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys

from fyraften_agent.sandbox.landlock import keep_privileges_down
from fyraften_agent.sandbox.seccomp import Step, architecture, assemble

NO_SUCH_CALL = 0x00050000 | errno.ENOSYS
LANDLOCK = 444


def main() -> None:
    known = architecture()
    assert known is not None
    missing = {"landlock": [LANDLOCK], "seccomp": [known.numbers["seccomp"]]}
    missing["both"] = missing["landlock"] + missing["seccomp"]
    steps = [Step(0x20, 0)]
    for number in missing[sys.argv[1]]:
        steps += [Step(0x15, number, 0, 1), Step(0x06, NO_SUCH_CALL)]
    program = assemble([*steps, Step(0x06, 0x7FFF0000)])

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))

    keep_privileges_down()
    handed = Program(len(program) // 8, program)
    set_filter = 1
    assert ctypes.CDLL(None).syscall(ctypes.c_long(known.numbers["seccomp"]), set_filter, 0, ctypes.byref(handed)) == 0
    os.execv(sys.argv[2], sys.argv[2:])


if __name__ == "__main__":
    main()
