"""Operating System: a persistent root shell in a system of its own, graded by what it finds."""
