#!/bin/bash
# As root, which may see what the agent's user could not.
reward() { echo "$1" > /logs/verifier/reward.txt; echo "$2"; exit 0; }
[ "$(id -u)" = 0 ] || reward 0 "the verifier is not root"
[ "$(cat /logs/artifacts/state)" = turning ] || reward 0 "the state was not collected as it was"
[ "$(tail -n 1 birds.txt 2>/dev/null)" = "$WANTED-at-dusk" ] || reward 0 "birds.txt does not end as asked"
[ "$(stat -c %U birds.txt)" = worker ] || reward 0 "birds.txt is not the worker's"
reward 1 "all is as asked"
