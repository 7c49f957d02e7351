"""What an agent most likely meant by an action that is not possible.

AgentBench replaces it with the admissible action that is most like it by BLEU. That lets some
nonsense act; it is kept because published figures were made with it.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..bleu import bleu

LONGEST = 200  # characters; the longest action of any published room has under 60
_LIMIT = 0.01


def meant(action: str, admissible: Sequence[str]) -> str:
    """``action`` itself where it is admissible or like nothing that is."""
    if action in admissible:
        return action
    words = action.split()
    likeness = [bleu(choice.split(), words) for choice in admissible]
    best = max(likeness, default=0.0)
    return admissible[likeness.index(best)] if best > _LIMIT else action
