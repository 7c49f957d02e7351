"""The state of tables as one hash: AgentBench's own, computed without MySQL (section 2)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

GROUP_CONCAT_MAX = 1024
"""Bytes that MySQL keeps of a GROUP_CONCAT."""


def table_hash(rows: Iterable[Sequence[object]]) -> str:
    """md5(group_concat(left(md5(concat_ws(',', all columns)), 5) order by itself)).

    CONCAT_WS skips NULL; the result does not depend on the order of the rows.
    """
    parts = sorted(_md5(",".join(str(v) for v in row if v is not None))[:5] for row in rows)
    # Without a row GROUP_CONCAT is NULL, and so is its hash.
    return _md5(",".join(parts)[:GROUP_CONCAT_MAX]) if parts else "empty"


def tables_hash(tables: Iterable[Iterable[Sequence[object]]]) -> str:
    """The hashes of several tables, sorted, joined by ``_``."""
    return "_".join(sorted(map(table_hash, tables)))


def _md5(text: str) -> str:
    data = text.encode("utf-8", "surrogatepass")
    return hashlib.md5(data, usedforsecurity=False).hexdigest()
