"""Finds the packages: benchmarks/ is installed inside pytest_smallbench, which pyproject.toml
alone can only say by naming each. Everything else stands there."""

from setuptools import find_packages, setup

setup(
    packages=[
        *find_packages(include=["pytest_smallbench*"]),
        "pytest_smallbench.benchmarks",
        *(f"pytest_smallbench.benchmarks.{name}" for name in find_packages("benchmarks")),
    ]
)
