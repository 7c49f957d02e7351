"""From a fork to the untrusted program: PID 1 of a run, and the last steps before its code.

    keeper ── fork ──► init (PID 1: namespaces, /proc, reaps) ── fork ──► a command
    zygote ── fork, into init's namespaces ──────────────────────────────► a Python program

Init stays trusted and privileged, and takes every process that is left with it at its end.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import NoReturn

from . import environment, linux, privileges, root, system_root

# What a keeper is told about a run: one byte, then a text.
READY, ENDED, FAILED = b"R", b"S", b"E"


@dataclass
class Job:
    """What a run is asked to do. ``argv`` None: the Python source in ``source``.

    The descriptors are files that hold what the client sent.
    """

    uid: int
    limits: privileges.Limits
    timeout: float
    argv: list[str] | None = None
    env: dict[str, str] = field(default_factory=dict)
    cwd: str = ""
    report: str = ""
    mark: int = 0  # a group that only this run's processes are in, where that tells them apart
    stdin: int = -1
    source: int = -1
    payload: int = -1


def home_of(limits: privileges.Limits) -> str:
    """The folder where relative paths start."""
    return system_root.HOME if limits.root == "system" else root.FOLDERS["work"]


class Become(BaseException):
    """Raised in a fork of the zygote, all the way up: no frame of ours is left below."""

    def __init__(self, job: Job) -> None:
        self.job = job


def first(
    job: Job, outputs: tuple[int, int], control: int, make_view: Callable[[Job], None]
) -> NoReturn:
    """In a fork of the keeper: be init. ``make_view`` shuts it off from all else."""
    try:
        linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # PID 1 ignores what it does not handle
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
        os.setsid()
        make_view(job)
        main = os.fork() if job.argv else -1
        if not main:
            _execute(job, outputs, control)
        close_all_but({control})
        tell(control, READY)
        _reap(main, control)
    except BaseException as error:
        # Never up the stack: this process is a copy of the keeper, and must not act as one.
        report_failure(control, error)
    os._exit(1)


def _reap(main: int, control: int) -> NoReturn:
    """Bury every orphan (only then is its CPU time counted) until ``main`` has ended."""
    while True:
        signal.sigwait([signal.SIGCHLD])
        with contextlib.suppress(ChildProcessError):
            while (found := os.waitpid(-1, os.WNOHANG))[0]:
                if found[0] == main:
                    tell(control, ENDED, f"{found[1]} 0")
                    os._exit(0)


def prepare(job: Job, outputs: tuple[int, int], control: int) -> None:
    """Turn this process into the program's, up to the last step before its code."""
    # A session of its own: kill(0, ...) must reach no process group of ours.
    os.setsid()
    for target, number in enumerate((job.stdin, *outputs)):
        os.dup2(number, target, inheritable=True)
    close_all_but({0, 1, 2, job.source, job.payload, control})
    linux.prctl(linux.PR_SET_DUMPABLE, 1)  # or this process's own /proc files are closed to it
    with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write("1000")  # should the machine run out of memory, this goes first
    if job.limits.root == "system" and linux.in_first_user_namespace():
        root.lock_proc()  # an ordinary user has ids to map yet, and no rights there
    os.setpriority(os.PRIO_PROCESS, 0, max(0, os.getpriority(os.PRIO_PROCESS, 0)))
    linux.set_command_line(b"python")
    os.umask(0o022)
    if job.limits.root == "system":
        os.environ.clear()
        os.environ.update(environment.SYSTEM)
    os.environ.update(job.env)
    privileges.drop(job.uid, job.limits, seconds=job.timeout, mark=job.mark)
    if job.argv is None:  # init has said it for a command
        tell(control, READY)
    try:
        os.chdir(job.cwd)
    except (OSError, ValueError) as error:
        _refuse(127, f"sandbox: cannot enter {job.cwd}: {_reason(error)}")
    os.set_inheritable(control, False)  # the last that goes: at exec, or just before the code


def _execute(job: Job, outputs: tuple[int, int], control: int) -> NoReturn:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
    prepare(job, outputs, control)  # control closes itself at exec
    # Python ignores these two, and exec would hand that on to the program.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    assert job.argv
    try:
        os.execvpe(job.argv[0], job.argv, os.environ)
    except (OSError, ValueError) as error:
        code = 126 if isinstance(error, PermissionError) else 127
        _refuse(code, f"sandbox: {job.argv[0]}: {_reason(error)}")


def _reason(error: OSError | ValueError) -> str:
    return str(error.strerror if isinstance(error, OSError) else error)


def _refuse(code: int, text: str) -> NoReturn:
    os.write(2, text.encode("utf-8", "backslashreplace") + b"\n")
    os._exit(code)


def close_all_but(kept: Collection[int]) -> None:
    for name in os.listdir("/proc/self/fd"):
        if int(name) not in kept:
            with contextlib.suppress(OSError):
                os.close(int(name))


def tell(control: int, kind: bytes, text: str = "") -> None:
    """Say something to the keeper; a pipe in packet mode keeps messages apart."""
    with contextlib.suppress(OSError):
        os.write(control, kind + text.encode("utf-8", "backslashreplace")[:4000])


def report_failure(control: int, error: BaseException) -> None:
    tell(control, FAILED, f"{type(error).__name__}: {error}")
