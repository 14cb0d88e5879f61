#!/bin/bash
# The Debian packages that Footnote needs, in groups, and how to install them.
set -euo pipefail

usage() {
  cat <<'EOF'
Usage: deploy/packages.sh [--list | --missing] GROUP...

Installs what is missing of the Debian packages of each GROUP, as root or
through sudo; when nothing is missing it does nothing.

  build       what the three programs are built with
  test        what the tests need besides
  check       formatters and linters
  browser     what opens the pages of the Python package's examples
  fresh-root  what deploy/fresh-root.sh needs
  image       what deploy/test-image.sh needs

  --list     prints the packages instead
  --missing  prints the missing ones instead
EOF
}

# PACKAGE:COMMAND means that COMMAND from elsewhere will do as well.
build_packages='
  build-essential cmake ninja-build ccache pkg-config ca-certificates
  libgrpc++-dev libgrpc-dev protobuf-compiler protobuf-compiler-grpc
  libprotobuf-dev libabsl-dev grpc-proto libxapian-dev libroaring-dev libicu-dev
  libstemmer-dev libcld2-dev libcmark-gfm-dev libcmark-gfm-extensions-dev
  libzstd-dev libssl-dev libcurl4-openssl-dev nlohmann-json3-dev libspdlog-dev libfmt-dev
  prometheus-cpp-dev libcli11-dev libgtest-dev libgmock-dev libbenchmark-dev'
test_packages='python3:python3 python3-venv zstd golang-go:go'
check_packages='clang-tidy-14 clang-format-14 clang-14 libclang-rt-14-dev llvm-14
  shellcheck npm:npm'
browser_packages='chromium:chromium'
fresh_root_packages='debootstrap'
image_packages='buildah debootstrap iproute2'

fail() {
  echo "packages: $1" >&2
  exit 1
}

packages_of() {
  case $1 in
    build) echo "$build_packages" ;;
    test) echo "$test_packages" ;;
    check) echo "$check_packages" ;;
    browser) echo "$browser_packages" ;;
    fresh-root) echo "$fresh_root_packages" ;;
    image) echo "$image_packages" ;;
    *) fail "unknown group \"$1\"; the groups are build, test, check, browser, fresh-root and image" ;;
  esac
}

is_installed() {
  local command=${1#*:}
  if [ "$command" != "$1" ] && command -v "$command" >/dev/null; then
    return 0
  fi
  [ "$(dpkg-query -W -f '${db:Status-Status}' "${1%%:*}" 2>/dev/null)" = installed ]
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    env DEBIAN_FRONTEND=noninteractive "$@" >/dev/null
  else
    sudo env DEBIAN_FRONTEND=noninteractive "$@" >/dev/null
  fi
}

# True where apt already knows every given package.
are_known() {
  local package
  for package in "$@"; do
    apt-cache show "$package" >/dev/null 2>&1 || return 1
  done
}

install_packages() {
  echo "packages: installing with apt, which takes minutes at most: $*"
  if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
    fail "installing needs root or sudo; as root run: apt-get install $*"
  fi
  are_known "$@" || as_root apt-get update -qq ||
    fail 'apt-get update failed; is there a network?'
  are_known "$@" ||
    fail "apt does not know all of: $*; Footnote needs Debian 12 and its network mirror"
  as_root apt-get install -y -qq --no-install-recommends "$@" ||
    # Package lists that are too old name files that are gone.
    { as_root apt-get update -qq &&
      as_root apt-get install -y -qq --no-install-recommends "$@"; } ||
    fail "apt-get could not install: $*; is there a network?"
}

action=install
groups=()
for argument in "$@"; do
  case $argument in
    --help | -h) usage && exit ;;
    --list) action=list ;;
    --missing) action=missing ;;
    *) groups+=("$argument") ;;
  esac
done
[ ${#groups[@]} -gt 0 ] || fail 'which group? See --help'

all=()
missing=()
for group in "${groups[@]}"; do
  listed=$(packages_of "$group")
  for entry in $listed; do
    all+=("${entry%%:*}")
    is_installed "$entry" || missing+=("${entry%%:*}")
  done
done

case $action in
  list) printf '%s\n' "${all[@]}" ;;
  missing) [ ${#missing[@]} -eq 0 ] || printf '%s\n' "${missing[@]}" ;;
  install) [ ${#missing[@]} -eq 0 ] || install_packages "${missing[@]}" ;;
esac
