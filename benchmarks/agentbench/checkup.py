"""What the doctor looks at for AgentBench: whether each environment's parts can be had."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pytest_smallbench.contracts import Check
from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.settings import Settings

from . import parts
from .kinds import KINDS


def checkup(settings: Settings, cache: Path) -> Sequence[Check]:
    return list(_checks())


def _checks() -> Iterator[Check]:
    for kind in KINDS.values():
        try:
            parts.maker(kind)
        except UsageMistake as missing:
            mend = "pip install --force-reinstall pytest-smallbench"
            yield Check(f"agentbench {kind.key}", False, str(missing), mend)
        else:
            yield Check(f"agentbench {kind.key}", True, f"{kind.title} can be opened")
