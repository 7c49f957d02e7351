#!/bin/bash
python3 -m unittest discover --start-directory "$TEST_DIR" --pattern "test_*.py"
