#!/bin/bash
# Lints all shell scripts.
set -euo pipefail

cd "$(dirname "$0")/.."
command -v shellcheck >/dev/null || {
  echo 'shellcheck is not installed; deploy/packages.sh check does that' >&2
  exit 77
}
shellcheck --external-sources .ci/run deploy/*.sh tests/e2e/*.sh
