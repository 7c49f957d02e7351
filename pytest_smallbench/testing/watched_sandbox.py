"""A sandbox that notes when it is handed a secret of the host's."""

from __future__ import annotations

from typing import Any

from pytest_smallbench.contracts import Sandbox

SECRET_NAME = "SMALLBENCH_CANARY_TOKEN"
SECRET = "canary-5d2f0c7be94a41c68f13"
"""Stands in the environment of a process whose benchmark is checked."""


class WatchedSandbox:
    """The sandbox itself; ``leaks`` gets the name of each method that was given the secret."""

    def __init__(self, sandbox: Sandbox, leaks: list[str]) -> None:
        self._sandbox = sandbox
        self._leaks = leaks

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._sandbox, name)
        if not callable(found):
            return found

        def call(*args: Any, **kwargs: Any) -> Any:
            if SECRET in repr((args, kwargs)):
                self._leaks.append(name)
            answer = found(*args, **kwargs)
            return WatchedSandbox(answer, self._leaks) if name in ("fork", "shell") else answer

        return call
