"""The keeper: starts one program for pytest and sees to it that nothing of it is left.

Run as a script (``python -I keeper.py PARENT FOLDER PROGRAM ARGUMENT...``), since it must live
on when pytest is killed. It ends as the program ended, so whoever waits for it learns the
program's own exit status or signal. When pytest dies, or asks for an end by SIGTERM, the
program and all that descends from it are ended; after a pytest that died the keeper removes
FOLDER, too (``-`` is none).

Processes that were left in the background, also those in a session of their own, become the
keeper's children (PR_SET_CHILD_SUBREAPER), which is how it finds them.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Sequence

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
GRACE_S = 1.0  # from SIGTERM to SIGKILL; MCP clients kill what is there 2 s after SIGTERM
LOOK_S = 0.1  # between two looks at what is still there
NOT_FOUND, NOT_EXECUTABLE = 127, 126  # as shells have it

# They are waited for, and interrupt nothing. The program starts without this mask.
AWAITED = {signal.SIGTERM, signal.SIGCHLD}

_prctl = ctypes.CDLL(None, use_errno=True).prctl


def main(parent: int, folder: str, command: Sequence[str]) -> int:
    """The program's exit status as ``os.wait`` gives it; 0 where it was we who ended it."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, AWAITED)
    _prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    _prctl(PR_SET_CHILD_SUBREAPER, 1)
    status = 0
    if os.getppid() == parent:  # else it died before we could ask to be told
        status = _until_the_end(_started(command))
    _kill_all()
    if folder != "-" and os.getppid() != parent:
        shutil.rmtree(folder, ignore_errors=True)
    return status


def _started(command: Sequence[str]) -> int:
    """The program's process id. It leads a session of its own and dies with us."""
    keeper = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    try:
        os.setsid()
        _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        if os.getppid() == keeper:
            os.execvp(command[0], list(command))
    except OSError as error:
        os.write(2, f"{command[0]}: {error.strerror}\n".encode())
        os._exit(NOT_FOUND if isinstance(error, FileNotFoundError) else NOT_EXECUTABLE)
    os._exit(NOT_EXECUTABLE)


def _until_the_end(program: int) -> int:
    """Waits for the program, or for the word to end it, and then does so."""
    while signal.sigwaitinfo(AWAITED).si_signo != signal.SIGTERM:
        status = _reaped().get(program)
        if status is not None:
            return status
    for pid in _descendants():
        _send(pid, signal.SIGTERM)
    deadline = time.monotonic() + GRACE_S
    while _descendants() and time.monotonic() < deadline:
        signal.sigtimedwait({signal.SIGCHLD}, LOOK_S)
        _reaped()
    return 0


def _kill_all() -> None:
    """Again and again, for what a dying process has just started."""
    while left := _descendants():
        for pid in left:
            _send(pid, signal.SIGKILL)
        signal.sigtimedwait({signal.SIGCHLD}, LOOK_S)
        _reaped()


def _send(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def _reaped() -> dict[int, int]:
    """The children that have ended, with their status."""
    found: dict[int, int] = {}
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            found[ended[0]] = ended[1]
    return found


def _descendants() -> list[int]:
    """All that descends from us and still runs."""
    children: dict[int, list[int]] = {}
    for pid, parent in _running():
        children.setdefault(parent, []).append(pid)
    found: list[int] = []
    frontier = [os.getpid()]
    while frontier:
        frontier = [child for parent in frontier for child in children.get(parent, ())]
        found += frontier
    return found


def _running() -> Iterator[tuple[int, int]]:
    """Process id and parent of all but those that only wait to be reaped."""
    for name in os.listdir("/proc"):
        if name.isdecimal():
            with contextlib.suppress(OSError), open(f"/proc/{name}/stat", "rb") as file:
                state, parent = file.read().rpartition(b")")[2].split()[:2]
                if state != b"Z":
                    yield int(name), int(parent)


def end_like(status: int) -> None:
    """End with this exit status, or by this signal, without a core file of ours."""
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, AWAITED)
        os.kill(os.getpid(), -code)
    os._exit(abs(code))


if __name__ == "__main__":
    end_like(main(int(sys.argv[1]), sys.argv[2], sys.argv[3:]))
