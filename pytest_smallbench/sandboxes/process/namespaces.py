"""The ground of the process back: each run in namespaces of its own, made with each."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping

from . import child, linux, memory, root, system_root
from .box import Box
from .ground import Laid, Refused
from .privileges import Limits

_NAMESPACES = linux.CLONE_NEWNS | linux.CLONE_NEWNET | linux.CLONE_NEWIPC | linux.CLONE_NEWUTS
# What a fork of the zygote joins, in this order; its PID namespace is that of its own forks.
JOINED = {
    "pid": linux.CLONE_NEWPID,
    "mnt": linux.CLONE_NEWNS,
    "net": linux.CLONE_NEWNET,
    "ipc": linux.CLONE_NEWIPC,
    "uts": linux.CLONE_NEWUTS,
}


class Namespaces:
    """See ground.Ground. ``uid`` is the one that the sandbox's programs have."""

    def __init__(self, uid: int, covered: root.Covered) -> None:
        self._uid, self._covered = uid, covered

    def limits(self, told: Mapping[str, int | str]) -> Limits:
        return Limits(**told)  # type: ignore[arg-type]  # from asdict, on the client's side

    def settle(self, limits: Limits) -> Box:
        box = Box(limits, self._uid, self._covered)
        if box.is_system:
            _come_first()
        linux.unshare(linux.CLONE_NEWNS)
        box.make()
        root.seal_base()
        return box

    def renew(self, box: Laid) -> None:
        raise Refused("a sandbox of this kind is used once: another costs next to nothing")

    def kept_at(self, path: str) -> str:
        return root.kept_at(path)

    def used(self) -> int:
        return root.used()

    def enter(self, limits: Limits) -> None:
        linux.unshare(linux.CLONE_NEWNS)
        if limits.root == "system":
            system_root.enter()
        else:
            root.hide_box()
        # The /proc that is here shows every sandbox of this run: it is nobody's file to read.
        linux.mount("none", "/proc", "tmpfs", linux.MS_RDONLY, "size=0")

    def start(self, job: child.Job, outputs: tuple[int, int], control: int) -> int:
        """Fork init, in a PID namespace of its own."""
        here = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
        try:
            linux.unshare(linux.CLONE_NEWPID)
            pid = os.fork()
            if not pid:
                child.first(job, outputs, control, _make_view)
            linux.setns(here, linux.CLONE_NEWPID)  # or the next fork would land in there
        finally:
            os.close(here)
        return pid

    def joined(self, first: int) -> list[int]:
        return [os.open(f"/proc/{first}/ns/{name}", os.O_RDONLY | os.O_CLOEXEC) for name in JOINED]

    def meter(self, first: int, job: child.Job) -> memory.Meter:
        return memory.Meter(first)

    def end(self, first: int, job: child.Job) -> float:
        os.kill(first, signal.SIGKILL)
        _, _, usage = os.wait4(first, 0)  # returns when the whole namespace is empty
        return usage.ru_utime + usage.ru_stime


def _make_view(job: child.Job) -> None:
    linux.unshare(_NAMESPACES)
    most_pids = 0  # the kernel counts an ordinary user's
    if job.limits.root == "system":
        system_root.enter()
        most_pids = job.limits.processes
    else:
        root.hide_box()
    root.mount_proc(most_pids)
    linux.loopback_up()
    linux.set_host_name("sandbox")
    linux.set_command_line(b"init")
    linux.prctl(linux.PR_SET_DUMPABLE, 0)


def _come_first() -> None:
    """The kernel's limit on processes spares the machine's root, so the keeper counts them,
    and must get its turn among however many there are. Newer kernels have another limit,
    which holds meanwhile (root.mount_proc)."""
    if linux.in_first_user_namespace():
        try:
            os.setpriority(os.PRIO_PROCESS, 0, -20)
        except PermissionError as error:
            if not linux.counts_pids_by_namespace():
                raise Refused("a system root needs a root with CAP_SYS_NICE") from error
