"""What a sandboxed process may still do: uid, capabilities, resource limits, system calls."""

from __future__ import annotations

import math
import os
import resource
from dataclasses import dataclass

from . import linux, seccomp

INSIDE_UID = 1000  # what an ordinary user is called inside a user namespace
# chown, dac_override, fowner, fsetid, kill, setgid, setuid: what root needs to manage files,
# users and its own processes; nothing that reaches the kernel.
_ROOT_S_OWN = (0, 1, 3, 4, 5, 6, 7)


@dataclass(frozen=True)
class Limits:
    """The broker's side of contracts.SandboxLimits; sizes in bytes."""

    memory: int
    disk: int
    file_size: int
    output: int
    processes: int
    root: str = "work"
    # Whether the kernel counts ``processes`` by user: not where other containers share it.
    counted: bool = True


def drop(uid: int, limits: Limits, *, seconds: float, mark: int = 0) -> None:
    """Become ``uid`` without any privilege and without a way back.

    ``seconds`` is the wall limit of the run; ``mark`` a group to be in, and stay in. Call it
    last, just before untrusted code.
    """
    if limits.root == "system":
        if os.getuid():
            _nest(uid, 0)
        _set_limits(limits, seconds)
        become_root()
    else:
        if os.getuid() == uid:
            _nest(uid, uid)
        _set_limits(limits, seconds)
        become(uid, mark)
    seccomp.install()


def become_root() -> None:
    """Be root over files and users inside, and over nothing else."""
    if os.getuid() == 0 and linux.in_first_user_namespace():
        os.setgroups([0])
    linux.set_capabilities(_ROOT_S_OWN)
    linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
    linux.prctl(linux.PR_SET_DUMPABLE, 0)


def become(uid: int, mark: int = 0) -> None:
    """Give up uid 0 and every capability."""
    linux.drop_capabilities()
    if os.getuid() != uid:
        os.setgroups([mark] if mark else [])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    linux.clear_capabilities()
    linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
    # Neighbours of the same uid may neither trace this process nor open its memory; a
    # program that is executed later becomes traceable again, by the kernel's own rule.
    linux.prctl(linux.PR_SET_DUMPABLE, 0)


def _nest(uid: int, inside: int) -> None:
    """A user namespace of its own, where all sandboxes must share one uid: the kernel counts
    processes by namespace and uid, so one sandbox's many are not held against another."""
    linux.enter_user_namespace((inside, uid), (inside, uid))


def _set_limits(limits: Limits, seconds: float) -> None:
    # The address space is a far backstop only: the supervisor counts real memory.
    address_space = 4 * limits.memory + (8 << 30)
    wanted = {
        resource.RLIMIT_AS: address_space,
        resource.RLIMIT_CORE: 1,  # not 0, which a handler of the host's would ignore
        resource.RLIMIT_FSIZE: limits.file_size,
        resource.RLIMIT_MEMLOCK: 1 << 20,
        resource.RLIMIT_MSGQUEUE: 1 << 20,
        resource.RLIMIT_NOFILE: 1024,
        resource.RLIMIT_RTPRIO: 0,
        resource.RLIMIT_SIGPENDING: 4096,
    }
    if limits.counted and (limits.root != "system" or not linux.in_first_user_namespace()):
        # The users of a system root are also users of the host, whose processes would count.
        wanted[resource.RLIMIT_NPROC] = limits.processes
    if math.isfinite(seconds):
        wanted[resource.RLIMIT_CPU] = (int(seconds) + 1) * (os.cpu_count() or 1)
    for kind, value in wanted.items():
        hard = resource.getrlimit(kind)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (value, value))
    stack = 8 << 20
    resource.setrlimit(resource.RLIMIT_STACK, (stack, resource.getrlimit(resource.RLIMIT_STACK)[1]))
