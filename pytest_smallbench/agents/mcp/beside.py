"""An environment with the tools of MCP servers beside its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import count as count_up
from typing import Any, cast

from pytest_smallbench.agents.mcp.sessions import Sessions
from pytest_smallbench.contracts import (
    Environment,
    Grade,
    Observation,
    ShowsWork,
    Tool,
    ToolCall,
)

NAME_LENGTH = 64  # what chat endpoints take for a tool's name
_UNFIT = re.compile(r"[^A-Za-z0-9_-]")


class ToolsBeside:
    """The environment itself but for ``tools`` and ``call``. Snapshots do not reach into the
    servers: what these hold is not the environment's."""

    def __init__(self, inner: Environment, sessions: Sessions) -> None:
        self._inner = inner
        self._sessions = sessions
        self.task = inner.task
        own = list(inner.tools)
        self._places = tool_names(
            [tool.name for tool in own],
            {server: [tool.name for tool in tools] for server, tools in sessions.tools.items()},
        )
        listed = {(s, tool.name): tool for s, tools in sessions.tools.items() for tool in tools}
        self._tools = [
            Tool(name, listed[place].description or "", listed[place].input_schema)
            for name, place in self._places.items()
        ]

    @property
    def answer(self) -> str | None:
        return self._inner.answer

    @answer.setter
    def answer(self, text: str | None) -> None:
        self._inner.answer = text

    @property
    def tools(self) -> Sequence[Tool]:
        return [*self._inner.tools, *self._tools]

    def observe(self) -> str:
        return self._inner.observe()

    def call(self, name: str, arguments: Mapping[str, Any]) -> Observation:
        if name not in self._places:
            return self._inner.call(name, arguments)
        server, tool = self._places[name]
        return self._sessions.call(server, tool, arguments)

    def grade(self) -> Grade:
        return self._inner.grade()

    def snapshot(self) -> str:
        return self._inner.snapshot()

    def restore(self, snapshot: str) -> None:
        self._inner.restore(snapshot)

    def reference(self) -> Sequence[ToolCall]:
        return self._inner.reference()

    def metrics(self) -> Mapping[str, float]:
        return self._inner.metrics()

    def close(self) -> None:
        try:
            self._sessions.__exit__()
        finally:
            self._inner.close()


class ShownWorkBeside(ToolsBeside):
    """For an environment that shows its work (ShowsWork)."""

    def work(self) -> Mapping[str, str]:
        return cast(ShowsWork, self._inner).work()


def beside(inner: Environment, sessions: Sessions) -> Environment:
    """``sessions`` not yet open; they end when the environment is closed."""
    try:
        sessions.__enter__()
    except BaseException:
        inner.close()
        raise
    return beside_open(inner, sessions)


def beside_open(inner: Environment, sessions: Sessions) -> Environment:
    kind = ShownWorkBeside if isinstance(inner, ShowsWork) else ToolsBeside
    return kind(inner, sessions)


def tool_names(
    own: Sequence[str], servers: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, str]]:
    """The name that each server's tool is called by, to (server, its name there).

    Its own name where nobody else has it, else ``SERVER__TOOL``: the environment's keep theirs.
    """
    fit = {(server, tool): _fit(tool) for server, tools in servers.items() for tool in tools}
    count = Counter([*own, *fit.values()])
    found: dict[str, tuple[str, str]] = {}
    for (server, tool), name in fit.items():
        wanted = name if count[name] == 1 else _fit(f"{server}__{tool}")
        taken = {*own, *found}
        if wanted in taken:  # two that differ only in what does not fit
            wanted = next(n for i in count_up(2) if (n := _numbered(wanted, i)) not in taken)
        found[wanted] = (server, tool)
    return found


def _numbered(name: str, number: int) -> str:
    suffix = f"_{number}"
    return name[: NAME_LENGTH - len(suffix)] + suffix


def _fit(name: str) -> str:
    return _UNFIT.sub("_", name)[:NAME_LENGTH]
