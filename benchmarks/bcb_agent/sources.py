"""Where BigCodeBench records come from: local files, the hub, or our own mini set."""

from __future__ import annotations

from pytest_smallbench.record_sources import (
    SUFFIXES,
    HubSource,
    hub_id,
    hub_rows,
    local_files,
    parsed_lines,
    pinned,
)

__all__ = [
    "FULL_SET",
    "HARD_SET",
    "OTHERS",
    "SPLIT",
    "SUFFIXES",
    "HubSource",
    "hub_rows",
    "hub_source",
    "local_files",
    "parsed_lines",
    "pinned",
]

FULL_SET = "bigcode/bigcodebench"
HARD_SET = "bigcode/bigcodebench-hard"
SPLIT = "v0.1.4"
REVISIONS = {
    FULL_SET: "b74c0d0bf70d2c0bc459be537895cca163007f1a",
    HARD_SET: "298d2cc7b96612e15e47313c3603ee124cee0c1f",
}
OTHERS = "a local .jsonl or .jsonl.gz file, or 'mini' (bundled)"


def hub_source(text: str) -> HubSource | None:
    """``owner/name`` or ``owner/name@revision`` as a hub source; None if it is neither."""
    found = hub_id(text)
    if found is None:
        return None
    name, revision = found
    return HubSource(name, revision or REVISIONS.get(name, "main"), SPLIT, OTHERS)
