"""How the text of an option becomes a value: each raises ValueError with what is allowed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path


def count(text: str) -> int:
    number = whole(text)
    if number < 1:
        raise ValueError("a whole number above 0")
    return number


def whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError("a whole number") from None


def seconds(text: str) -> float:
    return number(text, "a number of seconds above 0", low=1e-3)


def dollars(text: str) -> float:
    return number(text, "a number of US dollars above 0", low=1e-9)


def share(text: str) -> float:
    return number(text, "a number from 0 to 1", low=0.0, high=1.0)


def no_regression(text: str) -> float:
    """``no-regression[,alpha=0.05]`` as its alpha."""
    allowed = "no-regression or no-regression,alpha=A with A above 0 and at most 0.5"
    rule, comma, setting = text.replace(" ", "").partition(",")
    name, _, alpha = setting.partition("=")
    if rule != "no-regression" or (comma and name != "alpha"):
        raise ValueError(allowed)
    return number(alpha, allowed, low=1e-9, high=0.5) if comma else 0.05


def number(text: str, allowed: str, low: float, high: float = 1e9) -> float:
    try:
        number = float(text)
    except ValueError:
        raise ValueError(allowed) from None
    if not low <= number <= high:
        raise ValueError(allowed)
    return number


def names(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    if not names:
        raise ValueError("a name, or several with commas between")
    return names


def existing_file(text: str) -> Path:
    path = Path(text).expanduser()
    if not path.is_file():
        raise ValueError("a file that exists")
    return path


def existing_folder(text: str) -> Path:
    path = folder(text)
    if not path.is_dir():
        raise ValueError("a folder that exists")
    return path


def program(text: str) -> str:
    path = existing_file(text)
    return str(path.absolute())


def folder(text: str) -> Path:
    return Path(text).expanduser().absolute()


def choice(*allowed: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in allowed:
            raise ValueError("one of " + ", ".join(allowed))
        return text

    return parse


def several(*allowed: str) -> Callable[[str], tuple[str, ...]]:
    """One or more of these, with commas between."""

    def parse(text: str) -> tuple[str, ...]:
        given = [name.strip() for name in text.split(",") if name.strip()]
        if not given or not set(given) <= set(allowed):
            raise ValueError(f"{' or '.join(allowed)}, or several with commas between")
        return tuple(dict.fromkeys(given))

    return parse


def key_value(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise ValueError("KEY=VALUE")
    return key, value


def yes(text: str) -> bool:
    if text.lower() in ("1", "true", "yes", "on"):
        return True
    if text.lower() in ("0", "false", "no", "off"):
        return False
    raise ValueError("true or false")
