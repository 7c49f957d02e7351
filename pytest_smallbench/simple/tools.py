"""A method as a tool: its name, docstring and signature are what a model is told of it.

A fault in a signature is the author's, and a TypeError that names method and parameter.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin, get_type_hints, overload

from pytest_smallbench.contracts import Observation, Tool

Method = TypeVar("Method", bound=Callable[..., "str | Observation"])

SIMPLE = {str: "string", int: "integer", float: "number", bool: "boolean"}
ALLOWED = "str, int, float, bool, list[...] of these, or Literal[...] of texts"
_MARK = "_smallbench_ends"  # on the function: whether its call ends the episode


@dataclass(frozen=True)
class ToolMethod:
    """A tool and the name of the method that carries it out."""

    tool: Tool
    ends: bool


@overload
def tool(method: Method) -> Method: ...


@overload
def tool(*, ends: bool) -> Callable[[Method], Method]: ...


def tool(method: Method | None = None, *, ends: bool = False) -> Any:
    """Marks a method of an environment as a tool. With ``ends=True`` its call, if it was a good
    one, ends the episode.

    The docstring is the tool's description; ``Annotated[str, "..."]`` describes a parameter.
    The method returns the answer's text; it raises BadCall for what cannot be done as asked.
    """

    def mark(method: Method) -> Method:
        setattr(method, _MARK, ends)
        return method

    return mark if method is None else mark(method)


def tools_of(environment: type) -> dict[str, ToolMethod]:
    """The tools of a class by name, in the order in which they are written."""
    found: dict[str, ToolMethod] = {}
    for each in reversed(environment.__mro__):
        for name, method in vars(each).items():
            if hasattr(method, _MARK):
                found[name] = ToolMethod(_tool(name, method), getattr(method, _MARK))
    return found


def _tool(name: str, method: Callable[..., object]) -> Tool:
    description = " ".join((inspect.getdoc(method) or "").split())
    if not description:
        raise TypeError(f"tool {method.__qualname__} has no docstring; it tells a model what for")
    return Tool(name, description, _parameters(method))


def _parameters(method: Callable[..., object]) -> dict[str, Any]:
    try:
        hints = get_type_hints(method, include_extras=True)
    except NameError as unknown:  # imported for type checkers only, or written further below
        raise TypeError(
            f"tool {method.__qualname__}: {unknown}; import what its annotations name, above it"
        ) from None
    given = list(inspect.signature(method).parameters.values())[1:]  # without self
    where = f"tool {method.__qualname__}: parameter"
    return {
        "type": "object",
        "properties": {
            each.name: _schema(hints.get(each.name), f"{where} {each.name!r}") for each in given
        },
        "required": [each.name for each in given if each.default is inspect.Parameter.empty],
        "additionalProperties": False,
    }


def _schema(hint: Any, where: str) -> dict[str, Any]:
    if get_origin(hint) is Annotated:
        inner, *notes = get_args(hint)
        told = " ".join(note for note in notes if isinstance(note, str))
        return {**_schema(inner, where), "description": told}
    if isinstance(hint, type) and hint in SIMPLE:
        return {"type": SIMPLE[hint]}
    if get_origin(hint) is list:
        return {"type": "array", "items": _schema(get_args(hint)[0], where)}
    choices = get_args(hint)
    if get_origin(hint) is Literal and all(isinstance(choice, str) for choice in choices):
        return {"type": "string", "enum": list(choices)}
    raise TypeError(f"{where} must be annotated as {ALLOWED}")
