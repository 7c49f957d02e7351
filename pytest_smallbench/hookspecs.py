"""The hooks of pytest-smallbench: their docstrings are the manual for extending it.

Implement them in a ``conftest.py`` or a plugin. A conftest that must also work where
pytest-smallbench is not installed marks them ``@pytest.hookimpl(optionalhook=True)``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pytest_smallbench.registry import Registry


def pytest_smallbench_register(registry: Registry) -> None:
    """Called once in every process, at configuration: add benchmarks, agents and sandboxes.

    ``registry.benchmark(name, target)``, ``registry.agent(name, target)`` and
    ``registry.sandbox(name, target)`` take an object or a text ``"package.module:name"``
    that is imported only when asked for. A name that is taken is an error. Packages that
    only bring data are better listed under the entry-point groups
    ``smallbench.benchmarks``, ``smallbench.agents`` and ``smallbench.sandboxes``.
    """


@pytest.hookspec(historic=False)
def pytest_smallbench_report(report: dict[str, Any], config: pytest.Config) -> None:
    """Called once on the controller when the run has ended, also after Ctrl-C.

    ``report`` is the finished report as it stands in ``report.json`` (schema
    ``smallbench-report/1``); an implementation may read it and write where it likes.
    Our own JSON, Markdown, HTML and terminal writers are implementations of this hook.
    """
