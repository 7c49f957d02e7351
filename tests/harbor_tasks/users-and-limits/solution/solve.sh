#!/bin/bash
[ "$(id -un)" = worker ] && ! echo stopped 2>/dev/null > "$PATH_TO_STATE" && echo "$BIRD$SUFFIX" >> birds.txt
