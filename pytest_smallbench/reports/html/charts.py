"""The page's charts, drawn by pygal as SVG: no script, and colours that the page decides."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import pygal  # type: ignore[import-untyped]  # it ships no types
from pygal.style import Style  # type: ignore[import-untyped]  # it ships no types

from pytest_smallbench.reports.formatting import clip, interval, money, percent, token_count
from pytest_smallbench.reports.html.rows import finite
from pytest_smallbench.reports.shape import Group, ResultRecord
from pytest_smallbench.reports.untrusted import one_line

# pygal hooks itself into every later import, for maps that are not used here, and in an old way
# that Python 3.10 and 3.11 warn of: users who make warnings errors would see theirs fail.
sys.meta_path[:] = [each for each in sys.meta_path if not isinstance(each, pygal.PluginImportFixer)]

WIDTH = 640
GROUPS_SHOWN = 20
LABEL_LENGTH = 24
POINTS = 60  # of a curve
BINS = 12  # of a histogram
GRADED = ("resolved", "unresolved")
SVG = "http://www.w3.org/2000/svg"


@dataclass(frozen=True)
class Chart:
    """``alternative`` says in words what the picture shows."""

    title: str
    alternative: str
    svg: str


def charts(label: str, groups: Mapping[str, Group], results: Sequence[ResultRecord]) -> list[Chart]:
    """Those that there is something to show for. ``label`` names the grouping."""
    drawn = (by_group(label, groups), cost_against_success(results), steps_taken(results))
    return [chart for chart in drawn if chart is not None]


def by_group(label: str, groups: Mapping[str, Group]) -> Chart | None:
    """The resolved rate of each group with its 95% interval, the largest groups first."""
    graded = [(name, group) for name, group in groups.items() if group["rate"] is not None]
    if len(graded) < 2:
        return None
    shown = sorted(graded, key=lambda each: -each[1]["graded"])[:GROUPS_SHOWN]
    chart = pygal.HorizontalBar(
        **_look(height=90 + 34 * len(shown)), range=(0, 100), show_legend=False
    )
    # Drawn from below.
    chart.x_labels = [clip(one_line(name), LABEL_LENGTH) for name, _ in reversed(shown)]
    chart.add("resolved", [_bar(group) for _, group in reversed(shown)])
    told = "; ".join(
        f"{one_line(name)} {percent(group['rate'])} ({interval(group['ci95'])})"
        for name, group in shown
    )
    title = f"Resolved by {label}, % with 95% interval"
    if len(shown) < len(graded):
        title += f" (the {GROUPS_SHOWN} largest of {len(graded)})"
    return Chart(title, told, _svg(chart))


def _bar(group: Group) -> dict[str, Any]:
    low, high = group["ci95"] or (0.0, 1.0)
    rate = group["rate"] or 0.0
    return {"value": round(100 * rate, 1), "ci": {"low": 100 * low, "high": 100 * high}}


def cost_against_success(results: Sequence[ResultRecord]) -> Chart | None:
    """What share of the attempts would be resolved, had each been stopped at a cost: in
    dollars where they are known and not all nothing, else in tokens."""
    graded = [each for each in results if each["outcome"] in GRADED]
    dollars = _all_known([finite(each["cost_usd"]) for each in graded])
    unit, values = ("dollars", dollars) if any(dollars) else ("tokens", _token_counts(graded))
    if not any(values):
        return None
    won = sorted(
        value for value, each in zip(values, graded, strict=True) if each["outcome"] == "resolved"
    )
    points = [(0.0, 0.0), *_curve(won, len(graded)), (max(values), 100 * len(won) / len(graded))]
    chart = pygal.XY(
        **_look(height=320), show_legend=False, dots_size=1.5, range=(0, 100), fill=True
    )
    show = money if unit == "dollars" else (lambda value: f"{value:,.0f}")
    chart.x_value_formatter = show
    chart.add("resolved", points)
    told = f"{percent(len(won) / len(graded))} resolved at up to {show(max(values))} an attempt" + (
        f", half of them at up to {show(won[(len(won) - 1) // 2])}" if won else ""
    )
    return Chart(f"Resolved, %, within a cost an attempt, in {unit}", told, _svg(chart))


def _token_counts(results: Sequence[ResultRecord]) -> list[float]:
    return _all_known([token_count(each["tokens"]) for each in results])


def _all_known(values: Sequence[float | None]) -> list[float]:
    """The values; none of them where one is not known."""
    known = [float(value) for value in values if value is not None]
    return known if len(known) == len(values) else []


def _curve(won: Sequence[float], graded: int) -> list[tuple[float, float]]:
    stride = max(len(won) // POINTS, 1)
    numbers = sorted({*range(stride, len(won) + 1, stride), *([len(won)] if won else [])})
    return [(won[number - 1], 100 * number / graded) for number in numbers]


def steps_taken(results: Sequence[ResultRecord]) -> Chart | None:
    """How many attempts took how many steps, by outcome."""
    graded = [each for each in results if each["outcome"] in GRADED and each["steps"] > 0]
    if not graded:
        return None
    width = -(-max(each["steps"] for each in graded) // BINS)
    bins = range((max(each["steps"] for each in graded) - 1) // width + 1)
    chart = pygal.StackedBar(**_look(height=320))
    chart.x_labels = [
        str(n * width + 1) if width == 1 else f"{n * width + 1}-{(n + 1) * width}" for n in bins
    ]
    for outcome in GRADED:
        taken = [(each["steps"] - 1) // width for each in graded if each["outcome"] == outcome]
        chart.add(outcome, [taken.count(n) for n in bins])
    told = "; ".join(
        f"{outcome}: {_middle([e['steps'] for e in graded if e['outcome'] == outcome])}"
        for outcome in GRADED
    )
    return Chart("Attempts by steps taken", f"median steps, {told}", _svg(chart))


def _middle(values: Sequence[int]) -> str:
    return str(sorted(values)[(len(values) - 1) // 2]) if values else "none"


def _look(height: int) -> dict[str, Any]:
    style = Style(
        background="transparent",
        plot_background="transparent",
        foreground="var(--soft)",
        foreground_strong="var(--ink)",
        foreground_subtle="var(--line)",
        guide_stroke_color="var(--line)",
        major_guide_stroke_color="var(--line)",
        opacity=".85",
        colors=("var(--good)", "var(--bad)"),
        ci_colors=("var(--ink)", "var(--ink)"),
        font_family="inherit",
        label_font_size=13,
        major_label_font_size=13,
        legend_font_size=13,
    )
    return {
        "style": style,
        "js": [],
        "width": WIDTH,
        "height": height,
        "margin": 8,
        "legend_at_bottom": True,
        "truncate_label": -1,
        "no_data_text": "",
    }


def _svg(chart: Any) -> str:
    """The picture alone: pygal's own script would be stopped by the page's policy, and its
    random names and dates would make equal reports differ."""
    ElementTree.register_namespace("", SVG)
    tree = ElementTree.fromstring(chart.render(is_unicode=True, disable_xml_declaration=True))
    for parent in list(tree.iter()):
        for child in list(parent):
            if child.tag == f"{{{SVG}}}script":
                parent.remove(child)
    tree.set("aria-hidden", "true")  # the figure around it has the words
    text = ElementTree.tostring(tree, encoding="unicode")
    name = str(chart.uuid)
    return text.replace(name, f"pygal-{len(text)}")
