"""What a hit does: the passives, the pending effects, and what strikes back.

Direct ("traceable") damage has an attacker. Guesses, counters, shared damage and a team's
own infight have none: nothing is shared, shielded or answered of those. Fish are marked dead
only after the whole action, so one may be hit below zero; but a team-mate without hp left no
longer shares or strikes back (specification, section 5; read that way, its rates come out).
"""

from __future__ import annotations

from .fish import LOW_HP, MAX_HP, Passive
from .game import Fish, Game

COUNTER_DAMAGE = 30
EXPLOSION = 40
REGAINED = 20
EVASION_PERCENT = 30
VOID_HITS = 3  # a turtle's first hits
RAISE_EVERY, RAISE = 200, 40


def strike(game: Game, fish: Fish, damage: int, attacker: Fish | None = None) -> None:
    """Hit a living fish; with an attacker the hit is direct."""
    fish.hits += 1
    if _evaded(game, fish):
        return
    if attacker is not None:
        damage = _lessened(game, fish, damage)
    fish.hp -= damage
    _mend(game, fish)
    if fish.species.passive == "deflect":
        fish.attack += RAISE * ((fish.taken + damage) // RAISE_EVERY)
        fish.taken = (fish.taken + damage) % RAISE_EVERY
    if attacker is not None:
        _answer(game, fish, attacker)


def _evaded(game: Game, fish: Fish) -> bool:
    if fish.species.passive != "reduce":
        return False
    void = fish.species.name == "turtle" and fish.hits <= VOID_HITS
    if not void and not game.dice.chance(EVASION_PERCENT):
        return False
    _set_off(game, fish, "reduce")
    return True


def _lessened(game: Game, fish: Fish, damage: int) -> int:
    """What of a direct hit is left for the fish itself. Its own passive comes first."""
    if fish.species.passive == "deflect" and _mates(game, fish):
        _set_off(game, fish, "deflect")
        damage = _share(game, fish, damage)
    if fish.shielded:
        fish.shielded = False
        damage = int(0.3 * damage)
    if fish.shared:
        fish.shared = False
        damage = _share(game, fish, damage)
    return damage


def _share(game: Game, fish: Fish, damage: int) -> int:
    """Pass a part on to the living team-mates; what is kept. Alone it keeps everything."""
    mates = _mates(game, fish)
    if not mates:
        return damage
    for mate in mates:
        strike(game, mate, int(0.3 * damage) // len(mates))
    return int(0.7 * damage)


def _mend(game: Game, fish: Fish) -> None:
    if fish.hp <= 0:
        return
    if fish.mending:
        fish.mending = False
        fish.hp = min(fish.hp + REGAINED, MAX_HP)
    if fish.species.passive == "heal":
        fish.hp = min(fish.hp + REGAINED, MAX_HP)
        _set_off(game, fish, "heal")


def _answer(game: Game, fish: Fish, attacker: Fish) -> None:
    if fish.species.passive == "explode" and fish.hp <= 0:
        _set_off(game, fish, "explode")
        strike(game, attacker, EXPLOSION)
    if fish.hp >= LOW_HP:
        return
    if fish.species.name == "clownfish":
        _counter(game, fish, attacker)
    for mate in _mates(game, fish):
        if mate.species.name in ("spray", "flame"):
            _counter(game, mate, attacker)


def _counter(game: Game, fish: Fish, attacker: Fish) -> None:
    _set_off(game, fish, "counter")
    strike(game, attacker, COUNTER_DAMAGE)


def _mates(game: Game, fish: Fish) -> list[Fish]:
    return [mate for mate in game.living(fish.side) if mate is not fish and mate.hp > 0]


def _set_off(game: Game, fish: Fish, passive: Passive) -> None:
    game.passives.append((fish.side, fish.position, passive))
