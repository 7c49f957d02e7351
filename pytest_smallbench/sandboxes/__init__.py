"""Sandboxes: one contract, several backs. The built-in ones, by name and without importing them."""

from __future__ import annotations

BUILTIN = {
    "process": "pytest_smallbench.sandboxes.process:ProcessSandboxes",
    "docker": "pytest_smallbench.sandboxes.docker:DockerSandboxes",
    "modal": "pytest_smallbench.sandboxes.modal:ModalSandboxes",
}
"""Name to ``package.module:class``; an instance without arguments is a SandboxBack."""
