"""Family (e): a new command to be written, compared with Python on calls nobody has seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from random import Random

from .os_draft import Draft

# arguments, standard input, what is printed
Case = tuple[list[str], str, str]

_CASES = 6


def draft(rng: Random, level: int) -> Draft:
    return rng.choice(_TASKS)(rng, level)


def _command(
    name: str,
    question: str,
    cases: Sequence[Case],
    body: str,
    wrong: str,
    compare: str = "text",
) -> Draft:
    """``body`` and ``wrong`` are bash; the first case is the example in the question."""
    arguments, text, printed = cases[0]
    call = " ".join([name, *(f"'{one}'" if set(one) & set(" *()") else one for one in arguments)])
    given = f" with the standard input {text!r}" if text else ""
    shown = f"{question} For example, {call}{given} prints {printed!r}."
    shown += f" Install it as /usr/local/bin/{name}, executable for everybody."
    rule = {"kind": "command", "name": name, "compare": compare, "cases": list(map(list, cases))}
    scripts = [_install(name, one) for one in (body, wrong)]
    return Draft(f"command {name}", shown, "", scripts[0], scripts[1], rule=rule)


def _install(name: str, body: str) -> str:
    path = f"/usr/local/bin/{name}"
    return f"cat > {path} <<'END'\n#!/bin/bash\n{body}\nEND\nchmod 755 {path}"


def _calc(rng: Random, level: int) -> Draft:
    def expression(depth: int) -> tuple[str, Fraction]:
        if depth == 0:
            number = rng.randint(1, 30)
            return str(number), Fraction(number)
        (left, a), (right, b) = expression(depth - 1), expression(rng.randint(0, depth - 1))
        sign = rng.choice("+-*/" if b else "+-*")
        text = f"{left} {sign} {right}"
        value = {"+": a + b, "-": a - b, "*": a * b, "/": a / b if b else a}[sign]
        return f"({text})", value

    cases: list[Case] = []
    while len(cases) < _CASES:
        text, value = expression(1 + min(level + 1, len(cases)))
        cases.append(([text[1:-1]], "", f"{float(value):.6f}"))
    question = rng.choice(
        (
            "Write a command calc that evaluates the arithmetic expression in its argument "
            "(+, -, *, / and parentheses) and prints the value, right to within 1e-5.",
            "Implement a command line calculator calc: given an expression with the four basic "
            "operations and parentheses as its argument, it prints the result (to within 1e-5).",
        )
    )
    body = 'awk "BEGIN { printf \\"%.6f\\\\n\\", $* }"'
    wrong = "set -f; echo $(($*))"
    return _command("calc", question, cases, body, wrong, "number")


def _column_sum(rng: Random, level: int) -> Draft:
    cases: list[Case] = []
    for _ in range(_CASES):
        rows = [[rng.randint(0, 99) for _ in range(3 + level)] for _ in range(rng.randint(2, 6))]
        column = rng.randint(1, 3 + level)
        text = "".join(",".join(map(str, row)) + "\n" for row in rows)
        cases.append(([str(column)], text, f"{sum(row[column - 1] for row in rows)}"))
    question = rng.choice(
        (
            "Write a command sumcol that reads lines of numbers separated by commas from its "
            "standard input and prints the sum of the column whose number (from 1) it is given.",
            "We need a filter sumcol N: it adds up the N-th field (counted from 1) of the "
            "comma-separated lines on its standard input and prints the sum.",
        )
    )
    body = "awk -F, -v c=\"$1\" '{ s += $c } END { print s + 0 }'"
    wrong = "awk -F, '{ s += $1 } END { print s + 0 }'"
    return _command("sumcol", question, _distinct(cases), body, wrong)


def _roman(rng: Random, level: int) -> Draft:
    top = (39, 399, 3999)[level]
    numbers = rng.sample(range(1, top), _CASES - 1)
    # Some that subtractive notation matters for.
    numbers.append(rng.choice((4, 9, 14, 19, 24, 29)))
    cases: list[Case] = [([str(number)], "", _in_roman(number)) for number in numbers]
    question = rng.choice(
        (
            f"Write a command roman that prints its argument, a number from 1 to {top}, as a "
            "Roman numeral in capital letters.",
            f"Implement a command roman N that prints N (1 to {top}) in Roman numerals (upper "
            "case, subtractive notation as in IV).",
        )
    )
    table = "1000 M 900 CM 500 D 400 CD 100 C 90 XC 50 L 40 XL 10 X 9 IX 5 V 4 IV 1 I"
    plain = "1000 M 500 D 100 C 50 L 10 X 5 V 1 I"
    body = """n=$1; out=; set -- {}
while [ $# -gt 0 ]; do
  while [ "$n" -ge "$1" ]; do out=$out$2; n=$((n - $1)); done
  shift 2
done
echo "$out\""""
    return _command("roman", question, cases, body.format(table), body.format(plain))


def _in_roman(number: int) -> str:
    text = ""
    for value, letters in _NUMERALS:
        count, number = divmod(number, value)
        text += letters * count
    return text


_NUMERALS = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)


def _top_word(rng: Random, level: int) -> Draft:
    words = ("red", "green", "blue", "black", "white", "grey")[: 4 + level]
    cases: list[Case] = []
    for _ in range(_CASES):
        most, *others = rng.sample(words, len(words))
        count = rng.randint(3, 5)
        drawn = [most] * count + [word for word in others for _ in range(rng.randint(0, count - 1))]
        rng.shuffle(drawn)
        if Counter(drawn).most_common(1)[0][0] == max(drawn):  # else sorting alone would do
            drawn.append("zinc")
        lines = [" ".join(drawn[at : at + 3]) for at in range(0, len(drawn), 3)]
        cases.append(([], "".join(f"{line}\n" for line in lines), most))
    question = rng.choice(
        (
            "Write a command topword that reads words, separated by spaces and line ends, from "
            "its standard input and prints the one that occurs most often.",
            "Implement a filter topword that prints the most frequent word of its standard input "
            "(words are separated by blanks and line ends).",
        )
    )
    body = "tr -s ' ' '\\n' | sort | uniq -c | sort -nr | awk 'NR == 1 { print $2 }'"
    wrong = "tr -s ' ' '\\n' | sort | tail -n 1"
    return _command("topword", question, cases, body, wrong)


def _date_format(rng: Random, level: int) -> Draft:
    forms = ("%Y/%m/%d", "%d.%m.%Y", "%m-%d", "%Y%m%d", "%d/%m/%y")
    cases: list[Case] = []
    for _ in range(_CASES):
        year, month, day = rng.randint(1990, 2030), rng.randint(1, 12), rng.randint(1, 28)
        form = rng.choice(forms[: 3 + level])
        parts = {"%Y": f"{year}", "%m": f"{month:02}", "%d": f"{day:02}", "%y": f"{year % 100:02}"}
        printed = form
        for code, value in parts.items():
            printed = printed.replace(code, value)
        cases.append(([f"{year}-{month}-{day}", form], "", printed))
    question = rng.choice(
        (
            "Write a command date-format that prints the date in its first argument (YEAR-MONTH-"
            "DAY) in the form that its second argument describes, as strftime does.",
            "Implement a command line tool date-format DATE FORMAT: it prints DATE, given as "
            "YEAR-MONTH-DAY, according to a format with codes such as %Y, %m and %d.",
        )
    )
    body = 'date -d "$1" +"$2"'
    wrong = "date -d \"$1\" +'%Y/%m'"
    return _command("date-format", question, cases, body, wrong)


def _distinct(cases: list[Case]) -> list[Case]:
    """In one case at least the first column must not do."""
    if all(arguments == ["1"] for arguments, _, _ in cases):
        _, text, _ = cases[-1]
        total = sum(int(line.split(",")[1]) for line in text.splitlines())
        cases[-1] = (["2"], text, str(total))
    return cases


_TASKS: tuple[Callable[[Random, int], Draft], ...] = (
    _calc,
    _column_sum,
    _roman,
    _top_word,
    _date_format,
)
