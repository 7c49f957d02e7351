"""Which fixtures an item uses: ours, or a user's of the same name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

_OURS = "pytest_smallbench.fixtures"


def uses_ours(item: pytest.Item, name: str) -> bool:
    """Whether the item gets our fixture of that name, be it through a user's that builds on it."""
    for definition in reversed(_definitions(item, name)):
        if definition.func.__module__ == _OURS:
            return True
        if name not in definition.argnames:  # it stands in for the ones below
            return False
    return False


def agent_of(item: pytest.Item) -> str | None:
    """The file of the fixture ``agent`` that the item uses: empty for ours, None for none."""
    definitions = _definitions(item, "agent")
    if not definitions:
        return None
    if uses_ours(item, "agent"):
        return ""
    function = definitions[-1].func
    if function.__module__.startswith("_pytest."):  # parametrized with agents
        return str(item.path)
    return str(function.__code__.co_filename)


def agent_on_command_line(config: pytest.Config) -> bool:
    """Whether --smallbench-agent was given, and not only its ini twin."""
    return config.getoption("smallbench_agent") is not None


def agents_of_conftests(config: pytest.Config) -> set[Path]:
    """The conftest files, of those loaded so far, that bring a fixture ``agent``."""
    return {
        Path(file).resolve()
        for file, conftest in conftests(config)
        if any(fixture_name(name, thing) == "agent" for name, thing in vars(conftest).items())
    }


def agents_of_other_names(config: pytest.Config) -> list[str]:
    """Fixtures of users' conftest files that are called something like ``agent``."""
    return [
        f"{found!r} of {Path(file).name}"
        for file, conftest in conftests(config)
        for name, thing in vars(conftest).items()
        if "agent" in (found := fixture_name(name, thing)).lower() and found != "agent"
    ]


def conftests(config: pytest.Config) -> Iterator[tuple[str, Any]]:
    """(file, module) of each conftest that is loaded so far."""
    for plugin in config.pluginmanager.get_plugins():
        path = str(getattr(plugin, "__file__", None) or "")
        if path.endswith("conftest.py"):
            yield path, plugin


def fixture_name(name: str, thing: object) -> str:
    """What tests call a module's fixture, which stands there as ``name``; empty for what is none.

    pytest < 8.4 marks the function, later ones put an object of their own in its place."""
    if type(thing).__name__ not in ("function", "FixtureFunctionDefinition"):
        return ""
    later = getattr(thing, "_fixture_function_marker", None)
    marker = getattr(thing, "_pytestfixturefunction", later)
    return "" if marker is None else str(marker.name or name)


def _definitions(item: pytest.Item, name: str) -> Sequence[Any]:
    """The fixtures of that name in the item's reach, the one in force last. pytest has no
    public way to ask for them before a test runs."""
    info: Any = getattr(item, "_fixtureinfo", None)
    return info.name2fixturedefs.get(name, ()) if info is not None else ()
