"""Lateral thinking: a strange story, a hidden truth, and yes-or-no questions to find it."""
