#!/bin/bash
set -euo pipefail
. "$(dirname "$0")/first_line.sh"
for note in /srv/notes/*.txt; do
  printf '%s\t%s\n' "$(basename "$note")" "$(first_line "$note")"
done > /srv/index.txt
