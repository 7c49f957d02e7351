"""MCP is an extra: what needs it says so before any task starts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pytest_smallbench.errors import UsageMistake


@contextmanager
def needs_mcp(option: str) -> Iterator[None]:
    """Around the imports that need the package. Raises UsageMistake that names the extra."""
    try:
        yield
    except ImportError as missing:
        name = (missing.name or "mcp").partition(".")[0]
        raise UsageMistake(
            f"{option} needs the package mcp, version 2 or later (no {name} here); "
            "pip install 'pytest-smallbench[mcp]'"
        ) from None
