#!/bin/bash
# Checks, or with --fix repairs, the format of all C++ files.
set -euo pipefail

cd "$(dirname "$0")/.."
case ${1:-} in
  '') arguments=(--dry-run -Werror) ;;
  --fix) arguments=(-i) ;;
  *) echo 'Usage: deploy/format.sh [--fix]' && exit 2 ;;
esac
command -v clang-format-14 >/dev/null || {
  echo 'format: clang-format-14 is not installed; deploy/packages.sh check does that' >&2
  exit 77
}
find client indexer server tests \( -name '*.cc' -o -name '*.h' \) -print0 |
  xargs -0 -r clang-format-14 --style=file "${arguments[@]}"
