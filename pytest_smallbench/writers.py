"""Who writes a run's report: its files, the terminal, a CI service's own page."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_smallbench.controller import Controller
from pytest_smallbench.reports.files import ReportFile
from pytest_smallbench.reports.github import github
from pytest_smallbench.reports.html.file import HtmlFile
from pytest_smallbench.reports.json_file import JsonFile
from pytest_smallbench.reports.live_hooks import live_count
from pytest_smallbench.reports.markdown import MarkdownFile
from pytest_smallbench.reports.scoreboard import Scoreboard
from pytest_smallbench.reports.terminal import TerminalSummary


def register_writers(config: pytest.Config, controller: Controller, scoreboard: Scoreboard) -> None:
    """Each is a plugin of its own, which a user may block by its name (``-p no:NAME``)."""
    folder = Path(controller.plan.output)
    files = [JsonFile(folder), MarkdownFile(folder), HtmlFile(folder), *_exports(controller)]
    manager = config.pluginmanager
    for file in files:
        manager.register(file, f"smallbench-{file.name}")
    manager.register(TerminalSummary(folder, files), "smallbench-terminal")
    prints = manager.get_plugin("terminalreporter") is not None
    runner = github(config.get_terminal_writer() if prints else None)
    if runner is not None:
        manager.register(runner, "smallbench-github")
    live = live_count(config, scoreboard)
    if live is not None:
        manager.register(live, "smallbench-live")


def _exports(controller: Controller) -> list[ReportFile]:
    if not controller.settings.export:
        return []
    from pytest_smallbench.exports.files import Export

    folder = Path(controller.plan.output)
    return [Export(folder, name) for name in controller.settings.export]
