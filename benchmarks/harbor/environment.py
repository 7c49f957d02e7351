"""A task folder as an environment: the agent works in its container through four tools."""

from __future__ import annotations

import secrets
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from pytest_smallbench.contracts import Completed, Grade, Observation, Task, Tool, ToolCall
from pytest_smallbench.errors import GradingError, SandboxError

from .container import ROOT, Container, Stopped
from .grader import Grader
from .programs import by_shell
from .task import FolderTask
from .tools import COMMAND_S, TOOLS, clipped, told

FILE_S = 60.0
OVER = "The work is over: nothing more can be done."
_QUIET = {"DEBIAN_FRONTEND": "noninteractive", "PAGER": "cat"}  # nobody answers questions here
_PREPARED = "mkdir -p /logs/agent /logs/artifacts && chmod 777 /logs/agent /logs/artifacts"
_VARIABLES = "/solution/variables.sh"
_READ = 'exec cat -- "$1"'
_WRITTEN = 'mkdir -p -- "$(dirname -- "$2")" && cat -- "$1" > "$2"'


class FolderEnvironment:
    """See ``contracts.Environment``. The container is closed with it."""

    def __init__(
        self,
        task: Task,
        folder_task: FolderTask,
        container: Container,
        grader: Grader,
        solution_env: Mapping[str, str],
    ) -> None:
        self.task = task
        self.answer: str | None = None
        self._folder_task = folder_task
        self._container = container
        self._grader = grader
        self._solution_env = solution_env
        self._over = False
        self._kept: dict[str, tuple[bool, str | None]] = {}
        container.as_root(_PREPARED)
        self._check_user()

    @property
    def tools(self) -> Sequence[Tool]:
        return TOOLS

    def observe(self) -> str:
        skills = self._folder_task.skills
        return "\n\n".join(
            part
            for part in (
                self.task.problem_statement.strip(),
                f"Guides that may help lie in {skills}." if skills else "",
                "You work in a Linux container through the tools. Its state is graded when you "
                "call submit.",
            )
            if part
        )

    def call(self, name: str, arguments: Mapping[str, Any]) -> Observation:
        if self._over:
            return Observation(OVER, done=True, valid=False)
        for argument in arguments.values():
            if isinstance(argument, str) and "\0" in argument:
                return Observation(
                    f"Error: {name} was not called: a text holds the character NUL.", valid=False
                )
        try:
            return self._carry_out(name, arguments)
        except Stopped:
            self._container.end_processes()
            return Observation(
                f"Error: {name}: the container had stopped; it was started again, and nothing "
                "runs in it.",
                valid=False,
            )

    def _carry_out(self, name: str, arguments: Mapping[str, Any]) -> Observation:
        if name == "bash":
            return self._bash(arguments["command"], float(arguments.get("timeout_s", COMMAND_S)))
        if name == "read_file":
            return self._read(arguments["path"])
        if name == "write_file":
            return self._write(arguments["path"], arguments["content"])
        self._over = True
        return Observation("Handed in.", done=True)

    def grade(self) -> Grade:
        return self._grader.grade(self._container)

    def snapshot(self) -> str:
        snapshot = self._container.snapshot()
        self._kept[snapshot] = (self._over, self.answer)
        return snapshot

    def restore(self, snapshot: str) -> None:
        """Raises KeyError for an id that ``snapshot`` did not give."""
        self._container.restore(snapshot)
        self._over, self.answer = self._kept[snapshot]

    def reference(self) -> Sequence[ToolCall]:
        """Running solution/solve.sh, which is only now copied into the container."""
        task = self._folder_task
        if not task.solve:
            raise GradingError(f"{task.folder} has no solution for the oracle to run")
        for source, target in task.solution:
            self._container.put_tree(source, target)
        self._container.as_root('chmod 755 "$1"', task.solve)
        command = f"{self._solutions_variables()}{task.solve}"
        return [
            ToolCall("bash", {"command": command, "timeout_s": task.agent_timeout_s or 86_400.0}),
            ToolCall("submit"),
        ]

    def _solutions_variables(self) -> str:
        """Read from a file: they may be secrets of the host, and calls are recorded."""
        if not self._solution_env:
            return ""
        lines = (f"export {name}={shlex.quote(v)}\n" for name, v in self._solution_env.items())
        self._container.put_file(_VARIABLES, "".join(lines).encode())
        return f". {_VARIABLES}; "

    def metrics(self) -> Mapping[str, float]:
        """The verifier's rewards, by their names."""
        return self._grader.rewards

    def close(self) -> None:
        self._container.close()

    def _bash(self, command: str, timeout: float) -> Observation:
        return Observation(told(self._run(by_shell(command), timeout), timeout))

    def _read(self, path: str) -> Observation:
        done = self._run(["sh", "-c", _READ, "sh", path], FILE_S)
        if done.exit_code:
            return Observation(f"Error: {clipped(done.text.strip())}", valid=False)
        return Observation(clipped(done.text))

    def _write(self, path: str, content: str) -> Observation:
        """With the agent's rights: what is copied in first is root's, and only a draft."""
        draft = f"/.smallbench-{secrets.token_hex(8)}"
        self._container.put_file(draft, content.encode())
        try:
            done = self._run(["sh", "-c", _WRITTEN, "sh", draft, path], FILE_S)
        finally:
            self._container.run(["rm", "-f", draft], timeout=FILE_S, user=ROOT)
        if done.exit_code:
            return Observation(f"Error: {clipped(done.text.strip())}", valid=False)
        return Observation(f"{path} is written.")

    def _run(self, argv: Sequence[str], timeout: float) -> Completed:
        return self._container.run(
            argv, timeout=timeout, user=self._folder_task.agent_user, env=_QUIET
        )

    def _check_user(self) -> None:
        done = self._run(["true"], FILE_S)
        if done.exit_code:
            said = " ".join(done.text.split())[-200:] or f"exit status {done.exit_code}"
            user = self._folder_task.agent_user or "of the image"
            raise SandboxError(f"nothing can be run as the user {user} in the container: {said}")
