"""What the agent reads: the rules, and what can be seen of a match. Computes text only."""

from __future__ import annotations

import json

from .fish import SPECIES, Species
from .game import Deed, Fish, Side
from .match import TRIES, Match

RULES = """\
You play Aquawar, a card game of two teams of four fish at positions 0 to 3. Each fish has 400 hp. \
You see the hp of the enemy's fish, but not which fish is at which position until you guess it.
Each turn has two phases:
1. Guess: name the fish at one enemy position (guess), or do not (skip_guess). If you are right \
the fish is exposed and every enemy fish loses 50 hp. If you are wrong nothing happens.
2. Action: one of your living fish acts (act). "normal" hits one living enemy for half of the \
fish's attack, "active" uses its skill.
Then the enemy plays its two phases. A side without a living fish loses. After phase 128 the side \
with more living fish wins, then more hp in all, then the strongest single fish, then the side \
that moved second.
A reply that cannot be used may be tried again: after {tries} in a guess phase no guess is made, \
after {tries} in an action phase you lose."""

_SHARES = "it takes 70 % itself and its living team-mates share 30 %"
_SWAPPED = "it takes 30 % itself and its living team-mates share 70 %"
_TARGETS = {
    "none": "needs no target",
    "ally": "target: the position of your other fish",
    "ally or self": "target: the position of your fish",
    "enemy": "target: an enemy position",
    "weakest enemy": "target: the position of the enemy with the least hp",
    "ally, enemy": "target: an enemy position (first three times), ally: your other fish",
}


def introduction(match: Match) -> str:
    """The rules, both teams' fish, and the first decision."""
    own, enemy = match.game.teams[match.agent], match.game.teams[match.enemy]
    order = "You move first." if match.agent == 0 else "The enemy moves first."
    return "\n\n".join(
        (
            RULES.format(tries=TRIES),
            "Your fish:\n" + _listed(match, own, [f"position {f.position}: " for f in own]),
            "The enemy's fish, at positions unknown to you:\n" + _listed(match, _sorted(enemy)),
            order,
            turn(match),
        )
    )


def _sorted(team: list[Fish]) -> list[Fish]:
    """In an order that tells nothing of the positions."""
    names = list(SPECIES)
    return sorted(team, key=lambda fish: (names.index(fish.species.name), fish.name))


def _listed(match: Match, team: list[Fish], leads: list[str] | None = None) -> str:
    leads = leads or [""] * len(team)
    return "\n".join(f"- {lead}{_card(match, f)}" for lead, f in zip(leads, team, strict=True))


def _card(match: Match, fish: Fish) -> str:
    """A fish's text. Of the enemy's imitator only its own name is told."""
    if fish.name != fish.species.name and fish.side != match.agent:
        return "imitator. Behaves in all like one of the other eleven fish"
    copied = "" if fish.name == fish.species.name else f" (as {fish.species.name})"
    return (
        f"{fish.name}{copied}. Attack {fish.attack}. Passive: {_passive(match, fish.species)}. "
        f"Active ({fish.species.skill_class}): {fish.species.skill_text}; "
        f"{_TARGETS[fish.species.target]}"
    )


def _passive(match: Match, species: Species) -> str:
    text = species.passive_text
    return text.replace(_SHARES, _SWAPPED) if match.mode.swapped_shares else text


def turn(match: Match) -> str:
    """What the agent has to decide now and what it can see; or how the game ended."""
    if match.over:
        return f"The game is over: you {'won' if match.won else 'lost'} ({match.game.ending})."
    if match.game.phase == "guess":
        return "\n".join((*_news(match), _unknown(match), "Phase: guess.", state(match)))
    return "\n".join((*_deeds(match), "Phase: action.", state(match)))


def state(match: Match) -> str:
    """Both teams as JSON; dead fish have 0 hp."""
    own = [_row(fish, seen=True) for fish in match.game.teams[match.agent]]
    enemy = [_row(fish, seen=False) for fish in match.game.teams[match.enemy]]
    return json.dumps({"you": own, "enemy": enemy})


def _row(fish: Fish, *, seen: bool) -> dict[str, object]:
    return {
        "position": fish.position,
        "fish": fish.name if seen or fish.exposed else "unknown",
        "hp": max(fish.hp, 0),
        "attack": fish.attack if seen else "unknown",
    }


def _unknown(match: Match) -> str:
    hidden = [fish.position for fish in match.game.hidden(match.enemy)]
    if match.mode.false_marks:
        hidden = [position for position in hidden if position not in match.marked]
    return f"Unknown living enemy positions: {_positions(hidden)}."


def _news(match: Match) -> list[str]:
    last = match.game.guesses[match.agent]
    lines = _deeds(match)
    if last is not None:
        verdict = "right" if last.right else "wrong"
        lines.insert(0, f"Your last guess, {last.name} at {last.position}, was {verdict}.")
    return lines


def _deeds(match: Match) -> list[str]:
    """The last action of either side, and how the enemy guessed."""
    game, lines = match.game, []
    for side, whose in ((match.agent, "Your"), (match.enemy, "The enemy's")):
        deed = game.deeds[side]
        if deed is not None:
            lines.append(f"{whose} last action: {_deed(match, deed)}")
    guess = game.guesses[match.enemy]
    if guess is not None:
        verdict = "right" if guess.right else "wrong"
        lines.append(
            f"The enemy guessed {guess.name} at your position {guess.position}: {verdict}."
        )
    return lines


def _deed(match: Match, deed: Deed) -> str:
    """Expected damage is what the action itself deals, before passives and skills lessen it."""
    aimed = f" at {_positions(list(deed.targets))}" if deed.targets else ""
    text = f"fish {deed.fish}, {deed.kind}{aimed}, expected damage {deed.damage}."
    if deed.passives:
        seen = (
            f"{_owner(match, side)} {position} {name}" for side, position, name in deed.passives
        )
        text += f" Passives set off: {', '.join(seen)}."
    return text


def _owner(match: Match, side: Side) -> str:
    return "your" if side == match.agent else "enemy"


def _positions(positions: list[int]) -> str:
    return ", ".join(map(str, positions)) or "none"
