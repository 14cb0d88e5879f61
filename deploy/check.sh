#!/bin/bash
# What a change passes before it is called done.
set -uo pipefail

usage() {
  cat <<'EOF'
Usage: deploy/check.sh [--all]

Checks the format and the shell scripts, builds with warnings as errors, runs
every test, those of the Helm chart, and clang-tidy on what changed. The last
line sums up all of it: "N passed, N failed, N skipped"; ends with 1 when
anything failed.

  --all  clang-tidy on everything, the Python package with the newest Python,
         every test under AddressSanitizer with UndefinedBehaviorSanitizer and
         under ThreadSanitizer, a million inputs (FOOTNOTE_FUZZ_RUNS) for each
         fuzzer, the container image built twice, and both commands of the
         README on a fresh Debian (hours without a compiler cache)
EOF
}

cd "$(dirname "$0")/.." || exit
. deploy/steps.sh

all=false
case ${1:-} in
  '') ;;
  --all) all=true ;;
  --help | -h) usage && exit ;;
  *) echo "check.sh: unknown argument \"$1\"; see --help" >&2 && exit 2 ;;
esac

deploy/packages.sh check ||
  echo 'the checkers that are missing will be skipped' >&2
start_counting check
step format deploy/format.sh
step shellcheck deploy/shellcheck.sh
suite release deploy/test.sh
suite chart deploy/test-chart.sh
if "$all"; then
  step tidy deploy/tidy.sh --all
  suite python-newest deploy/test-python.sh --newest
  suite asan deploy/test.sh --preset asan
  suite tsan deploy/test.sh --preset tsan
  step fuzz deploy/fuzz.sh --runs "${FOOTNOTE_FUZZ_RUNS:-1000000}"
  step image deploy/test-image.sh --twice
  step fresh-root deploy/fresh-root.sh
else
  step tidy deploy/tidy.sh
fi
print_closing_line
