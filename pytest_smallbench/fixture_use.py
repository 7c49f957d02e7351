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
    return str(definitions[-1].func.__code__.co_filename)


def agents_of_other_names(config: pytest.Config) -> list[str]:
    """Fixtures of users' conftest files that are called something like ``agent``."""
    return [
        f"{name!r} of {Path(file).name}"
        for file, conftest in conftests(config)
        for name, thing in vars(conftest).items()
        if "agent" in name.lower() and name != "agent" and is_fixture(thing)
    ]


def conftests(config: pytest.Config) -> Iterator[tuple[str, Any]]:
    """(file, module) of each conftest that is loaded so far."""
    for plugin in config.pluginmanager.get_plugins():
        path = str(getattr(plugin, "__file__", None) or "")
        if path.endswith("conftest.py"):
            yield path, plugin


def is_fixture(thing: object) -> bool:
    # pytest < 8.4 marks the function, later ones put an object of their own in its place.
    return hasattr(thing, "_pytestfixturefunction") or "Fixture" in type(thing).__name__


def _definitions(item: pytest.Item, name: str) -> Sequence[Any]:
    """The fixtures of that name in the item's reach, the one in force last. pytest has no
    public way to ask for them before a test runs."""
    info: Any = getattr(item, "_fixtureinfo", None)
    return info.name2fixturedefs.get(name, ()) if info is not None else ()
