"""The live count's place in pytest: which hooks draw it, and which clear it first."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeAlias

import pytest

from pytest_smallbench.reports.live import LiveCount, style_for
from pytest_smallbench.reports.scoreboard import Scoreboard

Passing: TypeAlias = Generator[None, object, object]


def live_count(config: pytest.Config, scoreboard: Scoreboard) -> LivePlugin | None:
    """The plugin to register on the controller; None where there is no terminal reporter."""
    reporter: pytest.TerminalReporter | None = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:
        return None
    style = style_for(
        terminal=_is_terminal(reporter),
        verbosity=config.get_verbosity(),
        captured=config.getoption("capture") != "no",
    )
    writer = config.get_terminal_writer()

    def say(text: str) -> None:
        if writer.width_of_current_line:
            writer.line()
        # With -v the reporter leaves its line open and ends it before the next: so must we,
        # or each of our lines would be followed by an empty one.
        if config.get_verbosity() > 0 and reporter.currentfspath:
            writer.write(text)
        else:
            writer.line(text)

    return LivePlugin(LiveCount(scoreboard, style, writer, say), config.pluginmanager)


def _is_terminal(reporter: pytest.TerminalReporter) -> bool:
    isatty: object = reporter.isatty  # a plain bool before pytest 8.4
    return bool(isatty() if callable(isatty) else isatty)


class LivePlugin:
    """Hooks of the controller. The scoreboard must have the expected items before the first
    test starts, and each result by the end of ``pytest_runtest_logreport``."""

    def __init__(self, count: LiveCount, plugins: pytest.PytestPluginManager) -> None:
        self._count = count
        self._reporting = False
        self._plugins = plugins

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_logstart(self) -> Passing:
        self._count.clear()
        session: pytest.Session | None = self._plugins.get_plugin("session")
        self._count.start(session.testscollected if session is not None else 0)
        outcome = yield
        self._count.update()
        return outcome

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_logreport(self) -> Passing:
        self._count.clear()
        self._reporting = True
        try:
            outcome = yield
        finally:
            self._reporting = False
        self._count.update()
        return outcome

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_report_teststatus(self) -> Passing:
        """The rewritten line stands for the dots and letters, which would break it. Asked
        again for the short summary, the answer is pytest's own."""
        status = yield
        if self._reporting and self._count.style == "rewrite" and isinstance(status, tuple | list):
            return (status[0], "", "")
        return status

    @pytest.hookimpl(wrapper=True, tryfirst=True, optionalhook=True)
    def pytest_testnodedown(self) -> Passing:
        self._count.clear()
        return (yield)

    @pytest.hookimpl(tryfirst=True)
    def pytest_internalerror(self) -> None:
        self._count.clear()

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        self._count.clear()
