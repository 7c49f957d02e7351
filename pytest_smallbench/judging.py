"""From a run's settings and its earlier parts to what its report is judged by."""

from __future__ import annotations

from pytest_smallbench.contracts import Usage
from pytest_smallbench.reports.baseline import Baseline
from pytest_smallbench.reports.build import Against
from pytest_smallbench.reports.gate import GateSettings
from pytest_smallbench.reports.plain import tokens
from pytest_smallbench.reports.shape import Resumed
from pytest_smallbench.run_folder import Earlier
from pytest_smallbench.settings import Settings


def gate_settings(settings: Settings) -> GateSettings:
    return GateSettings(
        min_rate=settings.min_rate,
        max_errors=settings.max_errors,
        no_regression=settings.no_regression is not None,
    )


def against(baseline: Baseline | None, settings: Settings) -> Against | None:
    """None without a baseline; with one but no gate, the usual alpha."""
    if baseline is None:
        return None
    alpha = settings.no_regression
    return Against(baseline) if alpha is None else Against(baseline, alpha)


def resumed(earlier: Earlier | None) -> Resumed | None:
    """What the report says of the parts before this one."""
    if earlier is None:
        return None
    return {
        "parts": earlier.parts,
        "carried": len(earlier.done),
        "cut_short": len(earlier.cut),
        "tokens": tokens(sum((usage for usage, _ in earlier.cut), Usage())),
        "cost_usd": earlier.cut_cost(),
    }
