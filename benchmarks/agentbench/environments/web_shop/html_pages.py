"""Pages as HTML, with the same texts, buttons and links that the tools have.

Everything that came from a catalogue, a task or a browser is escaped. Options are buttons in a
group by option name; the selected one shows by its border, a tick and ``aria-pressed``.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import groupby

from .pages import Element, Page

_STYLE = """
body { font: 16px sans-serif; max-width: 50em; margin: 2em auto; padding: 0 1em; }
button { font: inherit; margin: .2em; padding: .2em .8em; }
button[aria-pressed=true] { border: 2px solid #06c; font-weight: bold; }
button[aria-pressed=true]::after { content: " \\2713"; }
form { display: inline; }
p { margin: .5em 0; }
.notice { color: #a00; }
"""


def as_html(page: Page, base: str, notice: str = "") -> str:
    """The whole document. ``base`` is the path that the shop lies under; ``notice`` is said
    above the page, for what could not be done."""
    said = f'<p class="notice" role="alert">{escape(notice)}</p>' if notice else ""
    body = "\n".join(_body(page, base))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>WebShop</title>'
        f"<style>{_STYLE}</style></head>\n<body>\n{said}\n{body}\n</body>\n</html>\n"
    )


def _body(page: Page, base: str) -> Iterator[str]:
    for group, elements in groupby(page.elements, key=lambda element: element.group):
        if group:
            yield _options(group, list(elements), base)
        else:
            yield from (_single(element, page, base) for element in elements)


def _single(element: Element, page: Page, base: str) -> str:
    text = escape(element.text)
    if element.shape == "link":
        return f'<p><a href="{base}/item/{_address(element.value)}">{text}</a></p>'
    if element.shape == "text":
        return f"<p>{text}</p>"
    if page.search_bar:
        return (
            f'<form method="post" action="{base}/search"><input name="keywords" type="search" '
            f'aria-label="Keywords" autofocus> <button>{text}</button></form>'
        )
    return _form(base, _button(element))


def _options(name: str, elements: list[Element], base: str) -> str:
    buttons = "".join(_button(element) for element in elements)
    return f'<div role="group" aria-label="{escape(name)}">{_form(base, buttons)}</div>'


def _button(element: Element) -> str:
    pressed = f' aria-pressed="{str(element.selected).lower()}"' if element.group else ""
    value, text = escape(element.value), escape(element.text)
    return f'<button name="value" value="{value}"{pressed}>{text}</button>'


def _form(base: str, buttons: str) -> str:
    return f'<form method="post" action="{base}/click">{buttons}</form>'


def _address(value: str) -> str:
    from urllib.parse import quote

    return escape(quote(value, safe=""))
