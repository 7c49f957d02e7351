#!/bin/bash
sort --unique /app/words.txt > /app/sorted.txt
