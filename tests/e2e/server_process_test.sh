#!/bin/bash
# footnote-server as a process: signals, draining, a taken port, exit codes; and
# footnote's calls that scripts rely on.
# Usage: tests/e2e/server_process_test.sh BIN
set -eu

. tests/e2e/seeds_server.sh
bin=$1
# Read by the server; the second signal ends the delay.
export FOOTNOTE_DRAIN_DELAY=60s
serve_seeds "$bin"
export FOOTNOTE_SERVER=$address

fail() {
  echo "$*"
  cat "$scratch/server.log"
  exit 1
}

# expect_exit CODE COMMAND...: the command ends with this code.
expect_exit() {
  local want=$1 got=0
  shift
  "$@" >"$scratch/out" 2>"$scratch/err" || got=$?
  [ "$got" = "$want" ] ||
    fail "exit code $got, not $want: $* $(cat "$scratch/out" "$scratch/err")"
}

# The calls that stay stable.
expect_exit 0 "$bin/footnote" search --server "$address" --collection seeds \
  --limit 2 --json 'What does Amazon pay?'
python3 - "$scratch/out" <<'PYTHON'
import base64, hashlib, json, sys
response = json.load(open(sys.argv[1]))
assert len(response["passages"]) == 2, response
for passage in response["passages"]:
    text = passage["text"].encode()
    provenance = passage["provenance"]
    span = provenance["span"]
    assert int(span["endByte"]) - int(span["startByte"]) == len(text)
    assert int(span["endChar"]) - int(span["startChar"]) == len(passage["text"])
    digest = hashlib.sha256(text).digest()
    assert base64.b64decode(provenance["textSha256"]) == digest
    assert "".join(b["text"] for b in passage["blocks"]) == passage["text"]
PYTHON
name=$(python3 -c 'import json, sys
print(json.load(open(sys.argv[1]))["passages"][0]["document"]["name"])' \
  "$scratch/out")
expect_exit 0 "$bin/footnote" get --text "$name"
# A Markdown source without its front matter is the canonical text.
tail -c "$(wc -c <"$scratch/out")" "seeds/${name##*/documents/}" |
  cmp - "$scratch/out" || fail "get --text differs"
expect_exit 0 "$bin/footnote" span "$name" 0 10
expect_exit 0 "$bin/footnote" documents --collection seeds
expect_exit 0 "$bin/footnote" collections
expect_exit 0 "$bin/footnote" health
expect_exit 2 "$bin/footnote" search
expect_exit 1 "$bin/footnote" search --collection nowhere x
grep -q '^footnote: COLLECTION_NOT_FOUND: ' "$scratch/err" || fail 'no reason'

# A taken port is one clear sentence.
expect_exit 1 "$bin/footnote-server" --data-dir "$scratch/data" --listen "$address"
[ "$(grep -cv '^{' "$scratch/err")" = 1 ] || fail "$(cat "$scratch/err")"
grep -q "cannot listen on $address: another program listens there already" \
  "$scratch/err" || fail "$(cat "$scratch/err")"
expect_exit 2 "$bin/footnote-server" --data-dir "$scratch/none"
expect_exit 0 "$bin/footnote-server" --version

# SIGTERM drains: not ready, alive, still answering; then ends with 0.
kill -TERM "$server"
for ((attempt = 0; attempt < 300; attempt++)); do
  "$bin/footnote" health >"$scratch/out" 2>"$scratch/err" || break
  sleep 0.1
done
grep -q '^footnote: NOT_SERVING: ' "$scratch/err" || fail 'does not drain'
expect_exit 0 "$bin/footnote" health liveness
expect_exit 0 "$bin/footnote" search --collection seeds amazon
kill -INT "$server"
ended=0
wait "$server" || ended=$?
server=
[ "$ended" = 0 ] || fail "ended with $ended"
expect_exit 1 "$bin/footnote" health
grep -q '^footnote: CONNECTION_FAILED: ' "$scratch/err" || fail 'still there'
