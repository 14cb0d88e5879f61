#!/bin/bash
# Builds the fuzzers, runs each, and prints how much of the parser of queries
# they run.
set -euo pipefail

usage() {
  cat <<'EOT'
Usage: deploy/fuzz.sh [--runs N | --seconds N] [NAME]...

Builds the fuzzers (query, filter, page_token, quote, claims; all where no NAME is
given) with clang under AddressSanitizer and UndefinedBehaviorSanitizer in build/fuzz and
runs each over its corpus in tests/fuzz/corpus. What they find on the way is
kept in build/fuzz/corpus, what fails in build/fuzz/findings. Ends with 1 for a
finding, or where less than 85 % of the lines of the parser ran; with 77 where
there is no clang.

  --runs N     inputs each fuzzer tries (100000)
  --seconds N  how long each fuzzer runs instead
EOT
}

cd "$(dirname "$0")/.."
limit=-runs=100000
names=()
while [ $# -gt 0 ]; do
  case $1 in
    --runs | --seconds)
      [ $# -ge 2 ] || { echo "fuzz.sh: $1 needs a value" >&2 && exit 2; }
      if [ "$1" = --runs ]; then limit=-runs=$2; else limit=-max_total_time=$2; fi
      shift 2
      ;;
    --help | -h) usage && exit ;;
    -*) echo "fuzz.sh: unknown argument \"$1\"; see --help" >&2 && exit 2 ;;
    *) names+=("$1") && shift ;;
  esac
done
[ ${#names[@]} -gt 0 ] || names=(query filter page_token quote claims)

if ! command -v clang++-14 >/dev/null; then
  echo 'fuzz.sh: there is no clang++-14 (Debian: clang-14, libclang-rt-14-dev)'
  exit 77
fi
cmake --preset fuzz --log-level=WARNING >/dev/null
cmake --build --preset fuzz --target "${names[@]/%/_fuzz}"

mkdir -p build/fuzz/findings
failed=0
for name in "${names[@]}"; do
  mkdir -p "build/fuzz/corpus/$name"
  LLVM_PROFILE_FILE=/dev/null "build/fuzz/bin/${name}_fuzz" "$limit" \
    -max_len=4096 -timeout=10 -print_final_stats=1 -verbosity=0 \
    -artifact_prefix=build/fuzz/findings/ \
    "build/fuzz/corpus/$name" "tests/fuzz/corpus/$name" || failed=1
done

if [[ " ${names[*]} " = *' query '* ]]; then
  LLVM_PROFILE_FILE=build/fuzz/query.profraw build/fuzz/bin/query_fuzz -runs=0 \
    -verbosity=0 build/fuzz/corpus/query tests/fuzz/corpus/query
  llvm-profdata-14 merge -o build/fuzz/query.profdata build/fuzz/query.profraw
  percent=$(llvm-cov-14 export --summary-only \
    --instr-profile build/fuzz/query.profdata build/fuzz/bin/query_fuzz \
    server/search/syntax*.cc |
    python3 -c 'import json, sys
print(int(json.load(sys.stdin)["data"][0]["totals"]["lines"]["percent"]))')
  echo "$percent % of the parser's lines ran"
  [ "$percent" -ge 85 ] || failed=1
fi
exit "$failed"
