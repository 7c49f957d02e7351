#!/bin/bash
touch /logs/agent/was-here
{ echo number,square; for n in $(seq 20); do echo "$n,$((n * n))"; done; } > squares.csv
