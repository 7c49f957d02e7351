"""The fixture ``sandbox``: a sandbox that can also pose a task in itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import cast

from pytest_smallbench.attempt import Attempt
from pytest_smallbench.contracts import Completed, Environment, Sandbox, Shell
from pytest_smallbench.custom.environment import SandboxEnvironment
from pytest_smallbench.recording import RecordedEnvironment


class TaskSandbox:
    """contracts.Sandbox, and ``task``. Several tasks of one test are one attempt; ``beside`` adds
    the tools of a user's MCP servers to each."""

    def __init__(
        self,
        sandbox: Sandbox,
        attempt: Attempt,
        beside: Callable[[Environment], Environment],
        reference: object = None,
    ) -> None:
        self._sandbox = sandbox
        self._attempt = attempt
        self._beside = beside
        self._reference = reference

    def task(self, instruction: str) -> Environment:
        """The general environment: ``observe()`` is the instruction, the tools are bash,
        read_file, write_file and answer."""
        task = replace(self._attempt.task, problem_statement=instruction)
        inner = SandboxEnvironment(self._sandbox, task, self._reference)
        whole = self._beside(cast("Environment", inner))
        recorded = cast("Environment", RecordedEnvironment(whole, self._attempt))
        inner.acting = recorded
        return recorded

    @property
    def waited_s(self) -> float:
        return self._sandbox.waited_s

    def run(
        self,
        command: Sequence[str] | str,
        *,
        timeout: float = 60.0,
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
        cwd: str | None = None,
    ) -> Completed:
        return self._sandbox.run(command, timeout=timeout, stdin=stdin, env=env, cwd=cwd)

    def python(
        self,
        source: str,
        *,
        timeout: float = 60.0,
        payload: bytes = b"",
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
        cwd: str | None = None,
    ) -> Completed:
        return self._sandbox.python(
            source, timeout=timeout, payload=payload, stdin=stdin, env=env, cwd=cwd
        )

    def write(self, path: str, data: bytes | str) -> None:
        self._sandbox.write(path, data)

    def read(self, path: str) -> bytes:
        return self._sandbox.read(path)

    def read_text(self, path: str) -> str:
        return self._sandbox.read_text(path)

    def shell(self, *, env: Mapping[str, str] | None = None, cwd: str | None = None) -> Shell:
        return self._sandbox.shell(env=env, cwd=cwd)

    def snapshot(self) -> str:
        return self._sandbox.snapshot()

    def restore(self, snapshot: str) -> None:
        self._sandbox.restore(snapshot)

    def fork(self, snapshot: str, *, sealed: bool = False) -> TaskSandbox:
        return TaskSandbox(
            self._sandbox.fork(snapshot, sealed=sealed),
            self._attempt,
            self._beside,
            self._reference,
        )

    def close(self) -> None:
        self._sandbox.close()
