#!/bin/bash
# Fetches the test tools that Debian has no package for, into build/tools.
set -euo pipefail

usage() {
  cat <<'EOF'
Usage: deploy/tools.sh [--find] grpcurl|buf

Prints the path of the tool, after installing it into build/tools where it is
not there yet. Ends with 77 where it cannot be had.

  --find  does not install
EOF
}

buf_version=1.47.2

cd "$(dirname "$0")/.."
tools=$PWD/build/tools

skip() {
  echo "tools: $1" >&2
  exit 77
}

# grpcurl is a Go module; the newest version that the Go at hand can build.
install_grpcurl() {
  command -v go >/dev/null || skip 'grpcurl needs Go'
  local version minor
  minor=$(go env GOVERSION | sed -E 's/^go1\.([0-9]+).*/\1/')
  if [ "$minor" -ge 21 ]; then version=v1.9.1; else version=v1.8.9; fi
  echo "tools: installing grpcurl $version" >&2
  HOME=${HOME:-/root} GOBIN=$tools GOFLAGS=-mod=mod GOTOOLCHAIN=local \
    go install "github.com/fullstorydev/grpcurl/cmd/grpcurl@$version" >&2 ||
    skip "grpcurl $version could not be installed; is there a network?"
}

# buf is an npm package that brings the program itself.
install_buf() {
  command -v npm >/dev/null || skip 'buf needs npm'
  echo "tools: installing buf $buf_version" >&2
  mkdir -p "$tools/buf-package"
  npm install --prefix "$tools/buf-package" --no-save --no-audit --no-fund \
    --ignore-scripts --loglevel=error "@bufbuild/buf@$buf_version" >&2 ||
    skip "buf $buf_version could not be installed; is there a network?"
  ln -sf "$(echo "$tools"/buf-package/node_modules/@bufbuild/buf-linux-*/bin/buf)" \
    "$tools/buf"
}

find_only=false
if [ "${1:-}" = --find ]; then
  find_only=true
  shift
fi
tool=${1:-}
case $tool in
  grpcurl | buf) ;;
  --help | -h) usage && exit ;;
  *) usage >&2 && exit 2 ;;
esac

mkdir -p "$tools"
if [ ! -x "$tools/$tool" ]; then
  "$find_only" && skip "$tool is not installed; deploy/tools.sh $tool does that"
  # One installation at a time.
  exec 9>"$tools/.lock"
  flock 9
  [ -x "$tools/$tool" ] || "install_$tool"
  [ -x "$tools/$tool" ] || skip "$tool does not run here"
fi
echo "$tools/$tool"
