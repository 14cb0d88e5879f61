#!/bin/bash
# Fetches the test tools that Debian has no package for, into build/tools.
set -euo pipefail

usage() {
  cat <<'EOF'
Usage: deploy/tools.sh [--find] grpcurl|buf|helm|kustomize|moto

Prints the path of the tool, after installing it into build/tools where it is
not there yet. Ends with 77 where it cannot be had.

  --find  does not install
EOF
}

buf_version=1.47.2
helm_version=v3.19.4
kustomize_version=v5.7.1

cd "$(dirname "$0")/.."
tools=$PWD/build/tools

skip() {
  echo "tools: $1" >&2
  exit 77
}

# Prints the minor version of the Go at hand.
go_minor() {
  command -v go >/dev/null || skip "$tool needs Go"
  go env GOVERSION | sed -E 's/^go1\.([0-9]+).*/\1/'
}

# install_go_module PACKAGE VERSION
install_go_module() {
  echo "tools: installing $tool $2" >&2
  HOME=${HOME:-/root} GOBIN=$tools GOFLAGS=-mod=mod GOTOOLCHAIN=local \
    go install "$1@$2" >&2 ||
    skip "$tool $2 could not be installed; is there a network?"
}

# The newest version that the Go at hand can build.
install_grpcurl() {
  local version=v1.8.9 minor
  minor=$(go_minor)
  [ "$minor" -lt 21 ] || version=v1.9.1
  install_go_module github.com/fullstorydev/grpcurl/cmd/grpcurl "$version"
}

install_helm() {
  local minor
  minor=$(go_minor)
  [ "$minor" -ge 24 ] || skip "helm $helm_version needs Go 1.24"
  install_go_module helm.sh/helm/v3/cmd/helm "$helm_version"
}

install_kustomize() {
  local minor
  minor=$(go_minor)
  [ "$minor" -ge 24 ] || skip "kustomize $kustomize_version needs Go 1.24"
  install_go_module sigs.k8s.io/kustomize/kustomize/v5 "$kustomize_version"
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

# moto is a Python package with a server that speaks S3.
install_moto() {
  command -v python3 >/dev/null || skip 'moto needs Python'
  echo "tools: installing moto" >&2
  { python3 -m venv "$tools/moto-venv" &&
    "$tools/moto-venv/bin/pip" install --quiet --disable-pip-version-check \
      --requirement deploy/moto-requirements.txt >&2; } ||
    skip "moto could not be installed; is there a network?"
  ln -sf moto-venv/bin/moto_server "$tools/moto"
}

find_only=false
if [ "${1:-}" = --find ]; then
  find_only=true
  shift
fi
tool=${1:-}
case $tool in
  grpcurl | buf | helm | kustomize | moto) ;;
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
