"""One run, watched from outside: the clock, the memory, the output, and the end of it all."""

from __future__ import annotations

import contextlib
import functools
import json
import math
import os
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from . import child, zygote
from .collect import Output, Reports, Watch
from .ground import Ground, Meter

_INTERVAL = 0.025  # between two looks at the memory, seconds


@dataclass
class Ending:
    """How a run ended; the keeper's side of contracts.Completed. ``failure`` is ours."""

    exit_code: int
    stdout: bytes = b""
    stderr: bytes = b""
    timed_out: bool = False
    truncated: bool = False
    wall_s: float = 0.0
    cpu_s: float = 0.0
    killed: str = ""
    messages: list[bytes] = field(default_factory=list)
    failure: str = ""


class Run:
    """Processes that the ground keeps apart, from the first one's start to the last's end.

    ``outputs``: descriptors for stdout and stderr that somebody else reads.
    ``interpreter``: the zygote, for a job that is Python source.
    ``begun`` is called when the clock starts: the zygote may still be loading modules first.
    """

    def __init__(
        self,
        watch: Watch,
        ground: Ground,
        job: child.Job,
        outputs: tuple[int, int] | None = None,
        interpreter: socket.socket | None = None,
        begun: Callable[[], None] = lambda: None,
    ) -> None:
        self.over = False
        self.deadline = math.inf
        self.failure = self._killed = ""
        self._watch, self._ground = watch, ground
        self._job, self._interpreter, self._begun = job, interpreter, begun
        self._meter: Meter | None = None
        self._status: int | None = None
        self._cpu = 0.0
        self._started = self._next_look = time.monotonic()
        self._reports = Reports(ground.kept_at(job.report), watch) if job.report else None
        pipes = [] if outputs else [_pipe(job.uid), _pipe(job.uid)]
        self._outputs = [Output(reader, job.limits.output) for reader, _ in pipes]
        self._writers = [writer for _, writer in pipes]
        self._control: list[int] = []
        for output in self._outputs:
            watch.add(output.descriptor, functools.partial(self._take, output))
        control = self._listen(self._hear_init)
        self._init = ground.start(job, outputs or (pipes[0][1], pipes[1][1]), control)
        os.close(control)
        if not interpreter:
            self._close_writers()

    # -- while it runs --------------------------------------------------------------

    def wait(self) -> Ending:
        """Watch until the program has ended or a limit is reached; then end what is left."""
        while not self.over:
            self.turn()
        return self.finish()

    def turn(self) -> None:
        """Wait for the next thing to happen, and look after the limits."""
        now = time.monotonic()
        self._watch.turn(min(self.deadline, max(now, self._next_look)) - now)
        if not self.over and time.monotonic() >= self.deadline:
            self.kill("wall time")
        self.look()

    def look(self) -> None:
        """Count the memory if it is time to."""
        now = time.monotonic()
        if now < self._next_look:
            return
        self._next_look = now + _INTERVAL
        if self.over or self._meter is None:
            return
        # First what is cheap: where there are too many there may soon be far too many.
        if self._meter.crowd() > self._job.limits.processes:
            self.kill("processes")
        elif self._meter.exceeds(self._job.limits.memory, self._ground.used()):
            self.kill("memory")

    def kill(self, reason: str) -> None:
        self._killed, self.over = reason, True

    def cpu_s(self) -> float:
        """CPU time of every process so far, in seconds."""
        return self._meter.cpu_s() if self._meter else 0.0

    def _listen(self, call: Callable[[bytes], None]) -> int:
        """A pipe for messages to this process; returns the end that speaks."""
        ours, theirs = os.pipe2(os.O_CLOEXEC | os.O_DIRECT)
        self._control.append(ours)
        self._watch.add(ours, lambda: call(os.read(ours, 8192)))
        return theirs

    def _hear_init(self, message: bytes) -> None:
        if message != child.READY:
            self._hear(message)
            return
        with contextlib.suppress(OSError):
            self._meter = self._ground.meter(self._init, self._job)
        if self._interpreter:
            self._hand_over(self._interpreter)
        else:
            self._begin()

    def _hear(self, message: bytes) -> None:
        kind, text = message[:1], message[1:].decode("utf-8", "replace")
        if kind == child.READY:
            self._begin()
            return
        if kind == child.ENDED:
            self._status, self._cpu = int(text.split()[0]), float(text.split()[1])
        elif kind == child.FAILED:
            self.failure = text
        else:
            self.failure = "a process of the sandbox itself has died"
        self.over = True

    def _begin(self) -> None:
        self._started = time.monotonic()
        # A shell's first command may have set a deadline of its own already.
        self.deadline = min(self.deadline, self._started + self._job.timeout)
        self._begun()

    def _hand_over(self, interpreter: socket.socket) -> None:
        """Have the zygote put the program where init has made its place."""
        reply = self._listen(self._hear)
        told = asdict(self._job)
        streams = {name: told.pop(name) for name in ("stdin", "source", "payload")}
        streams |= {"out": self._writers[0], "err": self._writers[1], "reply": reply}
        streams["job"] = os.memfd_create("job")
        os.write(streams["job"], json.dumps(told).encode())
        os.lseek(streams["job"], 0, os.SEEK_SET)
        zygote.ask(interpreter, streams, self._ground.joined(self._init))
        os.close(streams["job"])
        os.close(reply)
        self._close_writers()

    def _close_writers(self) -> None:
        for writer in self._writers:
            os.close(writer)
        self._writers = []

    def _take(self, output: Output) -> None:
        if not output.read():
            self._watch.drop(output.descriptor)

    # -- its end --------------------------------------------------------------------

    def finish(self) -> Ending:
        """End every process, take in what is left, and give the result."""
        wall = time.monotonic() - self._started
        # Processes that are killed from outside are not counted as anybody's children.
        cpu = self.cpu_s()
        cpu = max(cpu, self._cpu + self._ground.end(self._init, self._job))
        self._close_writers()
        if self._meter:
            self._killed = self._killed or self._meter.enforced()
            self._meter.close()
        for control in self._control:
            self._watch.drop(control)
            os.close(control)
        messages = self._reports.finish() if self._reports else []
        texts = [self._drain(output) for output in self._outputs] or [(b"", False)] * 2
        return Ending(
            exit_code=_exit_code(self._status),
            stdout=texts[0][0],
            stderr=texts[1][0],
            timed_out=self._killed == "wall time",
            truncated=texts[0][1] or texts[1][1],
            wall_s=wall,
            cpu_s=cpu,
            killed=self._killed,
            messages=messages,
            failure=self.failure,
        )

    def _drain(self, output: Output) -> tuple[bytes, bool]:
        while output.read():
            pass
        self._watch.drop(output.descriptor)
        os.close(output.descriptor)
        return output.take()


def _pipe(uid: int) -> tuple[int, int]:
    reader, writer = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    os.set_blocking(writer, True)
    os.fchown(writer, uid, uid)  # or the program could not open /dev/stdout
    return reader, writer


def _exit_code(status: int | None) -> int:
    return -signal.SIGKILL if status is None else os.waitstatus_to_exitcode(status)
