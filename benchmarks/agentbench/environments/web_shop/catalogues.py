"""Which catalogue a record's shop has; each is made once a process and shared by its tasks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.record_sources import content, parsed_lines

from .catalogue import Catalogue
from .products import Product, product_of

KEPT = 4  # catalogues in memory at once, some 3 MB each with 1,000 products
GENERATED_SIZE = 1000
EMPTY_RECORD = {"seed": 0, "size": 150}
MOST_PRODUCTS = 100_000
PRODUCT_FILES = ("web_products.jsonl", "web_products.jsonl.gz")


def catalogue_for(data: Mapping[str, Any], folder: Path | None, where: str) -> Catalogue:
    """The catalogue of a record's fields: a generated one where field ``catalogue`` gives a
    ``seed`` and a ``size``, else that of the data set's folder. Raises UsageMistake."""
    made = data.get("catalogue", None if data else EMPTY_RECORD)
    if made is None:
        return _published(folder, where)
    if not isinstance(made, Mapping) or not all(_whole(made.get(n)) for n in ("seed", "size")):
        raise UsageMistake(f"{where}: field 'catalogue' must be an object with seed and size")
    if not 1 <= made["size"] <= MOST_PRODUCTS:
        raise UsageMistake(f"{where}: field 'catalogue': size must be 1 to {MOST_PRODUCTS}")
    return generated(made["seed"], made["size"])


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


@lru_cache(maxsize=KEPT)
def generated(seed: int, size: int = GENERATED_SIZE) -> Catalogue:
    """The generator's catalogue of a seed."""
    from ...generators.web_catalogue import products  # which needs this package's nouns

    return Catalogue(products(seed, size))


def _published(folder: Path | None, where: str) -> Catalogue:
    path = products_file(folder) if folder is not None else None
    if path is None:
        raise UsageMistake(
            f"{where}: field 'catalogue' is missing and the data set has no {PRODUCT_FILES[0]}"
        )
    status = path.stat()
    return from_file(path, status.st_mtime_ns, status.st_size)


def products_file(folder: Path) -> Path | None:
    """The file of products in a folder, if there is one."""
    found = (folder / name for name in PRODUCT_FILES)
    return next((path for path in found if path.is_file()), None)


@lru_cache(maxsize=KEPT)
def from_file(path: Path, modified_ns: int, size: int) -> Catalogue:
    """The catalogue in a file of that age and size. Raises UsageMistake."""
    found: dict[str, tuple[str, Product]] = {}
    for where, raw in parsed_lines(str(path), content(path, str(path))):
        product = product_of(raw, where)
        asin = product.asin.lower()
        if asin in found:
            raise UsageMistake(f"{where}: field 'asin' is already that of {found[asin][0]}")
        found[asin] = (where, product)
    if not found:
        raise UsageMistake(f"{path}: it holds no product")
    return Catalogue([product for _, product in found.values()])
