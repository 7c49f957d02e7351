"""The pytest hooks of pytest-smallbench, thin: each hands on to the room that does the work.

Without --smallbench only the options, the fixtures and our own hooks are added, and a look
at what pytest collects: see ``gathering.py``.
"""

from __future__ import annotations

import pytest

from pytest_smallbench import hookspecs, options
from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.fixtures import agent, environment, model, sandbox, task
from pytest_smallbench.gathering import Gathering

__all__ = ["agent", "environment", "model", "sandbox", "task"]  # pytest finds fixtures here


def pytest_addoption(parser: pytest.Parser) -> None:
    options.add(parser)


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    pluginmanager.add_hookspecs(hookspecs)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "smallbench: a task of a language-model agent benchmark")
    try:
        settings = options.read(config)
        if settings.only_answers:
            return
        gathering = Gathering(config, settings)
        config.pluginmanager.register(gathering, "smallbench-gathering")
        if settings.benchmarks:
            from pytest_smallbench import session

            session.configure(config, settings, gathering.place)
    except UsageMistake as mistake:
        raise pytest.UsageError(str(mistake)) from None


def pytest_cmdline_main(config: pytest.Config) -> int | None:
    if not any(config.getoption(f"smallbench_{name}") for name in ("list", "doctor", "clean")):
        return None
    from pytest_smallbench import inventory

    try:
        return inventory.main(config, options.read(config))
    except UsageMistake as mistake:
        raise pytest.UsageError(str(mistake)) from None
