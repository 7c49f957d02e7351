"""JSON values as every reader takes them: trajectories hold what models and code wrote."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

DEPTH = 60  # levels of nesting that are kept; strict readers stop at some 200


def plain(value: Any, depth: int = DEPTH) -> Any:
    """The same value as strict JSON. Half of a surrogate pair, which no UTF-8 file can hold,
    is written out (``\\udc80``), NaN and infinities as text, and what is nested too deeply
    as the text of its JSON."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if not isinstance(value, Mapping | list | tuple):
        return value if value is None or isinstance(value, int | float) else plain(str(value))
    if not depth:
        return plain(_text(value))
    if isinstance(value, Mapping):
        return {plain(str(key)): plain(each, depth - 1) for key, each in value.items()}
    return [plain(each, depth - 1) for each in value]


def _text(value: object) -> str:
    try:
        return json.dumps(value, default=str)
    except RecursionError:
        return "(nested too deeply)"


def filled(**fields: Any) -> dict[str, Any]:
    """These fields without those that are None: an optional field is left out, not null."""
    return {name: value for name, value in fields.items() if value is not None}


def moment(seconds: float) -> str | None:
    """Seconds since 1970 as ISO 8601 in UTC; None for 0, which stands for an unknown time,
    and for what no calendar has."""
    if not seconds:
        return None
    try:
        return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="milliseconds")
    except (OverflowError, ValueError, OSError):
        return None


def dumped(value: Any) -> str:
    """Strict JSON in one line, all of it UTF-8."""
    return json.dumps(plain(value), ensure_ascii=False, allow_nan=False)
