#!/bin/bash
# From a bare Debian 12 to ranked passages: installs, builds, indexes the seeds,
# serves them and asks one question.
set -euo pipefail

usage() {
  cat <<'EOF'
Usage: deploy/quickstart.sh [--once] [--listen HOST:PORT] [--data-dir DIR]

Installs what Footnote is built with, builds it in build/release, indexes the
documents of seeds/, serves them, asks one question, and keeps serving until
Ctrl-C. A second run takes seconds.

  --once              ends after the answer
  --listen HOST:PORT  where to serve (127.0.0.1:50051)
  --data-dir DIR      where the index goes (build/quickstart)
EOF
}

fail() {
  echo "quickstart: $1" >&2
  exit 1
}

start=$PWD
cd "$(dirname "$0")/.."
once=false
listen=127.0.0.1:50051
data_dir=build/quickstart
while [ $# -gt 0 ]; do
  case $1 in
    --once) once=true ;;
    --listen | --data-dir)
      [ $# -ge 2 ] || fail "$1 needs a value"
      case $1 in
        --listen) listen=$2 ;;
        --data-dir) data_dir=$(cd "$start" && realpath -m "$2") ;;
      esac
      shift
      ;;
    --help | -h) usage && exit ;;
    *) fail "unknown argument \"$1\"; see --help" ;;
  esac
  shift
done
[[ $listen =~ ^[^:]+:[0-9]+$ ]] || fail "--listen wants HOST:PORT, not \"$listen\""
host=${listen%:*} port=${listen##*:}
[ "$host" != 0.0.0.0 ] || host=127.0.0.1
address=$host:$port

port_is_taken() {
  (exec 3<>"/dev/tcp/$host/$port") 2>/dev/null
}

! port_is_taken ||
  fail "port $port of $host is taken; stop what listens there or pass --listen HOST:PORT"

deploy/packages.sh build

bin=build/release/bin
programs=(footnote-index footnote-server footnote)
mkdir -p build
if [ ! -f build/release/build.ninja ]; then
  echo 'quickstart: configuring build/release'
  cmake --preset release >build/configure.log 2>&1 ||
    { cat build/configure.log >&2 && fail 'cmake failed, see above'; }
fi
echo "quickstart: building in build/release$([ -x "$bin/footnote" ] ||
  echo ', which takes minutes the first time')"
cmake --build --preset release --target "${programs[@]}" ||
  fail 'the build failed, see above'

echo 'quickstart: indexing seeds/'
"$bin/footnote-index" build --data-dir "$data_dir" --collection seeds seeds ||
  fail 'indexing failed, see above'

log=$data_dir/server.log
server=
stop_server() {
  if [ -n "$server" ]; then
    kill -TERM "$server" 2>/dev/null || true
    wait "$server" || true
    server=
  fi
}
trap stop_server EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

echo "quickstart: starting footnote-server on $listen, its log in $log"
"$bin/footnote-server" --data-dir "$data_dir" --listen "$listen" >"$log" 2>&1 &
server=$!
for ((attempt = 0; ; attempt++)); do
  kill -0 "$server" 2>/dev/null ||
    { tail -n 3 "$log" >&2 && fail 'footnote-server ended, see above'; }
  ! "$bin/footnote" health --server "$address" >/dev/null 2>&1 || break
  [ "$attempt" -lt 150 ] || fail "footnote-server is not SERVING; see $log"
  sleep 0.2
done

question='What did Anthropic promise Amazon in return for the five billion?'
echo "quickstart: SERVING; asking: $question"
echo
"$bin/footnote" search --server "$address" --collection seeds --limit 3 "$question" ||
  fail 'the search failed, see above'

cat <<EOF

The same through grpcurl (deploy/tools.sh grpcurl installs it in build/tools):
  build/tools/grpcurl -plaintext -d '{"collection":"seeds","query":"supply chain risk","page_size":3}' \\
    $address footnote.v1.SearchService/Search

Next, index a folder of your own and search it; the server picks it up:
  $bin/footnote-index build --data-dir $data_dir --collection mine FOLDER
  $bin/footnote search --server $address --collection mine "your question"
EOF

"$once" && exit 0
echo
echo "quickstart: serving on $listen until Ctrl-C"
trap 'exit 0' INT TERM
wait "$server" || { server= && fail "footnote-server ended; see $log"; }
