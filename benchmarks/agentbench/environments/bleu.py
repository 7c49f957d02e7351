"""BLEU of one sentence against one reference: how like two short token sequences are.

Smoothing is Chen and Cherry's method 4 with k = 5, as NLTK has it: an n-gram order without a
match counts as a small share that shrinks with each such order, more slowly for long candidates.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

_K = 5


def bleu(reference: Sequence[str], candidate: Sequence[str], order: int = 4) -> float:
    """0..1; 0 where no token of ``candidate`` is in ``reference``. ``order``: the longest
    n-grams that count, all with the same weight."""
    length = len(candidate)
    matches = [_matches(reference, candidate, n) for n in range(1, order + 1)]
    if length == 0 or matches[0] == 0:
        return 0.0
    logs = []
    misses = 0
    for n, matched in enumerate(matches, 1):
        possible = max(1, length - n + 1)
        if matched == 0 and length > 1:
            misses += 1
            logs.append(math.log(math.log(length) / (2**misses * _K) / possible))
        elif matched:
            logs.append(math.log(matched / possible))
    brevity = 1.0 if length > len(reference) else math.exp(1 - len(reference) / length)
    return brevity * math.exp(sum(logs) / order)


def _matches(reference: Sequence[str], candidate: Sequence[str], n: int) -> int:
    wanted, offered = _ngrams(reference, n), _ngrams(candidate, n)
    return sum((wanted & offered).values())


def _ngrams(tokens: Sequence[str], n: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1))
