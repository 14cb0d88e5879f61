#!/bin/bash
# deploy/packages.sh against a stand-in for apt: what it says and how it ends.
set -eu

bin=$(mktemp -d)
trap 'rm -rf "$bin"' EXIT

stand_in() {
  printf '#!/bin/sh\n%s\n' "$2" >"$bin/$1"
  chmod +x "$bin/$1"
}

# expect STATUS TEXT ARGUMENT...: runs packages.sh with the stand-ins.
expect() {
  local wanted_status=$1 wanted_text=$2 output status=0
  shift 2
  output=$(PATH=$bin:$PATH deploy/packages.sh "$@" 2>&1) || status=$?
  if [ "$status" -ne "$wanted_status" ] || [[ $output != *"$wanted_text"* ]]; then
    echo "packages.sh $* ended with $status, not $wanted_status, or did not say"
    echo "\"$wanted_text\" but: $output"
    exit 1
  fi
}

stand_in id 'echo 0'
stand_in apt-cache true

# Nothing is missing: nothing is said, and apt is not called.
stand_in dpkg-query 'echo installed'
stand_in apt-get 'echo called; exit 1'
expect 0 '' build test check
[ -z "$(PATH=$bin:$PATH deploy/packages.sh build test)" ]

# All is missing and apt works: it says what it installs.
stand_in dpkg-query 'exit 1'
stand_in apt-get 'echo "apt-get $*"'
expect 0 'installing with apt, which takes minutes at most: build-essential' build
expect 0 'libxapian-dev' --missing build

# There is no network.
stand_in apt-get 'exit 100'
expect 1 'is there a network?' build

# The package lists are empty and cannot be fetched.
stand_in apt-cache 'exit 100'
expect 1 'apt-get update failed; is there a network?' build

# The lists are there, a package is not.
stand_in apt-get true
expect 1 'apt does not know all of: build-essential' build

# Neither root nor sudo.
stand_in id 'echo 1000'
for command in bash sh env cat dpkg-query; do
  [ -e "$bin/$command" ] || ln -s "$(command -v $command)" "$bin/$command"
done
status=0
output=$(PATH=$bin deploy/packages.sh build 2>&1) || status=$?
[ "$status" -eq 1 ]
[[ $output == *'installing needs root or sudo; as root run: apt-get install build-essential'* ]]

expect 1 'unknown group "all"' all
