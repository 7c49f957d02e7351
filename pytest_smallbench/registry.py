"""Names of benchmarks, agents and sandboxes, and where each lies; loaded when asked for.

Three doors lead in, for our own and for a stranger's alike: the tables of built-in names,
the entry-point groups ``smallbench.benchmarks``, ``smallbench.agents`` and
``smallbench.sandboxes``, and the hook ``pytest_smallbench_register``.
"""

from __future__ import annotations

import difflib
import importlib
import os
import sys
from functools import partial
from importlib.metadata import entry_points
from typing import Any, cast

from pytest_smallbench.agents import BUILTIN as AGENTS
from pytest_smallbench.agents import COMMAND
from pytest_smallbench.contracts import Benchmark, SandboxBack
from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.sandboxes import BUILTIN as SANDBOXES

KINDS = ("benchmark", "agent", "sandbox")


class Registry:
    """Maps (kind, name) to an object or to the text ``package.module:attribute``."""

    def __init__(self) -> None:
        self._targets: dict[str, dict[str, object]] = {kind: {} for kind in KINDS}
        self._origins: dict[tuple[str, str], str] = {}

    def benchmark(self, name: str, target: object, origin: str = "a plugin") -> None:
        self._add("benchmark", name, target, origin)

    def agent(self, name: str, target: object, origin: str = "a plugin") -> None:
        self._add("agent", name, target, origin)

    def sandbox(self, name: str, target: object, origin: str = "a plugin") -> None:
        self._add("sandbox", name, target, origin)

    def names(self, kind: str) -> list[str]:
        return sorted(self._targets[kind])

    def origin(self, kind: str, name: str) -> str:
        """Who brought it: a distribution's name, or ``a plugin``."""
        return self._origins[kind, name]

    def get_benchmark(self, name: str) -> Benchmark:
        return cast(Benchmark, self._get("benchmark", name, "--smallbench"))

    def get_sandbox(self, name: str) -> SandboxBack:
        factory = cast(Any, self._get("sandbox", name, "--smallbench-sandbox"))
        return cast(SandboxBack, factory())

    def get_agent(self, name: str) -> Any:
        """The agent's factory. ``cmd:`` is followed by a command to run; any other name with
        a colon is imported: ``package.module:factory``."""
        if name.startswith(COMMAND):
            from pytest_smallbench.agents.command.agent import create

            return partial(create, agent=name)
        if ":" in name:
            if os.getcwd() not in sys.path:  # a user's agent.py beside the tests, as with python -m
                sys.path.append(os.getcwd())
            return _load(name, f"--smallbench-agent={name}")
        return self._get("agent", name, "--smallbench-agent")

    def add_entry_points(self) -> None:
        """Lists what installed distributions offer, without importing any of it."""
        for kind in KINDS:
            for point in entry_points(group=f"smallbench.{_plural(kind)}"):
                origin = point.dist.name if point.dist else "an installed package"
                self._add(kind, point.name, point.value, origin)

    def _add(self, kind: str, name: str, target: object, origin: str) -> None:
        if name in self._targets[kind] and self._targets[kind][name] != target:
            first = self._origins[kind, name]
            raise UsageMistake(
                f"two {_plural(kind)} are called {name!r}: one from {first}, one from {origin}; "
                "uninstall one of them"
            )
        self._targets[kind][name] = target
        self._origins[kind, name] = origin

    def _get(self, kind: str, name: str, option: str) -> object:
        known = self.names(kind)
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            guess = f" (did you mean {near[0]}?)" if near else ""
            raise UsageMistake(
                f"{option}: no {kind} is called {name!r}{guess}; there are: {', '.join(known)}"
            )
        target = self._targets[kind][name]
        return _load(target, f"{kind} {name!r}") if isinstance(target, str) else target


def installed() -> Registry:
    """All that is known by name without asking hooks: built in, and in installed packages."""
    registry = Registry()
    for name, target in AGENTS.items():
        registry.agent(name, target, "pytest-smallbench")
    for name, target in SANDBOXES.items():
        registry.sandbox(name, target, "pytest-smallbench")
    registry.add_entry_points()
    return registry


def _plural(kind: str) -> str:
    return kind + ("es" if kind.endswith("x") else "s")


def _load(target: str, what: str) -> object:
    """Imports ``package.module:attribute``; a missing module of the user's is their mistake."""
    module_name, _, attribute = target.partition(":")
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as missing:
        raise UsageMistake(f"{what}: there is no module {missing.name!r} to import") from None
    try:
        return cast(object, getattr(module, attribute))
    except AttributeError:
        raise UsageMistake(f"{what}: module {module_name} has no {attribute!r}") from None
