"""Which of the modules that could be held imported are worth it for the tasks at hand.

A run of few tasks is not to wait for libraries that none of them uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from .records import Record

# Whoever imports all of numpy gets a ``sum`` and a random state of its own: the grader knows
# them by what was there before the submission ran (harness.py).
ALWAYS = frozenset({"numpy"})

_WORD = re.compile(r"\w+")


def worth_holding(modules: Iterable[str], records: Iterable[Record]) -> tuple[str, ...]:
    """Those whose libraries the code of some record names, in their order.

    All libraries on a module's way count: ``pandas.plotting._matplotlib`` is of no use, and
    dear, where nobody draws.
    """
    modules = tuple(modules)
    known = {module.partition(".")[0] for module in modules}
    named = {word for record in records for word in _words(record)}
    unused = known - named - ALWAYS
    return tuple(module for module in modules if not unused.intersection(_libraries(module)))


def _words(record: Record) -> set[str]:
    return set(_WORD.findall(record.reference_solution)) | set(_WORD.findall(record.test))


def _libraries(module: str) -> set[str]:
    return {part.lstrip("_") for part in module.split(".")}
