"""Which run this is and where its output goes: decided before it is known whether there are
tasks at all, as xdist's workers are told both when they start."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from pathlib import Path

import pytest

from pytest_smallbench.settings import Settings


@dataclass(frozen=True)
class Place:
    """``output`` need not exist yet."""

    run_id: str
    output: Path


def new_place(config: pytest.Config, settings: Settings) -> Place:
    run_id = uuid.uuid4().hex[:8]
    stamp = time.strftime("%Y%m%d-%H%M%S")
    default = config.invocation_params.dir / "smallbench-results" / f"{stamp}-{run_id}"
    return Place(run_id, settings.resume or settings.output or default)
