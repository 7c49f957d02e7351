#!/bin/sh
grep -q done /tmp/answer && echo "all is well"
