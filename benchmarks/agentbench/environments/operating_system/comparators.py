"""The published comparators, by the name of their script (specification, section 1).

Each gets the parameters of its step, the answer first and what earlier steps printed after
it, and says whether they agree. They are computed here, not by programs in the system.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

_UNITS = "BKMGTP"  # powers of 1024
Comparator = Callable[[str, str], bool]


def find(file: str) -> Comparator | None:
    """The comparator that a step's file (``check/integer-match.py``) names, if it is one."""
    return COMPARATORS.get(os.path.splitext(os.path.basename(file))[0])


def agree(comparator: Comparator, parameters: Sequence[str]) -> bool:
    """What is no number where one is needed agrees with nothing."""
    if len(parameters) < 2:
        return False
    try:
        return comparator(parameters[0], parameters[1])
    except (ValueError, OverflowError):
        return False


def same_integer(answer: str, expected: str) -> bool:
    return int(answer) == int(expected)


def same_text(answer: str, expected: str) -> bool:
    return _lines(answer) == _lines(expected)


def same_size(answer: str, expected: str) -> bool:
    return _size(answer) == _size(expected)


def contains(answer: str, expected: str) -> bool:
    return _lines(expected) in _lines(answer)


def is_in(answer: str, expected: str) -> bool:
    return _lines(answer) in _lines(expected)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _size(text: str) -> int:
    """A whole number of bytes, or of a unit: ``12``, ``12K``, ``12KB``, ``12Byte``."""
    text = text.strip()
    for number, unit in enumerate(_UNITS):
        for suffix in (f"{unit}B", unit) if number else ("Byte", "B"):
            digits = text.removesuffix(suffix)
            if digits != text and digits.strip().isdecimal():
                return int(digits) << (10 * number)
    return int(text)


COMPARATORS: dict[str, Comparator] = {
    "integer-match": same_integer,
    "string-match": same_text,
    "size-match": same_size,
    "containing": contains,
    "in": is_in,
}
