"""Whether a test can fail at all: a task that asserts nothing is resolved by anything."""

from __future__ import annotations

import builtins
import dis
from collections.abc import Callable, Iterator
from types import CodeType

ASSERTS_NOTHING = "asserts nothing"

# What a test may use without its being a check: our own nouns, and Python's own functions.
_HARMLESS = {
    *("agent", "environment", "sandbox", "task", "model"),
    *("solve", "observe", "call", "tools", "answer", "text", "name", "done", "snapshot"),
    *("restore", "write", "read", "read_text", "run", "python", "shell", "complete"),
    *("stdout", "stderr", "exit_code", "strip", "lower", "join", "format", "splitlines"),
    *(name for name in dir(builtins) if name.islower()),
}


def asserts_nothing(function: Callable[..., object] | None) -> bool:
    """True only where that is sure: any call that might hide a check is given the benefit."""
    code = getattr(function, "__code__", None)
    if code is None:
        return False
    return not any(_may_fail(each) for each in _codes(code))


def _codes(code: CodeType) -> Iterator[CodeType]:
    """The code of a function and of all that is defined in it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _may_fail(code: CodeType) -> bool:
    raises = any(each.opname == "RAISE_VARARGS" for each in dis.get_instructions(code))
    return raises or not set(code.co_names) <= _HARMLESS
