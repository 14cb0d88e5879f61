#!/bin/bash
# Lints proto/ by its buf.yaml. Skipped where buf cannot be had.
set -eu

buf=$(deploy/tools.sh --find buf 2>&1) || { echo "$buf" && exit 77; }
cd proto
"$buf" lint
