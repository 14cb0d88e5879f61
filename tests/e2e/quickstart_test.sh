#!/bin/bash
# deploy/quickstart.sh in a tree that is already built: one answer, then a taken
# port, then an end by Ctrl-C.
set -eu

scratch=$(mktemp -d)
background=
trap 'kill $background 2>/dev/null || true; wait; rm -rf "$scratch"' EXIT

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# expect TEXT FILE: FILE contains TEXT.
expect() {
  grep -qF -- "$1" "$2" || { echo "no \"$1\" in:" && cat "$2" && exit 1; }
}

# Everything runs from elsewhere, with data of its own.
root=$PWD
cd "$scratch"
quickstart=("$root/deploy/quickstart.sh" --data-dir data)

is_serving() {
  "$root/build/release/bin/footnote" health --server "$1" >/dev/null 2>&1
}

address=127.0.0.1:$(free_port)
"${quickstart[@]}" --once --listen "$address" >once 2>&1 ||
  { echo "quickstart.sh --once ended with $?" && cat once && exit 1; }
expect '[1]' once
expect 'sha256' once
expect 'bytes' once
expect 'Anthropic' once
expect "$address footnote.v1.SearchService/Search" once
expect 'footnote-index build' once
! is_serving "$address" || { echo 'the server outlived --once' && exit 1; }

# It keeps serving, tells a second one that the port is taken, ends by Ctrl-C.
env --default-signal=INT "${quickstart[@]}" --listen "$address" >serve 2>&1 &
background=$!
for ((attempt = 0; attempt < 300; attempt++)); do
  ! grep -q 'until Ctrl-C$' serve || break
  kill -0 "$background" || { cat serve && exit 1; }
  sleep 0.1
done
expect "serving on $address until Ctrl-C" serve
is_serving "$address"
status=0
"${quickstart[@]}" --once --listen "$address" >taken 2>&1 || status=$?
[ "$status" -eq 1 ] || { echo "a taken port ended with $status" && exit 1; }
[ "$(wc -l <taken)" -eq 1 ]
expect "port ${address##*:} of 127.0.0.1 is taken" taken
is_serving "$address"

kill -INT "$background"
status=0
wait "$background" || status=$?
background=
[ "$status" -eq 0 ] || { echo "SIGINT ended it with $status" && exit 1; }
! is_serving "$address" || { echo 'the server outlived the signal' && exit 1; }
