"""English sentences as statements: content words, light stems, synonyms, negation.

The stems are our own few rules and not a library's, so that no verdict changes with the
version of one. A stem need not be a word, it only has to be the same for a word's forms.
"""

from __future__ import annotations

import re
from functools import lru_cache

from .english_words import (
    ANTONYMS,
    FUNCTION_WORDS,
    IRREGULAR,
    NEGATORS,
    PHRASES,
    SCOPE_ENDS,
    SYNONYMS,
)
from .statements import Statement, Unit, statement

_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?|[,.;:!?]")
_LEAD = re.compile(
    r"^(?:(?:so|then|and|but|well|ok|okay|please tell me|tell me|can you tell me|may i ask)\b)?"
    r"[,\s]*(?:(?:if|whether)\s+)?"
    r"(?:(?:is|was|would|could|can|might) it (?:be )?(?:not )?|it(?:'s| is| was) )"
    r"(?:really |actually )?"
    r"(true|correct|right|the case|a fact|possible|"
    r"not true|not right|not the case|false|untrue|wrong|incorrect) (?:that|to say)"
)
_FALSE = ("not true", "not right", "not the case", "false", "untrue", "wrong", "incorrect")
_NEGATIVE_LEAD = re.compile(
    r"^(is|was|are|were|do|does|did|has|have|had|can|could|will|would|should)(?:n't|\s+not)\b"
)
_TAG = re.compile(
    r",\s*(?:\w+n't \w+|(?:is|was|did|does|do|has|are|were) \w+|right|correct|yes|no)"
    r"\s*[?.!]*$"
)
_PHRASES = [(re.compile(phrase), same) for phrase, same in PHRASES]
_SCOPE = 5  # content words that a negator reaches
_ENDINGS = (
    *(("ingly", 3), ("edly", 3), ("ing", 3), ("ed", 3), ("ly", 3)),
    *(("ion", 6), ("ous", 5), ("ness", 4), ("er", 4)),
)
"""Endings, and how many letters must be left of a word without them."""
_EDGES = frozenset(",.;:!?")


def read(text: str) -> Statement:
    """The statement of a sentence; of a question, the one that a yes would confirm."""
    text = text.lower().replace("\u2019", "'").strip()
    for phrase, same in _PHRASES:
        text = phrase.sub(same, text)
    lead = _LEAD.match(text)
    text = _TAG.sub("", text[lead.end() :] if lead else text)
    text = _NEGATIVE_LEAD.sub(r"\1", text)
    units, negated = _content(_WORD.findall(text))
    found = statement(units, negated)
    return found.negation() if lead and lead[1] in _FALSE else found


def _content(words: list[str]) -> tuple[list[Unit], set[str]]:
    """The content words, all words where there are no others, and those in a negation."""
    content: list[str] = []
    negated: set[str] = set()
    reach = 0
    for word in words:
        if word in _EDGES or word in SCOPE_ENDS:
            reach = 0
        elif word in NEGATORS or word.endswith("n't"):
            reach = _SCOPE
        elif word.partition("'")[0] not in FUNCTION_WORDS:
            name, turned = canonical(word)
            content.append(name)
            if turned != (reach > 0):
                negated.add(name)
            reach -= 1
    if not content:
        content = [word for word in words if word not in _EDGES]
    return [Unit(name, frozenset({name})) for name in content], negated


@lru_cache(maxsize=8192)
def canonical(word: str) -> tuple[str, bool]:
    """The one name for a word, its forms and its synonyms; True where it is the opposite."""
    word = word.partition("'")[0]
    for form in (word, IRREGULAR.get(word, word), stem(word)):
        if form in ANTONYMS:
            return stem(ANTONYMS[form]), True
        if form in SYNONYMS:
            return stem(SYNONYMS[form]), False
    return stem(IRREGULAR.get(word, word)), False


def stem(word: str) -> str:
    """The word without the endings of number, tense and adverb."""
    if len(word) > 4 and word.endswith("ies"):
        word = word[:-3] + "y"
    elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-2] if word.endswith(("shes", "ches", "xes", "sses", "zes")) else word[:-1]
    for ending, least in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= least:
            word = _mended(word[: -len(ending)])
            break
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


def _mended(trunk: str) -> str:
    """``stopp`` is stop, ``carri`` carry."""
    if len(trunk) > 3 and trunk[-1] == trunk[-2] and trunk[-1] not in "aeiouls":
        return trunk[:-1]
    return trunk[:-1] + "y" if trunk.endswith("i") else trunk
