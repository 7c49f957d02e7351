"""Reading and writing the sandbox's files as its own user would, from outside of its runs.

A helper process does it: it has the sandbox's uid and its view of the file system, so that
a symbolic link laid by hostile code leads to nothing that the code could not open itself.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import resource
import signal
import socket
import stat
from typing import NoReturn

from . import child, linux, privileges
from .ground import Ground

_FLAGS = os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK


class Files:
    """The keeper's side. The helper starts with the first request."""

    def __init__(self, ground: Ground, uid: int, limits: privileges.Limits) -> None:
        self._ground, self._uid, self._limits = ground, uid, limits
        self._helper: socket.socket | None = None
        self._pid = 0

    def write(self, path: str, data: int) -> None:
        """Write the file behind descriptor ``data`` to ``path``. Raises OSError."""
        self._ask({"do": "write", "path": path}, [data])

    def read(self, path: str) -> int:
        """A descriptor of a copy of the file at ``path``. Raises OSError."""
        return self._ask({"do": "read", "path": path}, [])[0]

    def end(self) -> None:
        if self._helper:
            self._helper.close()
            self._helper = None
            os.waitpid(self._pid, 0)

    def _ask(self, request: dict[str, str], descriptors: list[int]) -> list[int]:
        helper = self._helper or self._start()
        socket.send_fds(helper, [json.dumps(request).encode()], descriptors)
        text, received, _, _ = socket.recv_fds(helper, 1 << 16, 1)
        if not text:
            raise OSError(errno.EIO, "the helper for files has died")
        answer = json.loads(text)
        if answer["errno"]:
            raise OSError(answer["errno"], answer["text"], request["path"])
        return list(received)

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._pid = os.fork()
        if not self._pid:
            with contextlib.suppress(BaseException):
                _serve(theirs, self._ground, self._uid, self._limits)
            os._exit(0)
        theirs.close()
        self._helper = ours
        return ours


def _serve(keeper: socket.socket, ground: Ground, uid: int, limits: privileges.Limits) -> NoReturn:
    child.close_all_but({keeper.fileno()})
    ground.enter(limits)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.file_size, limits.file_size))
    if limits.root == "system":
        privileges.become_root()
    else:
        privileges.become(uid)
    linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
    os.umask(0o022)
    while True:
        text, descriptors, _, _ = socket.recv_fds(keeper, 1 << 16, 1)
        if not text:
            os._exit(0)
        _answer(keeper, json.loads(text), list(descriptors), limits)


def _answer(
    keeper: socket.socket,
    request: dict[str, str],
    descriptors: list[int],
    limits: privileges.Limits,
) -> None:
    answer, results = {"errno": 0, "text": ""}, []
    try:
        path = os.path.join(child.home_of(limits), request["path"])
        if request["do"] == "read":
            results = [_copy_of(path, limits.disk)]
        else:
            _write(path, descriptors[0])
    except OSError as error:
        answer = {"errno": error.errno or errno.EIO, "text": error.strerror or str(error)}
    except ValueError as error:  # a name that no file can have
        answer = {"errno": errno.EINVAL, "text": str(error)}
    socket.send_fds(keeper, [json.dumps(answer).encode()], results)
    for descriptor in (*descriptors, *results):
        os.close(descriptor)


def _copy_of(path: str, most: int) -> int:
    source = _open_regular(path, os.O_RDONLY)
    try:
        copy = os.memfd_create("copy")
        _copy(source, copy, most)
    finally:
        os.close(source)
    return copy


def _write(path: str, data: int) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    target = _open_regular(path, os.O_WRONLY | os.O_CREAT)
    try:
        os.ftruncate(target, 0)
        os.lseek(data, 0, os.SEEK_SET)
        _copy(data, target, os.fstat(data).st_size)
    finally:
        os.close(target)


def _open_regular(path: str, flags: int) -> int:
    """Open a file without ever waiting; refuse pipes, devices and sockets."""
    descriptor = os.open(path, flags | _FLAGS, 0o644)
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return descriptor
    os.close(descriptor)
    if stat.S_ISDIR(mode):
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
    raise OSError(errno.EACCES, "not a regular file")


def _copy(source: int, target: int, most: int) -> None:
    while most > 0:
        count = os.sendfile(target, source, None, min(most, 1 << 24))
        if not count:
            return
        most -= count
