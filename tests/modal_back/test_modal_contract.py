"""The rest of the sandbox contract: what the guest promises in a container is as well kept on the
bare ground of the stand-in. ``tox -e modal`` runs it."""

from __future__ import annotations

from pytest_smallbench.testing.sandbox_contract import *  # noqa: F403 - its tests are run here

del TestExhaustion, TestSnapshots  # noqa: F821 - test_exhaustion.py has them
