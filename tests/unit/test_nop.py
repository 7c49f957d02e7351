"""nop, and the table of built-in agents."""

from __future__ import annotations

import importlib

import pytest

from pytest_smallbench.agents import BUILTIN
from pytest_smallbench.agents.context import AgentContext
from pytest_smallbench.agents.nop import create
from pytest_smallbench.errors import UsageMistake


def test_nop_touches_nothing():
    class Untouchable:
        def __getattribute__(self, name: str) -> object:
            raise AssertionError(f"nop used {name}")

    assert create(AgentContext(lambda: Untouchable())).solve(Untouchable()) is None


@pytest.mark.parametrize("target", BUILTIN.values(), ids=BUILTIN)
def test_each_built_in_name_leads_to_a_factory(target):
    module, _, attribute = target.partition(":")
    try:
        found = importlib.import_module(module)
    except UsageMistake as missing:  # an adapter whose library is not here
        pytest.skip(str(missing))
    assert callable(getattr(found, attribute))
