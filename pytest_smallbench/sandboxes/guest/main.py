"""The guest: one sandbox in one container.

    guest   root within the container, with the few capabilities of sending.py: the keeper
      ├── zygote  holds the preloaded modules
      │     └── program  one a Python run, an ordinary user without any capability
      ├── hammer  ends what cannot be ended one by one (runs.py)
      └── init    root: one a run, buries what is left with it
            └── command  the same ordinary user

Code can neither signal, trace nor read a process of ours: they are root's and closed, and
code may gain no privilege. What the guest answers goes over pipes that only it holds.
"""

from __future__ import annotations

import functools
import os
import platform
import signal
import socket
from typing import NoReturn

from ..process import keeper, linux, protocol, seccomp, zygote
from .container import Container

_LOADED = "+"
_NO_NAMESPACES: dict[str, int] = {}  # a fork of the zygote is in the container already


def main() -> NoReturn:
    """Get ready, say so, and serve to the end. A fork of the zygote leaves by child.Become."""
    connection = _take_streams()
    told = protocol.receive_header(connection)
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        linux.set_command_line(b"smallbench-sandbox")
        linux.prctl(linux.PR_SET_DUMPABLE, 0)
        os.umask(0o022)
        seccomp.program(platform.machine())  # made once, for all that are forked from here
        zygote_at, leash = _start_zygote(connection, told["preload"])
        served = keeper.Keeper(keeper.Seat(connection, zygote_at, Container(), leash=leash))
        served.open(told["limits"])
    except Exception as error:
        protocol.send(connection, {"error": f"{type(error).__name__}: {error}"})
        os._exit(1)
    protocol.send(connection, {"ready": True})
    keeper.serve(served)


def _take_streams() -> protocol.Pipes:
    """Our connection, away from the numbers that programs know; nobody inherits it."""
    connection = protocol.Pipes(os.dup(0), os.dup(1))
    null = os.open("/dev/null", os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    os.close(null)
    return connection


def _start_zygote(connection: protocol.Pipes, modules: list[str]) -> tuple[socket.socket, int]:
    """Where to ask it, and a pipe that ends with it."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    while True:
        leash, held = os.pipe()
        if not os.fork():
            ours.close()
            for descriptor in (leash, connection.fileno(), connection.writer):
                os.close(descriptor)
            say_loaded = functools.partial(os.write, held, _LOADED.encode())
            said = zygote.main(theirs, modules, _NO_NAMESPACES, say_loaded)
            os.write(held, said.encode())
            os._exit(0)
        os.close(held)
        answer = os.read(leash, 4096).decode()
        if answer == _LOADED:
            theirs.close()
            return ours, leash
        os.close(leash)
        if answer not in modules:
            raise ChildProcessError("the preloaded interpreter has died")
        modules.remove(answer)  # it starts threads, which a fork does not have
