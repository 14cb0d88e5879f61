#!/bin/bash
# Installs what the tests need, builds, and runs every test.
set -euo pipefail

usage() {
  cat <<'EOF'
Usage: deploy/test.sh [--preset NAME] [--label NAME]... [--results FILE]

Installs what the tests need, builds, and runs every test. Ends with 1 when one
fails; the last line is "N passed, N failed, N skipped".

  --preset NAME   release (default), debug, asan or tsan; built in build/NAME
  --label NAME    only tests of a label: unit, threads, relevance, e2e or lint
  --results FILE  where the JUnit file goes (build/NAME/results.xml)
EOF
}

cd "$(dirname "$0")/.."
. deploy/steps.sh

preset=release
labels=()
results_file=
while [ $# -gt 0 ]; do
  case $1 in
    --preset | --label | --results)
      [ $# -ge 2 ] || { echo "test.sh: $1 needs a value" >&2 && exit 2; }
      case $1 in
        --preset) preset=$2 ;;
        --label) labels+=("$2") ;;
        --results) results_file=$2 ;;
      esac
      shift 2
      ;;
    --help | -h) usage && exit ;;
    *) echo "test.sh: unknown argument \"$1\"; see --help" >&2 && exit 2 ;;
  esac
done
results_file=$(realpath -m "${results_file:-build/$preset/results.xml}")

# Ends the run when there is nothing to test, with the line that says so.
stop() {
  echo "test.sh: $1" >&2
  record "$results_file" "$2" 1
  echo '0 passed, 1 failed, 0 skipped'
  exit 1
}

rm -f "$results_file"
deploy/packages.sh build test || stop 'the packages could not be installed' packages
if [ ${#labels[@]} -eq 0 ]; then
  # What cannot be had is skipped by the tests that need it.
  for tool in grpcurl buf moto; do deploy/tools.sh "$tool" >/dev/null || true; done
fi
cmake --preset "$preset" --log-level=WARNING || stop 'cmake failed' configure
targets=(all)
arguments=(--preset "$preset" -j "$(nproc)")
if [ ${#labels[@]} -gt 0 ]; then
  targets=("${labels[@]/#/tests_}")
  arguments+=(--label-regex "$(IFS='|' && echo "${labels[*]}")")
fi
cmake --build --preset "$preset" --target "${targets[@]}" ||
  stop 'the build failed' build

# ThreadSanitizer needs the plain address layout that newer kernels shuffle.
runner=()
if setarch -R true 2>/dev/null; then runner=(setarch -R); fi

ctest_file=build/$preset/ctest.xml
status=0
rm -f "$ctest_file"
"${runner[@]}" ctest "${arguments[@]}" --output-junit "$PWD/$ctest_file" || status=$?
[ -s "$ctest_file" ] || stop "ctest ended with $status and no results" ctest
files=("$ctest_file")
if [ "$status" -ne 0 ] && python3 deploy/tally.py "${files[@]}" >/dev/null; then
  # It failed, though every test of it passed.
  record "$ctest_file.status" ctest "$status"
  files+=("$ctest_file.status")
fi
if [ ${#labels[@]} -eq 0 ] && [ "$preset" = release ]; then
  results=build/release
  rm -f "$results"/python*.xml
  suite python deploy/test-python.sh
  files+=("$results"/python*.xml)
fi

# One file of all runners.
{
  echo '<testsuites>'
  sed 's/<?xml[^>]*?>//' "${files[@]}"
  echo '</testsuites>'
} >"$results_file"
echo
python3 deploy/tally.py "$results_file"
