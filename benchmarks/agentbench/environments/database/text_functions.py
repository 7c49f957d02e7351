"""MySQL's text functions. None of them sees NULL: the registration answers it with NULL."""

from __future__ import annotations

import hashlib
from typing import Any

from .conversions import LONGEST, Sql, fitting, number, text, whole
from .engine import SqlError

REGEX_SECONDS = 2.0
"""What one match may take: a hostile pattern can need for ever."""


def concat(*parts: Sql) -> str | None:
    return fitting("".join(map(text, parts)))


def concat_ws(*parts: Sql) -> str | None:
    """Unlike all others this one skips NULL (but for the separator)."""
    if not parts or parts[0] is None:
        return None
    return fitting(text(parts[0]).join(text(p) for p in parts[1:] if p is not None))


def substring_index(value: Sql, mark: Sql, count: Sql) -> str:
    parts, times = text(value).split(text(mark)) if text(mark) else [], whole(count)
    chosen = parts[:times] if times > 0 else parts[times:] if times < 0 else []
    return text(mark).join(chosen)


def left(value: Sql, length: Sql) -> str:
    return text(value)[: max(0, whole(length))]


def right(value: Sql, length: Sql) -> str:
    size = max(0, whole(length))
    return text(value)[-size:] if size else ""


def mid(value: Sql, start: Sql, length: Sql = LONGEST) -> str:
    string, first = text(value), whole(start)
    if first == 0 or -first > len(string):
        return ""
    begin = first - 1 if first > 0 else len(string) + first
    return string[begin : begin + max(0, whole(length))]


def lpad(value: Sql, length: Sql, filler: Sql) -> str | None:
    padding = _padding(value, length, filler)
    return None if padding is None else (padding + text(value))[: whole(length)]


def rpad(value: Sql, length: Sql, filler: Sql) -> str | None:
    padding = _padding(value, length, filler)
    return None if padding is None else (text(value) + padding)[: whole(length)]


def _padding(value: Sql, length: Sql, filler: Sql) -> str | None:
    size, have, fill = whole(length), len(text(value)), text(filler)
    if not 0 <= size <= LONGEST or (size > have and not fill):
        return None
    if size <= have:
        return ""
    return (fill * (size - have))[: size - have]


def repeat(value: Sql, count: Sql) -> str | None:
    times = max(0, whole(count))
    return None if times * len(text(value)) > LONGEST else text(value) * times


def space(count: Sql) -> str | None:
    return repeat(" ", count)


def find_in_set(wanted: Sql, members: Sql) -> int:
    parts = text(members).casefold().split(",") if text(members) else []
    folded = text(wanted).casefold()
    return parts.index(folded) + 1 if folded in parts else 0


def locate(wanted: Sql, value: Sql, start: Sql = 1) -> int:
    first = whole(start)
    if first < 1:
        return 0
    return text(value).casefold().find(text(wanted).casefold(), first - 1) + 1


def instr(value: Sql, wanted: Sql) -> int:
    return locate(wanted, value)


def field(wanted: Sql, *values: Sql) -> int:
    folded = [text(v).casefold() for v in values]
    return folded.index(text(wanted).casefold()) + 1 if text(wanted).casefold() in folded else 0


def elt(index: Sql, *values: Sql) -> Sql:
    at = whole(index)
    return values[at - 1] if 1 <= at <= len(values) else None


def insert(value: Sql, start: Sql, length: Sql, new: Sql) -> str | None:
    string, first, size = text(value), whole(start), whole(length)
    if not 1 <= first <= len(string):
        return string
    end = first - 1 + size if size >= 0 else len(string)
    return fitting(string[: first - 1] + text(new) + string[end:])


def strcmp(ours: Sql, theirs: Sql) -> int:
    one, two = text(ours).casefold(), text(theirs).casefold()
    return (one > two) - (one < two)


def format_number(value: Sql, decimals: Sql) -> str:
    return f"{number(value):,.{min(30, max(0, whole(decimals)))}f}"


def byte_length(value: Sql) -> int:
    return len(value) if isinstance(value, bytes) else len(text(value).encode("utf-8", "replace"))


def ascii_code(value: Sql) -> int:
    data = text(value).encode("utf-8", "replace")
    return data[0] if data else 0


def md5(value: Sql) -> str:
    return hashlib.md5(text(value).encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


def replace(value: Sql, old: Sql, new: Sql) -> str | None:
    string, sought, other = text(value), text(old), text(new)
    if not sought:
        return string
    if len(string) + string.count(sought) * (len(other) - len(sought)) > LONGEST:
        return None
    return string.replace(sought, other)


# -- regular expressions ----------------------------------------------------------


def regexp(value: Sql, pattern: Sql) -> int:
    return int(_compiled(pattern).search(text(value), timeout=REGEX_SECONDS) is not None)


def regexp_substr(value: Sql, pattern: Sql) -> str | None:
    match = _compiled(pattern).search(text(value), timeout=REGEX_SECONDS)
    return str(match[0]) if match else None


def regexp_instr(value: Sql, pattern: Sql) -> int:
    match = _compiled(pattern).search(text(value), timeout=REGEX_SECONDS)
    return match.start() + 1 if match else 0


def regexp_replace(value: Sql, pattern: Sql, new: Sql) -> str | None:
    changed = _compiled(pattern).sub(
        lambda _match: text(new), text(value), timeout=REGEX_SECONDS, count=LONGEST
    )
    return fitting(changed)


def _compiled(pattern: Sql) -> Any:
    """The pattern, case-insensitive as MySQL's collation has it. Raises SqlError."""
    import regex

    try:
        return regex.compile(text(pattern), regex.IGNORECASE | regex.VERSION0)
    except (regex.error, OverflowError, RecursionError, MemoryError) as error:
        raise SqlError(
            3685, "HY000", f"Illegal argument to a regular expression: {error}"
        ) from None
