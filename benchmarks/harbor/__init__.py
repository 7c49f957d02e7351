"""Harbor task folders, and those of terminal-bench, as pytest items (docs/harbor.md)."""
