"""Which folders are tasks. Asked of every folder that pytest collects: so nothing is read."""

from __future__ import annotations

from pathlib import Path

HARBOR = "task.toml"
OLDER = "task.yaml"
_BESIDE = {HARBOR: ("instruction.md", "environment", "steps"), OLDER: ("run-tests.sh",)}
"""What a folder has beside the file: other tools have files of these names too."""


def description(folder: Path) -> Path | None:
    """The file that makes ``folder`` a task; None for any other folder."""
    for name, beside in _BESIDE.items():
        if (folder / name).is_file() and any((folder / other).exists() for other in beside):
            return folder / name
    return None
