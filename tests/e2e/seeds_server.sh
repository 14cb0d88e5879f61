# shellcheck shell=bash
# Sourced by end-to-end tests: the real programs over an index of seeds/.

# serve_seeds BIN indexes seeds/ in a temporary folder and starts the server on
# a free port; sets $address, and stops all at exit.
serve_seeds() {
  local bin=$1
  scratch=$(mktemp -d)
  server=
  trap stop_serving EXIT
  "$bin/footnote-index" build --data-dir "$scratch/data" --collection seeds \
    seeds >"$scratch/index.log" 2>&1 ||
    give_up 'footnote-index failed' "$scratch/index.log"
  "$bin/footnote-server" --data-dir "$scratch/data" --listen 127.0.0.1:0 \
    --port-file "$scratch/port" >"$scratch/server.log" 2>&1 &
  server=$!
  local attempt
  for ((attempt = 0; attempt < 300; attempt++)); do
    kill -0 "$server" 2>/dev/null ||
      give_up 'footnote-server ended' "$scratch/server.log"
    [ ! -s "$scratch/port" ] || break
    sleep 0.1
  done
  [ -s "$scratch/port" ] ||
    give_up 'footnote-server wrote no port' "$scratch/server.log"
  # shellcheck disable=SC2034
  address=127.0.0.1:$(cat "$scratch/port")
}

give_up() {
  echo "$1:"
  cat "$2"
  exit 1
}

stop_serving() {
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" || true
  fi
  rm -rf "$scratch"
}
