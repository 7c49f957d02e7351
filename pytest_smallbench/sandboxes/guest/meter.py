"""What runs in a container use, as the container's own control group counts it.

It knows what processes share and what they hide in the kernel, and is cheap to ask. Both
versions of control groups have the figures; where neither can be seen, processes are counted
one by one, and what they share is counted for each.
"""

from __future__ import annotations

import contextlib
import os

from ..process.memory import SOCKET_BUFFER
from . import runs

_GROUP = "/sys/fs/cgroup"
# (file, names of what processes have and of what lies in memory file systems) of each version
_USED = (
    (f"{_GROUP}/memory.stat", "anon", "shmem"),
    (f"{_GROUP}/memory/memory.stat", "total_rss", "total_shmem"),
)
_KILLS = (f"{_GROUP}/memory.events", f"{_GROUP}/memory/memory.oom_control")
_PIDS = (f"{_GROUP}/pids.max", f"{_GROUP}/pids/pids.max")
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


class ContainerMeter:
    """See ground.Meter."""

    def __init__(self, ours: int = 0, mark: int = 0) -> None:
        self._ours, self._mark = ours, mark
        self._bounded = _bounded()
        self._kills = _kills()

    def begin(self) -> None:
        """From here on all that is added is the code's: what is there now is our own."""
        self._ours = _used() or 0

    def of(self, mark: int) -> ContainerMeter:
        """One for a run; what other runs of the sandbox take counts as well, as files do."""
        return ContainerMeter(self._ours, mark)

    def exceeds(self, limit: int, files: int) -> bool:
        if _sockets() * SOCKET_BUFFER > limit:
            return True
        used = _used()
        if used is None:
            return files + self._resident() > limit
        return used - self._ours > limit

    def crowd(self) -> int:
        """Where the container has a limit of its own a fork is refused, and nobody needs to
        count."""
        return 0 if self._bounded else sum(1 for _ in runs.of_mark(self._mark))

    def cpu_s(self) -> float:
        ticks = 0
        for pid in runs.of_mark(self._mark):
            with contextlib.suppress(OSError, ValueError, IndexError):
                fields = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
                ticks += sum(map(int, fields[11:15]))
        return ticks / _TICKS

    def enforced(self) -> str:
        """The kernel was quicker than any watch: it has ended the largest process."""
        return "memory" if _kills() > self._kills else ""

    def close(self) -> None:
        """Nothing is held open."""

    def _resident(self) -> int:
        pages = 0
        for pid in runs.of_mark(self._mark):
            with contextlib.suppress(OSError, ValueError, IndexError):
                pages += int(_read(f"/proc/{pid}/statm").split()[1])
        return pages * _PAGE


def _used() -> int | None:
    """Files and segments that processes share are counted here too, whoever they belong to."""
    for path, *names in _USED:
        figures = [_figure(path, name) for name in names]
        if figures[0] is not None:
            return sum(figure or 0 for figure in figures)
    return None


def _bounded() -> bool:
    """Whether the kernel itself limits how many processes the container may have."""
    for path in _PIDS:
        with contextlib.suppress(OSError):
            return _read(path).strip() != "max"
    return False


def _kills() -> int:
    return next((n for path in _KILLS if (n := _figure(path, "oom_kill")) is not None), 0)


def _sockets() -> int:
    """How many there are: what waits in their buffers is in no process's own memory."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(_read("/proc/net/sockstat").split()[2])  # "sockets: used N"
    return 0


def _figure(path: str, name: str) -> int | None:
    with contextlib.suppress(OSError):
        for line in _read(path).splitlines():
            if line.startswith(f"{name} "):
                return int(line.split()[1])
    return None


def _read(path: str) -> str:
    with open(path, encoding="ascii", errors="replace") as file:
        return file.read()
