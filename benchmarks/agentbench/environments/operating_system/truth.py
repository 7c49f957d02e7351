"""What is true of a task's files, found in a second, pristine system that no agent has seen."""

from __future__ import annotations

from pytest_smallbench.contracts import Sandbox
from pytest_smallbench.errors import GradingError

from .machine import PREPARE_S, Machine
from .task import OsTask


class Truth:
    """The example's output, computed once, when it is first asked for.

    The pristine system is a fork of the agent's own as it was before the agent came, so that
    the files are the same to the last byte, whatever in them was drawn at random. The example
    is typed into a shell, as the agent would: there are as many processes as it has seen.
    """

    def __init__(self, sandbox: Sandbox, snapshot: str, task: OsTask) -> None:
        self._sandbox, self._snapshot, self._task = sandbox, snapshot, task
        self._output: str | None = None

    def output(self) -> str:
        """What the example prints. Raises GradingError where it fails on untouched files; not
        where a part of it did, as a find does that may not look into every process."""
        if self._output is None:
            expected = (self._task.rule or {}).get("expected")
            self._output = str(expected) if expected is not None else self._computed()
        return self._output

    def _computed(self) -> str:
        machine = Machine(self._sandbox.fork(self._snapshot), self._task)
        try:
            assert self._task.example
            done = machine.start().run(self._task.example.code, timeout=PREPARE_S)
        finally:
            machine.close()
        if done.killed or (done.exit_code and not done.text.strip()):
            reason = done.killed or f"exit code {done.exit_code}"
            raise GradingError(f"the task's own example failed on untouched files: {reason}")
        return done.text
