"""How well a submitted set of ids answers: F1, and whether it is exactly the gold set."""

from __future__ import annotations

import re
from collections.abc import Collection

_FINAL = re.compile(r"\b(?:final|find)\s+answer\s*:?\s*(?:variable\s*)?[*`'\"]*#(\d{1,6})", re.I)


def f1(submitted: Collection[str], gold: Collection[str]) -> float:
    """2PR/(P+R) of two sets of ids; 0 where they have nothing in common."""
    common = len(set(submitted) & set(gold))
    if not common:
        return 0.0
    return 2 * common / (len(set(submitted)) + len(set(gold)))


def final_variable(text: str | None) -> int | None:
    """The number in ``Final Answer: #k`` (or ``Find Answer``), the last one of a text."""
    found = _FINAL.findall(text or "")
    return int(found[-1]) if found else None
