"""The keeper: one sandbox. It serves one client until that one's connection ends."""

from __future__ import annotations

import contextlib
import math
import os
import secrets
import select
import signal
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import ClassVar, NoReturn

from . import child, linux, protocol, root
from .collect import Watch
from .files import Files
from .ground import Ground, Laid, Refused
from .privileges import Limits
from .protocol import Connection, Header
from .shell import Shell
from .slots import Line
from .supervise import Ending, Run

_IDLE = 0.2  # between two looks at what a shell left in the background, seconds


@dataclass(frozen=True)
class Seat:
    """What a keeper is given: its client, the zygote, its ground, its line for slots (none
    where the client sees to these itself), and a pipe that ends when all is over, if any."""

    connection: Connection
    zygote: socket.socket
    ground: Ground
    line: socket.socket | None = None
    leash: int = -1


class Gone(Exception):
    """The client closed its end: everything ends."""


def main(seat: Seat) -> NoReturn:
    """Serve one client to its end."""
    linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
    linux.set_command_line(b"smallbench-sandbox")
    serve(Keeper(seat))


def serve(keeper: Keeper) -> NoReturn:
    """Whatever happens, end in order."""
    try:
        keeper.serve()
    except (Gone, EOFError, OSError):
        pass
    except Exception as error:  # a mistake of ours: it must not look like a silent death
        with contextlib.suppress(OSError):
            protocol.send(keeper.connection, {"error": f"in the keeper: {error!r}"})
    keeper.end()
    os._exit(0)


class Keeper:
    """Carries out one request after the other."""

    def __init__(self, seat: Seat) -> None:
        self.connection, self._zygote, self._ground = seat.connection, seat.zygote, seat.ground
        self._watch = Watch()
        self._line = Line(seat.line, self._watch) if seat.line else None
        self._limits = Limits(0, 0, 0, 0, 0)
        self._laid: Laid | None = None
        self._files: Files | None = None
        self._parts: list[int] = []
        self._current: Run | None = None
        self._shells: dict[str, Shell] = {}
        self._opened = 0
        self._kept: dict[str, int] = {}
        self._called = False
        if seat.leash >= 0:
            self._watch.add(seat.leash, self._hang_up)

    # -- requests -------------------------------------------------------------------

    def serve(self) -> NoReturn:
        while True:
            self._await_call()
            header = protocol.receive_header(self.connection)
            self._parts = protocol.receive_files(self.connection, header["parts"])
            try:
                self._requests[header["do"]](self, header)
            except Refused as error:
                protocol.send(self.connection, {"error": str(error)})
            except OSError as error:
                protocol.send(self.connection, {"errno": error.errno, "error": str(error)})
            for part in self._parts:
                os.close(part)

    def end(self) -> None:
        """End every process of this sandbox, and wait until they are gone."""
        if self._current:
            self._current.finish()
        self._end_processes()

    def _end_processes(self) -> None:
        for shell in self._shells.values():
            shell.end()
        if self._files:
            self._files.end()

    def _await_call(self) -> None:
        self._called = False
        self._watch.add(self.connection.fileno(), self._call)
        while not self._called:
            self._watch.turn(_IDLE if self._shells else None)
            self._look_after_shells()
        self._watch.add(self.connection.fileno(), self._hang_up, select.POLLRDHUP)

    def _call(self) -> None:
        self._called = True

    def _hang_up(self) -> None:
        raise Gone

    def _open(self, header: Header) -> None:
        self.open(header["limits"])
        protocol.send(self.connection, {})

    def open(self, limits: Mapping[str, int | str]) -> None:
        """Lay the sandbox's files; what comes first. Raises Refused."""
        self._limits = self._ground.limits(limits)
        self._laid = self._ground.settle(self._limits)
        self._files = Files(self._ground, self._box.uid, self._limits)

    @property
    def _box(self) -> Laid:
        assert self._laid is not None  # "open" comes first
        return self._laid

    # -- runs -----------------------------------------------------------------------

    def _run(self, header: Header) -> None:
        job = self._job(header)
        job.argv, job.stdin = header["argv"], self._parts[0]
        self._finish(job, None)

    def _python(self, header: Header) -> None:
        if self._box.is_system:
            raise Refused("a system root has no preloaded interpreter: run its own python3")
        job = self._job(header)
        job.source, job.payload, job.stdin = self._parts
        job.report = f"{root.RUN}/report-{secrets.token_hex(8)}"
        self._finish(job, self._zygote)

    def _job(self, header: Header) -> child.Job:
        cwd = self._box.folder(header["cwd"])
        timeout = header.get("timeout", math.inf)
        return child.Job(self._box.uid, self._limits, timeout, env=header["env"], cwd=cwd)

    def _finish(self, job: child.Job, interpreter: socket.socket | None) -> None:
        with self._slot():
            self._current = Run(
                self._watch, self._ground, job, interpreter=interpreter, begun=self._say_started
            )
            ending = self._current.wait()
            self._current = None
        self._answer(ending)

    def _answer(self, ending: Ending) -> None:
        if ending.failure:
            raise Refused(f"the run could not start: {ending.failure}")
        header = asdict(ending)
        parts = [header.pop("stdout"), header.pop("stderr"), *header.pop("messages")]
        protocol.send(self.connection, header, parts)

    @contextlib.contextmanager
    def _slot(self) -> Iterator[None]:
        """Wait for one of the machine's slots, and give it back."""
        if self._line is None:
            yield
            return
        self._line.ask()
        while not self._line.granted:
            self._watch.turn(_IDLE if self._shells else None)
            self._look_after_shells()
        try:
            yield
        finally:
            self._line.give_back()

    def _say_started(self) -> None:
        """Only the client knows when it began to wait; waiting is not charged to its task."""
        protocol.send(self.connection, {"started": True})

    # -- files ----------------------------------------------------------------------

    def _write(self, header: Header) -> None:
        assert self._files
        self._files.write(header["path"], self._parts[0])
        protocol.send(self.connection, {})

    def _read(self, header: Header) -> None:
        assert self._files
        copy = self._files.read(header["path"])
        size = os.fstat(copy).st_size
        protocol.send_header(self.connection, {}, [size])
        protocol.send_file(self.connection, copy, size)
        os.close(copy)

    # -- snapshots ------------------------------------------------------------------

    def _snapshot(self, header: Header) -> None:
        room = self._limits.disk - sum(os.fstat(one).st_size for one in self._kept.values())
        stream = os.memfd_create("snapshot")
        try:
            self._box.pack(stream, room)
        except OSError as error:
            os.close(stream)
            raise Refused(f"no snapshot: {error.strerror}") from error
        name = f"snapshot-{len(self._kept) + 1}"
        self._kept[name] = stream
        protocol.send(self.connection, {"snapshot": name})

    def _restore(self, header: Header) -> None:
        self._lay(self._stream(header))
        protocol.send(self.connection, {})

    def _export(self, header: Header) -> None:
        stream = self._stream(header)
        size = os.fstat(stream).st_size
        protocol.send_header(self.connection, {}, [size])
        protocol.send_file(self.connection, stream, size)

    def _import(self, header: Header) -> None:
        self._lay(self._parts[0], sealed=header["sealed"])
        protocol.send(self.connection, {})

    def _stream(self, header: Header) -> int:
        if header["snapshot"] not in self._kept:
            raise Refused(f"this sandbox has no snapshot {header['snapshot']!r}")
        return self._kept[header["snapshot"]]

    def _lay(self, stream: int, *, sealed: bool = False) -> None:
        """Nothing but the files of ``stream``: processes end, and a new box is laid."""
        self._end_processes()
        self._box.clear()
        self._box.make(stream, sealed=sealed)

    def _renew(self, header: Header) -> None:
        """Be as new, for another client; refused where something of this one may be left."""
        self._end_processes()
        self._shells.clear()
        while self._kept:
            os.close(self._kept.popitem()[1])
        self._ground.renew(self._box)
        self._files = Files(self._ground, self._box.uid, self._limits)
        protocol.send(self.connection, {})

    # -- shells ---------------------------------------------------------------------

    def _open_shell(self, header: Header) -> None:
        self._opened += 1
        name = f"shell-{self._opened}"
        self._shells[name] = Shell(self._watch, self._ground, self._job(header), name)
        protocol.send(self.connection, {"shell": name})

    def _shell(self, header: Header) -> None:
        shell = self._shells.get(header["shell"])
        if shell is None:
            raise Refused("this shell is closed")
        with open(self._parts[0], "rb", closefd=False) as file:
            command = file.read()
        with self._slot():
            self._say_started()
            ending = shell.run(command, header["timeout"])
        self._answer(ending)

    def _close_shell(self, header: Header) -> None:
        shell = self._shells.pop(header["shell"], None)
        if shell:
            shell.end()
        protocol.send(self.connection, {})

    def _look_after_shells(self) -> None:
        for shell in self._shells.values():
            shell.look()

    _requests: ClassVar[dict[str, Callable[[Keeper, Header], None]]] = {
        "open": _open,
        "run": _run,
        "python": _python,
        "write": _write,
        "read": _read,
        "snapshot": _snapshot,
        "restore": _restore,
        "export": _export,
        "import": _import,
        "renew": _renew,
        "open shell": _open_shell,
        "shell": _shell,
        "close shell": _close_shell,
    }
