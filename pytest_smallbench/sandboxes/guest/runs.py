"""Which processes are a run's, and the end of them all.

Each run has a group of its own. Every process started in it is in that group, however it was
started, and without privileges none can leave it.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator

from ..process import linux

_PATIENCE = 200  # looks at what is still there; a fork bomb has been met by then


def of_mark(mark: int) -> Iterator[int]:
    """The living processes of a run, init included."""
    for name in os.listdir("/proc"):
        if name.isdecimal() and _is_of(name, mark):
            yield int(name)


def end(mark: int) -> bool:
    """End them all, and see them gone; true where some are born faster than they are ended."""
    for _ in range(_PATIENCE):
        found = list(of_mark(mark))
        if not found:
            return False
        for pid in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        os.sched_yield()
    return True


def _is_of(name: str, mark: int) -> bool:
    try:
        with open(f"/proc/{name}/status", "rb") as file:
            lines = dict(line.split(b":", 1) for line in file.read().splitlines() if b":" in line)
    except OSError:
        return False
    return b"%d" % mark in lines[b"Groups"].split() and lines[b"State"].split()[0] not in b"ZX"


class Hammer:
    """Ends every process of the user at one stroke: a helper becomes that user, and the kernel
    signals all that it may. Forked in advance, for a bomb leaves no room for a process."""

    def __init__(self, uid: int) -> None:
        self._uid = uid
        self._raise()

    def strike(self) -> None:
        """Until nothing of the user's is left: code might be quicker than a helper, once."""
        while True:
            os.write(self._trigger, b"!")
            os.close(self._trigger)
            os.waitpid(self._pid, 0)
            if not _any_of(self._uid):
                break
            self._raise()
        self._raise()

    def _raise(self) -> None:
        waiting, self._trigger = os.pipe()
        self._pid = os.fork()
        if not self._pid:
            self._wait(waiting)
        os.close(waiting)

    def _wait(self, waiting: int) -> None:
        try:
            os.close(self._trigger)
            linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
            linux.set_command_line(b"init")
            if os.read(waiting, 1):
                os.setresuid(self._uid, self._uid, self._uid)
                os.kill(-1, signal.SIGKILL)
        finally:
            os._exit(0)


def _any_of(uid: int) -> bool:
    for name in os.listdir("/proc"):
        if name.isdecimal():
            with contextlib.suppress(OSError), open(f"/proc/{name}/status", "rb") as file:
                text = file.read()
                if b"\nUid:\t%d\t" % uid in text and b"\nState:\tZ" not in text:
                    return True
    return False
