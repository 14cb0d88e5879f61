#!/bin/bash
# Builds the Python package and runs its tests against the programs.
set -euo pipefail

usage() {
  cat <<'EOF'
Usage: deploy/test-python.sh [--bin FOLDER] [--newest] [--results FILE]

Installs what the tests of client/python need into a virtual environment of
Debian's Python in build/python, builds the package, and runs its tests. Ends
with 1 when one fails.

  --bin FOLDER    the programs to test against (build/release/bin)
  --newest        with the newest Python on this machine; a skip where there is
                  none newer than Debian's
  --results FILE  where the JUnit file goes (build/python/results.xml)
EOF
}

cd "$(dirname "$0")/.."
. deploy/steps.sh

bin=build/release/bin
newest=false
results_file=build/python/results.xml
while [ $# -gt 0 ]; do
  case $1 in
    --bin | --results)
      [ $# -ge 2 ] || { echo "test-python.sh: $1 needs a value" >&2 && exit 2; }
      if [ "$1" = --bin ]; then bin=$2; else results_file=$2; fi
      shift 2
      ;;
    --newest) newest=true && shift ;;
    --help | -h) usage && exit ;;
    *) echo "test-python.sh: unknown argument \"$1\"; see --help" >&2 && exit 2 ;;
  esac
done
bin=$(realpath "$bin")
results_file=$(realpath -m "$results_file")

# Prints the newest Python there is that is newer than Debian's 3.11.
newest_python() {
  local minor folder=${PYENV_ROOT:-${HOME:-/root}/.pyenv}/versions program
  for ((minor = 20; minor > 11; minor--)); do
    for program in "python3.$minor" "$folder/3.$minor".*/bin/python; do
      if "$program" -c 'import venv' 2>/dev/null; then
        echo "$program"
        return
      fi
    done
  done
  return 1
}

# fail NAME MESSAGE records that nothing could be tested.
fail() {
  echo "test-python.sh: $2" >&2
  record "$results_file" "$1" 1
  exit 1
}

rm -f "$results_file"
deploy/packages.sh test || fail packages 'the packages could not be installed'
python=/usr/bin/python3
if "$newest"; then
  python=$(newest_python) || {
    record "$results_file" python-newest "$skip_status" \
      'there is no Python newer than 3.11 here'
    exit
  }
fi
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
home=build/python/$version

# Pins make an environment that was made of the same ones still right.
pins=client/python/requirements.txt
if ! cmp -s "$pins" "$home/pins"; then
  echo "test-python.sh: installing for Python $version, which takes some minutes"
  rm -rf "$home"
  if ! { "$python" -m venv "$home" &&
    "$home/bin/pip" install --quiet --disable-pip-version-check \
      --requirement "$pins"; }; then
    fail python-packages 'the packages could not be installed; is there a network?'
  fi
  cp "$pins" "$home/pins"
fi

# Tests that need it are skipped without it.
deploy/packages.sh browser || true

rm -rf "$home/dist"
# Without build isolation nothing is fetched: the pins have what builds.
if ! { "$home/bin/python" -m build --no-isolation --outdir "$home/dist" \
  client/python >"$home/build.log" 2>&1 &&
  "$home/bin/pip" install --quiet --disable-pip-version-check --no-deps \
    --no-index --force-reinstall "$home"/dist/*.whl; }; then
  cat "$home/build.log" >&2
  fail python-build 'the package could not be built'
fi

status=0
(cd client/python && FOOTNOTE_BIN=$bin "$OLDPWD/$home/bin/python" -m pytest \
  --quiet --junitxml "$results_file") || status=$?
[ -s "$results_file" ] || fail pytest "pytest ended with $status and no results"
exit "$status"
