"""Run in the container, by run-tests.sh; its image has no pytest."""

import unittest
from pathlib import Path


class Sorted(unittest.TestCase):
    def test_each_word_stands_once_in_order(self):
        words = Path("/app/words.txt").read_text().split()
        assert Path("/app/sorted.txt").read_text().split() == sorted(set(words))
