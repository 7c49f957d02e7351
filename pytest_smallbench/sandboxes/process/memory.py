"""Memory and CPU time of one run's processes, seen from outside of their PID namespace."""

from __future__ import annotations

import contextlib
import os
import time

_TICKS = os.sysconf("SC_CLK_TCK")
SOCKET_BUFFER = 212_992  # the kernel's default limit for one, bytes
_PAGE = os.sysconf("SC_PAGE_SIZE")
_OURS = 1  # init


class Meter:
    """See ground.Meter: one run in a PID namespace, where memory is counted by process.

    The cheap count, resident pages, takes those that a fork shares with the preloaded
    interpreter once for every process. Only when that exceeds the limit is the exact one
    asked for, which divides shared pages among their owners, but takes milliseconds.
    """

    def __init__(self, init: int) -> None:
        self._proc = os.open(f"/proc/{init}/root/proc", os.O_RDONLY | os.O_DIRECTORY)
        self._not_before = 0.0
        self._suspected = False

    def exceeds(self, limit: int, files: int) -> bool:
        if self._sockets() * SOCKET_BUFFER > limit:
            return True
        if files + self._resident() <= limit or time.monotonic() < self._not_before:
            return False
        begun = time.monotonic()
        too_much = files + self._proportional() > limit
        # Many large processes make the exact count dear: spend a tenth of the time on it.
        self._not_before = time.monotonic() + 9 * (time.monotonic() - begun)
        # Twice in a row: while a process starts another, its pages seem to be there twice.
        self._suspected, before = too_much, self._suspected
        return too_much and before

    def crowd(self) -> int:
        return len(self._processes()) - _OURS

    def _processes(self) -> list[str]:
        return [name for name in os.listdir(self._proc) if name.isdecimal()]

    def cpu_s(self) -> float:
        """CPU time of all its processes and of those that they have waited for, in seconds."""
        ticks = 0
        for pid in self._processes():
            with contextlib.suppress(OSError, ValueError, IndexError):
                fields = self._read(f"{pid}/stat").rpartition(b")")[2].split()
                ticks += sum(map(int, fields[11:15]))
        return ticks / _TICKS

    def enforced(self) -> str:
        return ""  # the kernel leaves these limits to us

    def close(self) -> None:
        os.close(self._proc)

    def _resident(self) -> int:
        pages = 0
        for pid in self._processes():
            with contextlib.suppress(OSError, ValueError, IndexError):
                pages += int(self._read(f"{pid}/statm").split()[1])
        return pages * _PAGE

    def _sockets(self) -> int:
        """How many there are: what waits in their buffers is in no process's own memory."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            return int(self._read("1/net/sockstat").split()[2])  # "sockets: used N"
        return 0

    def _proportional(self) -> int:
        total = 0
        for pid in self._processes():
            with contextlib.suppress(OSError, ValueError, IndexError):
                lines = self._read(f"{pid}/smaps_rollup").splitlines()
                total += next(int(line.split()[1]) for line in lines if line.startswith(b"Pss:"))
        return total << 10

    def _read(self, path: str) -> bytes:
        descriptor = os.open(path, os.O_RDONLY, dir_fd=self._proc)
        try:
            return os.read(descriptor, 1 << 14)
        finally:
            os.close(descriptor)
