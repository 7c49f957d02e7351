"""One system with a task's files and its one shell, over any sandbox with a system root."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from pytest_smallbench.contracts import Completed, Sandbox, SandboxLimits, Shell
from pytest_smallbench.errors import GradingError

from .observations import shell_ended
from .task import OsTask

LIMITS = SandboxLimits(
    memory=1 << 30,
    disk=512 << 20,
    file_size=256 << 20,
    output=1 << 20,
    processes=200,
    root="system",
)
COMMAND_S = 30.0
PREPARE_S = 60.0
_SEED = "RANDOM=3\n"  # init scripts draw from it: the same files for everybody


class Machine:
    """The shell starts with the first command, and anew after it has ended; whatever the task
    has running in it (``start``) is started along."""

    def __init__(self, sandbox: Sandbox, task: OsTask) -> None:
        self.sandbox, self._task = sandbox, task
        self._shell: Shell | None = None
        self._cwd = task.cwd

    @property
    def variables(self) -> Mapping[str, str]:
        return {"HOME": self._task.home}

    def prepare(self) -> None:
        """Make the task's files. Raises GradingError where one of its scripts fails."""
        folders = sorted({self._task.cwd, self._task.home} - {"/root", "/"})
        if folders:
            self.sandbox.run(["/bin/mkdir", "-p", *folders], timeout=PREPARE_S)
        for number, script in enumerate(self._task.init, start=1):
            done = self.run(script.argv(before=_SEED), PREPARE_S)
            if done.exit_code:
                raise GradingError(f"init script {number} of the task failed: {_why(done)}")

    def run(self, argv: list[str], timeout: float) -> Completed:
        """A process of its own, beside the shell."""
        return self.sandbox.run(argv, timeout=timeout, env=self.variables, cwd=self._task.cwd)

    def type(self, script: str, timeout: float) -> Completed:
        """Type a script into the shell, its errors among its output as on a terminal."""
        done = self.start().run(f"\\builtin eval {shlex.quote(script)} 2>&1", timeout=timeout)
        if shell_ended(done):
            self._shell, self._cwd = None, self._task.cwd
        return done

    def start(self) -> Shell:
        """The shell, started with what runs in it where it is not."""
        if self._shell is None:
            self._shell = self.sandbox.shell(env=self.variables, cwd=self._cwd)
            if self._task.start:
                self._shell.run(self._task.start, timeout=COMMAND_S)
            if self._cwd != self._task.cwd:
                self._shell.run(f"cd {shlex.quote(self._cwd)}", timeout=COMMAND_S)
        return self._shell

    def folder(self) -> str:
        """Where the shell is."""
        if self._shell is None:
            return self._cwd
        done = self._shell.run('\\builtin printf %s "$PWD"', timeout=COMMAND_S)
        return done.text or self._task.cwd

    def restore(self, snapshot: str, folder: str) -> None:
        """The files of a snapshot, and a new shell in ``folder``."""
        self._shell = None
        self._cwd = folder
        self.sandbox.restore(snapshot)

    def close(self) -> None:
        self.sandbox.close()


def _why(done: Completed) -> str:
    if done.killed:
        return f"it reached its limit ({done.killed})"
    last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
    return " ".join([f"exit code {done.exit_code}", *last])
