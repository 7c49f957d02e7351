"""Several attempts at a custom task: an item for each, ``test_it[1]``, ``test_it[2]``, ..."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from _pytest import python

# Its name before pytest 9.2 is the second.
_CALL_SPEC: Any = getattr(python, "CallSpec", None) or getattr(python, "CallSpec2", None)


def attempts(item: pytest.Function, number: int) -> Iterator[tuple[int, pytest.Function]]:
    """The items that stand for ``item``, each with the number of its attempt.

    Made beside it, while pytest collects, so that an item's id can be given as an argument.
    """
    known: Any = item  # what pytest itself makes the items of a parametrized test from
    for attempt in range(1, number + 1):
        copy = type(item).from_parent(
            known.parent,
            name=f"{item.name}[{attempt}]",
            fixtureinfo=known._fixtureinfo,
            originalname=item.originalname,
            callspec=_numbered(getattr(item, "callspec", None), attempt),
        )
        yield attempt, copy


def _numbered(spec: Any, attempt: int) -> Any:
    """An item's parameters, its id ending in the attempt's number: pytest 9.2 makes node ids of
    it and not of the name."""
    if spec is None:
        return _CALL_SPEC(_idlist=[str(attempt)])
    *others, last = spec._idlist
    return replace(spec, _idlist=[*others, f"{last}][{attempt}"])
