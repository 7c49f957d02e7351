"""The ground in a container: its wall is the only one. A group tells the runs inside apart."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import os
from collections.abc import Mapping

from ..process import child, linux, root
from ..process.ground import Laid, Refused
from ..process.privileges import Limits
from . import runs
from .folders import Folders, lay, used_by
from .meter import ContainerMeter

UID = 1000  # whom code runs as, in every container: an image may have a name for it
_MARKS = 70_000  # groups from here on; no image has any of these


class Container:
    """See ground.Ground."""

    def __init__(self) -> None:
        self._marks = itertools.count(_MARKS)
        self._hammer = runs.Hammer(UID)
        self._meter = ContainerMeter()

    def limits(self, told: Mapping[str, int | str]) -> Limits:
        """The container's own limit counts the processes: users are shared with others."""
        return dataclasses.replace(Limits(**told), counted=False)  # type: ignore[arg-type]  # from asdict

    def settle(self, limits: Limits) -> Folders:
        if limits.root == "system":
            raise Refused("this kind of sandbox has no system root")
        lay(limits.disk)
        folders = Folders(UID)
        folders.make()
        self._meter.begin()
        return folders

    def renew(self, box: Laid) -> None:
        """Code had no rights beyond its user's: what it can leave are processes, files, and the
        kernel's own objects, which only a new container is sure to be without."""
        self._hammer.strike()
        box.clear()
        if self.used() or _objects() or self._meter.enforced():
            raise Refused("something of the sandbox is left")
        box.make()

    def kept_at(self, path: str) -> str:
        return path  # the folder is root's; code may only read it

    def used(self) -> int:
        return sum(map(used_by, root.FOLDERS.values()))

    def enter(self, limits: Limits) -> None:
        """There is one view for all."""

    def start(self, job: child.Job, outputs: tuple[int, int], control: int) -> int:
        job.mark = next(self._marks)
        pid = os.fork()
        if not pid:
            child.first(job, outputs, control, _make_view)
        return pid

    def joined(self, first: int) -> list[int]:
        return []

    def meter(self, first: int, job: child.Job) -> ContainerMeter:
        return self._meter.of(job.mark)

    def end(self, first: int, job: child.Job) -> float:
        if runs.end(job.mark):
            self._hammer.strike()
        _, _, usage = os.wait4(first, 0)
        return usage.ru_utime + usage.ru_stime


def _objects() -> bool:
    """Whether there are segments, semaphores or queues that outlive their processes."""
    for name in ("shm", "sem", "msg"):
        with contextlib.suppress(FileNotFoundError), open(f"/proc/sysvipc/{name}") as file:
            if len(file.readlines()) > 1:  # the first names the columns
                return True
    return os.path.isdir("/dev/mqueue") and bool(os.listdir("/dev/mqueue"))


def _make_view(job: child.Job) -> None:
    os.setgroups([job.mark])
    linux.prctl(linux.PR_SET_CHILD_SUBREAPER, 1)  # what is left by others is left with init
    linux.set_command_line(b"init")
    linux.prctl(linux.PR_SET_DUMPABLE, 0)
