"""``@pytest.mark.smallbench(...)``: what a custom task says of itself, read from its item."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from pytest_smallbench.contracts import TaskEntry
from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.fixture_use import uses_ours
from pytest_smallbench.task_items import enlist

NAME = "custom"
MARK = "smallbench"


@dataclass(frozen=True)
class CustomEntry(TaskEntry):
    """A task and what its mark says of it. ``instruction`` is what the fixture ``environment``
    shows the agent; ``reference`` what the oracle plays: calls, a text that is the answer, or a
    function that is given the environment."""

    instruction: str = ""
    expected: str | None = None
    reference: object = None


def enlist_custom(item: pytest.Item, attempt: int) -> None:
    """Make a user's test a task. Raises UsageMistake that names file and test."""
    values = marked(item)
    name = item.nodeid
    if attempt:
        name = name.removesuffix(f"[{attempt}]")
    entry = CustomEntry(
        id=name,
        name=name,
        category=values.get("category", ""),
        tags=tuple(values.get("tags", ())),
        max_steps=values.get("max_steps"),
        timeout_s=values.get("timeout"),
        max_tokens=values.get("max_tokens"),
        sandboxed=uses_ours(item, "sandbox") or uses_ours(item, "environment"),
        instruction=values.get("instruction") or _docstring(item),
        expected=values.get("expected"),
        reference=values.get("reference"),
        image=values.get("image", ""),
    )
    for tag in entry.tags:
        item.config.addinivalue_line("markers", f"{tag}: a task with this tag")
        item.add_marker(tag)
    enlist(item, NAME, entry, attempt or 1, own_test=True)


def attempts_of(item: pytest.Item) -> int:
    """As many as the mark asks for; what it says wrongly is found when the item is enlisted."""
    asked = [m.kwargs["attempts"] for m in item.iter_markers(MARK) if "attempts" in m.kwargs]
    return asked[0] if asked and _count(asked[0]) else 1


def marked(item: pytest.Item) -> dict[str, Any]:
    """The keywords of the item's marks, those of the nearest winning. Raises UsageMistake."""
    values: dict[str, Any] = {}
    for mark in reversed(list(item.iter_markers(MARK))):
        problem = _problem(mark)
        if problem:
            raise UsageMistake(f"{item.nodeid}: @pytest.mark.{MARK}{problem}")
        values |= mark.kwargs
    return values


def _problem(mark: pytest.Mark) -> str:
    if mark.args:
        return f"({mark.args[0]!r}): it takes keywords only: {', '.join(KEYWORDS)}"
    for name, value in mark.kwargs.items():
        if name not in KEYWORDS:
            return f"({name}=...): no such keyword; there are: {', '.join(KEYWORDS)}"
        allowed, holds = KEYWORDS[name]
        if not holds(value):
            return f"({name}={_shown(value)}): it must be {allowed}"
    return ""


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _docstring(item: pytest.Item) -> str:
    function = getattr(item, "function", None)
    return inspect.cleandoc(function.__doc__) if function is not None and function.__doc__ else ""


def _count(value: object) -> bool:
    return type(value) is int and value > 0


def _seconds(value: object) -> bool:
    return type(value) in (int, float) and 0 < value < float("inf")  # type: ignore[operator]


def _text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _tags(value: object) -> bool:
    return isinstance(value, list | tuple | set) and all(
        isinstance(tag, str) and tag.isidentifier() for tag in value
    )


def _reference(value: object) -> bool:
    return callable(value) or isinstance(value, str | list | tuple)


Holds = Callable[[object], bool]
KEYWORDS: Mapping[str, tuple[str, Holds]] = {
    "instruction": ("a text", _text),
    "expected": ("a text", _text),
    "reference": ("a text, a list of calls, or a function of the environment", _reference),
    "max_steps": ("a whole number above 0", _count),
    "timeout": ("a number of seconds above 0", _seconds),
    "max_tokens": ("a whole number above 0", _count),
    "attempts": ("a whole number above 0", _count),
    "tags": ("a list of names that can be marks", _tags),
    "category": ("a text", _text),
    "image": ("the name of an image", _text),
}
