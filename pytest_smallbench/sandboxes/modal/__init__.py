"""The modal back: a sandbox of Modal's a sandbox, through the ``modal`` package."""

from .back import ModalSandboxes

__all__ = ["ModalSandboxes"]
