"""A call's arguments as the object that other formats want, whatever a model wrote."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def read_arguments(arguments: object) -> tuple[dict[str, Any], object]:
    """The object, and what was there instead where it is none, else None."""
    values = arguments
    if isinstance(arguments, str):
        try:
            values = json.loads(arguments or "{}", strict=False)
        except (ValueError, RecursionError):
            return {}, arguments
    if values is None:
        return {}, None
    return (dict(values), None) if isinstance(values, Mapping) else ({}, arguments)
