"""Numbers as people read them: money, durations, rates, counts."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pytest_smallbench.reports.shape import Tokens

BAR_WIDTH = 10


def money(dollars: float | None) -> str:
    """``$0.31``, ``$1,234.00``, below ten cents two figures (``$0.0021``); None: unknown."""
    if dollars is None:
        return "cost unknown"
    if dollars <= 0 or dollars >= 0.0995:
        return f"${max(dollars, 0):,.2f}"
    decimals = 1 - math.floor(math.log10(dollars))
    text = f"{dollars:.{decimals}f}"
    return f"${text[:4]}{text[4:].rstrip('0')}"


def duration(seconds: float) -> str:
    """``3.1s``, ``42s``, ``2m 10s``, ``1h 02m``."""
    if seconds < 9.95:
        return f"{max(seconds, 0):.1f}s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m {whole % 60:02d}s"
    minutes = round(seconds / 60)
    return f"{minutes // 60}h {minutes % 60:02d}m"


def percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f}%"


def interval(bounds: Sequence[float] | None) -> str:
    """A confidence interval in percent, without the sign: ``33.7-53.2``."""
    return "-" if bounds is None else f"{100 * bounds[0]:.1f}-{100 * bounds[1]:.1f}"


def plural(count: int, noun: str) -> str:
    """``1 error``, ``5 errors``, ``1,140 tasks``; nouns that take an -s only."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def bar(share: float | None, width: int = BAR_WIDTH) -> str:
    """A bar of ``width`` characters; it is empty only at 0 and full only at 1."""
    if share is None:
        return " " * width
    filled = round(share * width)
    if 0 < share < 1:
        filled = min(max(filled, 1), width - 1)
    return "█" * filled + "░" * (width - filled)


def token_words(tokens: Tokens) -> str:
    """``1,204 prompt (800 cached), 33 completion``."""
    prompt, completion, cached = tokens["prompt"], tokens["completion"], tokens["cached"]
    if prompt is None or completion is None or cached is None:
        return "unknown"
    return f"{prompt:,} prompt ({cached:,} cached), {completion:,} completion"


def token_count(tokens: Tokens) -> int | None:
    """Prompt and completion together."""
    prompt, completion = tokens["prompt"], tokens["completion"]
    return None if prompt is None or completion is None else prompt + completion


def clip(text: str, length: int) -> str:
    """At most ``length`` characters; three dots stand for what was left out."""
    return text if len(text) <= length else text[: max(length - 3, 0)].rstrip() + "..."
