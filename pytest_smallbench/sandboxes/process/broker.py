"""The broker: one a machine and run. It forks a keeper a sandbox and hands out the slots.

    guard  started by the controller, ends with it
      └── broker  PID 1 of a PID namespace: whenever it ends, everything below ends with it
            ├── zygote  holds the preloaded modules (zygote.py)
            │     └── program  one a Python run
            └── keeper  one a sandbox (keeper.py)
                  └── init ── command  one a run (child.py)

The broker reads nothing that a client sends: every fork is a copy of its memory.
"""

from __future__ import annotations

import itertools
import json
import os
import platform
import random
import resource
import signal
import socket
import struct
import sys
from collections.abc import Iterator
from typing import NoReturn, TypedDict

# All of ours is loaded before the root changes: our own folder is not shown inside.
from . import (
    interpreter,
    keeper,
    linux,
    namespaces,
    privileges,
    protocol,
    root,
    seccomp,
    system_root,
    zygote,
)
from .collect import Watch
from .slots import Slots


class Settings(TypedDict):
    """What the controller says in one line of JSON."""

    address: str
    preload: list[str]
    readable: list[str]
    slots: int
    die_with_parent: bool


_UIDS = 0x7000_0000  # from here on; far above what people, containers or services are given
_INSIDE = "inside-user-namespace"
_NAMESPACES = (
    linux.CLONE_NEWNS
    | linux.CLONE_NEWPID
    | linux.CLONE_NEWNET
    | linux.CLONE_NEWIPC
    | linux.CLONE_NEWUTS
)


def main() -> None:
    """Run as guard until the controller is gone. Returns never; leaves by child.Become."""
    try:
        if os.getuid() != 0 and _INSIDE not in sys.argv:
            _enter_user_namespace()
        settings: Settings = json.loads(_first_line())
        if settings["die_with_parent"]:
            linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind("\0" + settings["address"])
        listener.listen(1024)
        _check_readable()
        paths = interpreter.runtime(settings["readable"])
        linux.unshare(_NAMESPACES)
        leash, held = os.pipe()
        pid = os.fork()
    except Exception as error:
        _say({"error": f"{type(error).__name__}: {error}"})
        sys.exit(1)
    if pid:
        os.close(leash)
        listener.close()
        _guard(pid)
    os.close(held)
    _broker(listener, settings, paths, leash)


def _enter_user_namespace() -> NoReturn:
    """An ordinary user becomes the master of a user namespace, and this program starts anew:
    only a program that was started in there can be looked into from in there."""
    uid, gid = os.getuid(), os.getgid()
    linux.enter_user_namespace((privileges.INSIDE_UID, uid), (privileges.INSIDE_UID, gid))
    linux.keep_capabilities_at_exec()
    os.execv(sys.executable, [*sys.orig_argv, _INSIDE])


def _check_readable() -> None:
    """Sandboxed code has a uid of its own where we are root: it is "others" to every file."""
    closed = interpreter.unreadable()
    if os.getuid() == 0 and closed:
        raise PermissionError(
            f"the grading interpreter's {closed} is closed to other users; "
            f"open it with: chmod -R o+rX {closed}"
        )


def _first_line() -> bytes:
    """The settings, byte by byte: what follows on this pipe is only its end."""
    line = b""
    while not line.endswith(b"\n"):
        byte = os.read(0, 1)
        if not byte:
            sys.exit(1)
        line += byte
    return line


def _say(message: dict[str, str | int]) -> None:
    """One line for the controller, the only one."""
    os.write(1, json.dumps(message).encode() + b"\n")


def _guard(pid: int) -> NoReturn:
    """End the broker when the controller's pipe ends, and end with the broker."""
    signal.signal(signal.SIGCHLD, lambda *_: os._exit(1))
    ended, _ = os.waitpid(pid, os.WNOHANG)
    while not ended and os.read(0, 64):
        pass
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)  # returns when everything in its namespace is gone
    os._exit(0)


# -- inside -------------------------------------------------------------------------


def _broker(
    listener: socket.socket, settings: Settings, paths: interpreter.Paths, leash: int
) -> NoReturn:
    try:
        linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
        os.umask(0o022)
        _raise_descriptor_limit()
        linux.in_first_user_namespace()  # asked while there is a /proc that tells
        covered = root.build_base(paths, system_root.build)
        seccomp.program(platform.machine())  # made once, for all that are forked from here
        linux.set_host_name("sandbox")
        linux.set_command_line(b"smallbench-broker")
    except Exception as error:
        _say({"error": f"{type(error).__name__}: {error}"})
        os._exit(1)
    _say({"pid": os.getpid()})
    null = os.open("/dev/null", os.O_RDWR)
    for descriptor in range(3):
        os.dup2(null, descriptor)
    os.close(null)
    Broker(listener, leash, covered, settings).serve()


def _raise_descriptor_limit() -> None:
    """One descriptor a sandbox, and a deep walk for a snapshot: the usual 1024 is little."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _uids() -> Iterator[int]:
    """A uid for each sandbox that no other has, so that none counts against another's limits.

    An ordinary user has one for all. Two brokers of one machine begin in different places.
    """
    if os.getuid() != 0:
        yield from itertools.repeat(os.getuid())
    with open("/proc/self/uid_map", encoding="ascii") as file:
        end = max(int(start) + int(count) for start, _, count in map(str.split, file))
    # In a container there may be few: the upper half, without the 65534 that means nobody.
    low, count = (_UIDS, 1 << 27) if end > 2 * _UIDS else (end // 2, end // 2 - 2)
    first = random.SystemRandom().randrange(count)
    for number in itertools.count(first):
        yield low + number % count


class Broker:
    """Forks keepers and hands out slots, in the order in which they were asked for."""

    def __init__(
        self, listener: socket.socket, leash: int, covered: root.Covered, settings: Settings
    ) -> None:
        self._listener, self._leash, self._covered = listener, leash, covered
        self._modules = list(settings["preload"])
        self._watch = Watch()
        self._slots = Slots(settings["slots"], self._watch)
        self._uids = _uids()
        # Requests outlive a zygote that has to be started anew.
        self._zygote, self._requests = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)

    def serve(self) -> NoReturn:
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody here waits for anybody
        self._start_zygote()
        self._watch.add(self._listener.fileno(), self._accept)
        self._watch.add(self._leash, lambda: os._exit(0))
        while True:
            self._watch.turn(None)

    def _start_zygote(self) -> None:
        ours, theirs = os.pipe()
        if not os.fork():
            self._listener.close()
            for descriptor in (self._leash, ours, self._zygote.detach()):
                os.close(descriptor)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.write(theirs, zygote.main(self._requests, self._modules, namespaces.JOINED).encode())
            os._exit(0)
        os.close(theirs)
        self._watch.add(ours, lambda: self._zygote_ended(ours))

    def _zygote_ended(self, pipe: int) -> None:
        """It says which module it cannot live with; where it says nothing, all is over."""
        threaded = os.read(pipe, 4096).decode()
        self._watch.drop(pipe)
        os.close(pipe)
        if threaded not in self._modules:
            os._exit(1)
        self._modules.remove(threaded)
        self._start_zygote()

    def _accept(self) -> None:
        connection, _ = self._listener.accept()
        credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        if struct.unpack("3i", credentials)[1] != os.getuid():
            connection.close()
            return
        line, uid = self._slots.line(), next(self._uids)
        try:
            pid = os.fork()
        except OSError as error:
            protocol.send(connection, {"error": f"no process for a sandbox: {error}"})
            pid = -1
        if not pid:
            self._become_keeper(connection, line, uid)
        connection.close()
        line.close()

    def _become_keeper(self, connection: socket.socket, line: socket.socket, uid: int) -> NoReturn:
        """In the fork: keep nothing of the broker's, and serve one client."""
        self._listener.close()
        self._requests.close()
        self._slots.close()
        os.close(self._leash)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        ground = namespaces.Namespaces(uid, self._covered)
        keeper.main(keeper.Seat(connection, self._zygote, ground, line))
