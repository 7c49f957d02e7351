"""The preloaded interpreter. Each Python run is a fork of it, inside namespaces made by a keeper.

It holds no sandbox's bytes: a request is nothing but descriptors, which only the fork reads.
Keepers and their helpers are forks of the broker, which has loaded no modules: a fork of
this process costs ten times more, so there is exactly one in a run.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import socket
from collections.abc import Callable, Mapping, Sequence
from typing import NoReturn

from . import child, linux, program
from .collect import Watch
from .privileges import Limits

# What the zygote has from the broker and does not need; nor does what is forked from it.
_KEEPERS = (
    "box",
    "broker",
    "files",
    "ground",
    "interpreter",
    "keeper",
    "memory",
    "namespaces",
    "protocol",
    "sealing",
    "shell",
    "skeleton",
    "slots",
    "snapshots",
    "supervise",
)
# What a fork of it still needs, up to the program's first line.
NEEDED = (
    "child",
    "collect",
    "environment",
    "linux",
    "privileges",
    "program",
    "root",
    "seccomp",
    "system_root",
    "zygote",
)

# What comes with a request, in this order.
FIELDS = ("reply", "job", "stdin", "out", "err", "source", "payload")


def ask(zygote: socket.socket, descriptors: dict[str, int], joined: Sequence[int]) -> None:
    """The keeper's side: have a fork made that joins ``joined`` (ground.Ground), and close
    these."""
    socket.send_fds(zygote, [b"run"], [*(descriptors[name] for name in FIELDS), *joined])
    for descriptor in joined:
        os.close(descriptor)


def main(
    requests: socket.socket,
    modules: Sequence[str],
    namespaces: Mapping[str, int],
    loaded: Callable[[], object] = lambda: None,
) -> str:
    """Load ``modules``, call ``loaded`` and serve. Returns only the name of a module that
    starts threads: a fork copies no threads, only the locks that they hold, so it has to be
    left out."""
    linux.set_command_line(b"smallbench-interpreter")
    gc.disable()  # what is being loaded stays: looking through it over and over finds nothing
    if threaded := _preload(modules):
        return threaded
    program.forget(f"{__package__}.{name}" for name in _KEEPERS)
    # Forks share these pages as long as no collection writes into them.
    gc.collect()
    gc.freeze()
    gc.enable()
    loaded()
    return Zygote(requests, namespaces).serve()


def _preload(modules: Sequence[str]) -> str:
    """Import what is there; a module that is missing or broken is not this one's affair."""
    for name in modules:
        with contextlib.suppress(Exception, SystemExit):
            importlib.import_module(name)
        if len(os.listdir("/proc/self/task")) > 1:
            return name
    return ""


class Zygote:
    """``namespaces`` are those that a fork joins, each by its name and clone flag."""

    def __init__(self, requests: socket.socket, namespaces: Mapping[str, int]) -> None:
        self._requests, self._namespaces = requests, namespaces
        self._home = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
        self._watch = Watch()

    def serve(self) -> NoReturn:
        self._watch.add(self._requests.fileno(), self._request)
        while True:
            self._watch.turn(None)

    def _request(self) -> None:
        names = (*FIELDS, *self._namespaces)
        word, received, _, _ = socket.recv_fds(self._requests, 16, len(names))
        if not word:
            os._exit(0)
        files = dict(zip(names, received, strict=False))
        if len(files) == len(names) and (pid := self._fork(files)):
            self._follow(pid, os.dup(files["reply"]))
        for descriptor in files.values():
            os.close(descriptor)

    def _fork(self, files: dict[str, int]) -> int:
        """The program's pid, or 0 where the keeper has been told why there is none."""
        pid = 0
        try:
            if "pid" in files:
                linux.setns(files["pid"], linux.CLONE_NEWPID)
            pid = os.fork()
            if not pid:
                # Or its end, at some collection, would close what has its number by then.
                self._requests.detach()
                _enter(files, self._namespaces)
        except OSError as error:  # the run has been ended meanwhile, or there is no memory
            child.report_failure(files["reply"], error)
        if "pid" in files:
            linux.setns(self._home, linux.CLONE_NEWPID)
        return pid

    def _follow(self, pid: int, reply: int) -> None:
        """Tell the keeper how the program ended, once it has."""
        handle = os.pidfd_open(pid)

        def ended() -> None:
            _, status, usage = os.wait4(pid, 0)
            self._watch.drop(handle)
            os.close(handle)
            child.tell(reply, child.ENDED, f"{status} {usage.ru_utime + usage.ru_stime}")
            os.close(reply)

        self._watch.add(handle, ended, select.POLLIN)


def _enter(files: dict[str, int], namespaces: Mapping[str, int]) -> NoReturn:
    """In the fork: join the run's namespaces and become its program."""
    try:
        for name, kind in namespaces.items():
            if name != "pid":  # which fork has done
                linux.setns(files[name], kind)
        with open(files["job"], "rb") as file:
            told = json.load(file)
        job = child.Job(**{**told, "limits": Limits(**told["limits"])})
        for name in ("stdin", "source", "payload"):
            setattr(job, name, files[name])
        child.prepare(job, (files["out"], files["err"]), files["reply"])
    except BaseException as error:
        # Never up the stack: this process is a copy of the zygote, and must not act as one.
        child.report_failure(files["reply"], error)
        os._exit(1)
    os.close(files["reply"])
    raise child.Become(job)
