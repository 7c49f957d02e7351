"""A shell that lives from command to command, and the talk with it over named pipes.

The shell takes its commands from one pipe and says over another when one has ended, both
opened by name for each command: nothing that a command prints, reads, redirects or closes
is taken for an answer, and each command starts with sound descriptors.
"""

from __future__ import annotations

import contextlib
import dataclasses
import math
import os
import time

from . import child, root
from .collect import Output, Watch
from .ground import Ground
from .supervise import Ending, Run

_PIPES = ("next", "done", "out", "err")
_DRIVER = """\
__sandbox_status() {{ return "$1"; }}
while {builtin} read -r __sandbox_turn < {folder}/next; do
  {builtin} eval "$({read} {folder}/command)" < /dev/null > {folder}/out 2> {folder}/err
  {builtin} printf '%s %s\\n' "$__sandbox_turn" "$?" > {folder}/done
done
"""
_RESTARTED = b"sandbox: the shell has ended; the next command starts a new one in %s\n"


class Shell:
    """One shell, started with its first command and again after it has ended."""

    def __init__(self, watch: Watch, ground: Ground, job: child.Job, name: str) -> None:
        """``job`` says as whom, where and with what the shell is started."""
        self._watch, self._ground, self._job = watch, ground, job
        self._folder = f"{root.RUN}/{name}"
        self._run: Run | None = None
        self._pipes: dict[str, int] = {}
        self._outputs: list[Output] = []
        self._turn = 0
        self._status = 0
        self._answer: int | None = None

    def run(self, command: bytes, timeout: float) -> Ending:
        run = self._run or self._start()
        started, cpu = time.monotonic(), run.cpu_s()
        run.deadline = started + timeout
        self._submit(command)
        while self._answer is None and not run.over:
            run.turn()
        wall = time.monotonic() - started
        if run.over:
            ending = self._ended(run)
        else:
            ending = Ending(self._answer or 0, cpu_s=run.cpu_s())
            self._take_output(ending)
        ending.wall_s, ending.cpu_s = wall, max(0.0, ending.cpu_s - cpu)
        self._status = ending.exit_code
        return ending

    def look(self) -> None:
        """Between commands: what runs in the background has its limits too."""
        if self._run:
            self._run.deadline = math.inf
            self._run.look()
            if self._run.over:
                self._ended(self._run)

    def end(self) -> None:
        if self._run:
            self._ended(self._run)

    # -- its life -------------------------------------------------------------------

    def _start(self) -> Run:
        folder = self._ground.kept_at(self._folder)
        os.makedirs(folder)
        for name in _PIPES:
            os.mkfifo(f"{folder}/{name}", 0o600)
            os.chown(f"{folder}/{name}", self._job.uid, self._job.uid)
            # Held open for reading and writing, so that no end of file ever comes.
            self._pipes[name] = os.open(f"{folder}/{name}", os.O_RDWR | os.O_NONBLOCK)
        self._watch.add(self._pipes["done"], self._hear)
        self._outputs = [Output(self._pipes[name], self._job.limits.output) for name in _PIPES[2:]]
        for output in self._outputs:
            self._watch.add(output.descriptor, output.read)
        outputs = [os.open(f"{folder}/{name}", os.O_WRONLY) for name in _PIPES[2:]]
        stdin = os.open("/dev/null", os.O_RDONLY)
        job = dataclasses.replace(self._job, argv=self._argv(), stdin=stdin)
        self._run = Run(self._watch, self._ground, job, (outputs[0], outputs[1]))
        for descriptor in (stdin, *outputs):
            os.close(descriptor)
        self._status = 0
        return self._run

    def _argv(self) -> list[str]:
        if os.path.exists("/bin/bash"):
            # Functions of the code's own may have these names.
            driver = _DRIVER.format(folder=self._folder, read="<", builtin="builtin")
            driver = f"shopt -s expand_aliases\n{driver}"
            login = self._job.limits.root == "system"
            options = ["--login"] if login else ["--norc", "--noprofile"]
            return ["/bin/bash", *options, "-c", driver, "bash"]
        driver = _DRIVER.format(folder=self._folder, read="/bin/cat", builtin="")
        return ["/bin/sh", "-c", driver, "sh"]

    def _submit(self, command: bytes) -> None:
        self._turn += 1
        self._answer = None
        if self._status:  # so that $? is what the last command left
            command = b"__sandbox_status %d; " % (self._status & 0xFF) + command
        path = f"{self._ground.kept_at(self._folder)}/command"
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
        with open(path, "wb") as file:
            file.write(command)
        os.write(self._pipes["next"], b"%d\n" % self._turn)

    def _hear(self) -> None:
        text = os.read(self._pipes["done"], 4096)
        for line in text.splitlines():
            words = line.split()
            # A background job may write here as well; only a proper answer counts.
            if len(words) == 2 and words[0] == b"%d" % self._turn and words[1].isdigit():
                self._answer = int(words[1]) & 0xFF

    def _ended(self, run: Run) -> Ending:
        """The shell is gone, by itself or by a limit: clear up, so that the next one can start."""
        ending = run.finish()
        self._run = None
        self._take_output(ending)
        ending.stderr += _RESTARTED % os.fsencode(self._job.cwd)
        for descriptor in self._pipes.values():
            self._watch.drop(descriptor)
            os.close(descriptor)
        folder = self._ground.kept_at(self._folder)
        for name in os.listdir(folder):
            os.unlink(f"{folder}/{name}")
        os.rmdir(folder)
        return ending

    def _take_output(self, ending: Ending) -> None:
        for output in self._outputs:
            output.read_rest()
        (ending.stdout, out_cut), (ending.stderr, err_cut) = (one.take() for one in self._outputs)
        ending.truncated = out_cut or err_cut
