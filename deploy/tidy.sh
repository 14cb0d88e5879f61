#!/bin/bash
# Runs clang-tidy on the sources that changed, or on all of them.
set -euo pipefail

usage() {
  cat <<'EOF'
Usage: deploy/tidy.sh [--all | --days N] [--minutes N] [FILE...]

Runs clang-tidy on FILES, or on the C++ sources that changed since main (on main
itself: by the last commit), as build/release compiles them; sources next to a
changed header count as changed. Ends with 1 on a finding.

  --all        every source
  --days N     what the commits of the last N days before the newest changed,
               newest first
  --minutes N  starts no further file after N minutes, and says which were left
EOF
}

cd "$(dirname "$0")/.."
database=build/release/compile_commands.json
all=false
days=0
export deadline=$((2 ** 62))
files=()
while [ $# -gt 0 ]; do
  case $1 in
    --all) all=true ;;
    --days) days=$2 && shift ;;
    --minutes) deadline=$(($(date +%s) + $2 * 60)) && shift ;;
    --help | -h) usage && exit ;;
    *) files+=("$1") ;;
  esac
  shift
done

command -v clang-tidy-14 >/dev/null || {
  echo 'tidy: clang-tidy-14 is not installed; deploy/packages.sh check does that' >&2
  exit 77
}
[ -f "$database" ] || {
  echo 'tidy: build/release is not configured; deploy/test.sh does that' >&2
  exit 1
}

# Prints the paths that differ from main, or from the commit before.
changed_paths() {
  local reference base
  for reference in origin/main main HEAD~1; do
    base=$(git merge-base HEAD "$reference" 2>/dev/null) || continue
    if [ "$base" != "$(git rev-parse HEAD)" ]; then
      git diff --name-only --diff-filter=d "$base"
      git ls-files --others --exclude-standard
      return
    fi
  done
  git ls-files --cached --others --exclude-standard
}

# Prints the paths that the commits of the last days changed, newest first.
recently_changed_paths() {
  local newest
  newest=$(git log -1 --format=%ct)
  git log --since="$((newest - days * 86400))" --diff-filter=d --name-only \
    --format=
}

# Prints the sources among paths, or next to headers among them, each once, in
# the order of the paths.
sources_of() {
  sed -n 's/\.\(cc\|h\)$/.cc/p' |
    awk 'NR == FNR { known[$0]; next } $0 in known && !seen[$0]++' \
      <(compiled_sources) -
}

# Prints the sources that build/release compiles, from the root.
compiled_sources() {
  sed -n "s|^ *\"file\": \"$PWD/\(.*\.cc\)\",\{0,1\}$|\1|p" "$database" |
    grep -v '^build/' | sort -u
}

if [ ${#files[@]} -eq 0 ]; then
  if "$all"; then
    mapfile -t files < <(compiled_sources)
  elif [ "$days" -gt 0 ]; then
    mapfile -t files < <(recently_changed_paths | sources_of)
  else
    mapfile -t files < <(changed_paths | sources_of)
  fi
fi
echo "tidy: ${#files[@]} sources"
[ ${#files[@]} -gt 0 ] || exit 0

tidy_one() {
  if [ "$(date +%s)" -ge "$deadline" ]; then
    echo "tidy: no time left for $1"
  else
    # The commands are GCC's, with warnings that clang has no name for.
    clang-tidy-14 -p build/release --quiet \
      --extra-arg=-Wno-unknown-warning-option "$1" \
      2> >(grep -v 'warnings generated' >&2)
  fi
}
export -f tidy_one
# shellcheck disable=SC2016
printf '%s\0' "${files[@]}" |
  xargs -0 -n 1 -P "$(nproc)" bash -c 'tidy_one "$1"' tidy
