#!/bin/bash
# Builds the image and runs what is in it as a hardened cluster would.
set -euo pipefail

usage() {
  cat <<'EOT'
Usage: deploy/test-image.sh [--twice]

Builds deploy/Dockerfile with buildah, in build/image, from debian:bookworm-slim
or, where no registry can be reached, from a Debian made by debootstrap; prints
the compressed size of every layer; runs the server as 65532 on a read-only root
with the image's own settings, asks for its health and for passages, and ends it
with SIGTERM. The first run compiles everything. Ends with 77 where that cannot
be done: it needs root, buildah, and a network for the first run.

  --twice  builds once more without any cached layer and compares the images
EOT
}

skip() {
  echo "test-image: $1"
  exit 77
}

fail() {
  echo "test-image: $1" >&2
  exit 1
}

cd "$(dirname "$0")/.."
twice=false
case ${1:-} in
  '') ;;
  --twice) twice=true ;;
  --help | -h) usage && exit ;;
  *) echo "test-image.sh: unknown argument \"$1\"; see --help" >&2 && exit 2 ;;
esac
[ "$(id -u)" -eq 0 ] || skip 'needs root'
deploy/packages.sh image || skip 'needs buildah, debootstrap and iproute2'
unshare --mount --net --pid --fork true || skip 'needs the right to make namespaces'

max_layer_megabytes=90
folder=$PWD/build/image
mkdir -p "$folder/tmp"
export TMPDIR=$folder/tmp
scratch=$(mktemp -d)
unshare_pid=
container=
trap clean_up EXIT
clean_up() {
  # Its end takes all that run beside it; --kill-child ends with its change of user.
  [ -z "$unshare_pid" ] || kill -KILL "$(server_pid)" 2>/dev/null || true
  [ -z "$container" ] || image_tool rm "$container" >/dev/null || true
  rm -rf --one-file-system "$scratch"
}

# Prints the process of the server, as seen from here.
server_pid() {
  local pid
  read -r pid _ <"/proc/$unshare_pid/task/$unshare_pid/children"
  echo "$pid"
}

# buildah with a store of its own that needs no overlay file system.
image_tool() {
  buildah --root "$folder/storage" --runroot "$folder/run" --storage-driver vfs "$@"
}

# Sets $base to the image to build on.
find_base() {
  base=debian:bookworm-slim
  ! image_tool pull --quiet --policy missing "$base" >/dev/null 2>&1 || return 0
  base=localhost/footnote-base
  ! image_tool inspect --type image "$base" >/dev/null 2>&1 || return 0
  echo 'test-image: no registry; making a minimal Debian 12'
  debootstrap --variant=minbase bookworm "$scratch/root" >"$scratch/log" 2>&1 || {
    tail -n 3 "$scratch/log"
    skip 'debootstrap failed; is there a network?'
  }
  local made
  made=$(image_tool from scratch)
  image_tool add --quiet "$made" "$scratch/root" / >/dev/null
  image_tool commit --quiet --rm "$made" "$base" >/dev/null
  rm -rf --one-file-system "$scratch/root"
}

revision=$(git rev-parse HEAD)
epoch=$(git log -1 --format=%ct)

# build_image TARGET [OPTION...] makes footnote:TARGET; empty for the default.
build_image() {
  local target=$1
  shift
  image_tool build --quiet --isolation chroot --pull=never --layers "$@" \
    ${target:+--target "$target"} --tag "localhost/footnote:${target:-latest}" \
    --timestamp "$epoch" --build-arg BASE="$base" \
    --build-arg SOURCE_DATE_EPOCH="$epoch" --build-arg REVISION="$revision" \
    --build-arg CREATED="$(date --utc --date="@$epoch" +%Y-%m-%dT%H:%M:%SZ)" \
    --file "$PWD/deploy/Dockerfile" . >"$folder/build.log" 2>&1 ||
    { tail -n 20 "$folder/build.log" && fail 'the build failed, see above'; }
}

# config IMAGE EXPRESSION prints a part of the image's configuration, where "c" is
# all of it.
config() {
  image_tool inspect --type image "localhost/footnote:$1" |
    python3 -c 'import json, sys
c = json.load(sys.stdin)["OCIv1"]["config"]
print(eval(sys.argv[1]))' "$2"
}

# Prints the compressed size of every layer; none may be too large.
check_size() {
  image_tool push --quiet "localhost/footnote:$1" "oci:$scratch/$1:x"
  python3 - "$scratch/$1" "$max_layer_megabytes" <<'PYTHON'
import json, pathlib, sys
folder, most = pathlib.Path(sys.argv[1]), float(sys.argv[2])
blob = lambda digest: folder / "blobs" / digest.replace(":", "/")
index = json.loads((folder / "index.json").read_text())
manifest = json.loads(blob(index["manifests"][0]["digest"]).read_text())
sizes = [blob(layer["digest"]).stat().st_size / 1e6 for layer in manifest["layers"]]
print(f"{folder.name}: {sum(sizes):.1f} MB compressed, layers of",
      ", ".join(f"{size:.1f}" for size in sizes))
assert max(sizes) <= most, f"a layer of more than {most} MB"
PYTHON
  rm -rf "${scratch:?}/$1"
}

# Sets $root to the files of an image.
open_image() {
  [ -z "$container" ] || image_tool rm "$container" >/dev/null
  container=$(image_tool from --pull=never "localhost/footnote:$1")
  root=$(image_tool mount "$container")
}

check_contents() {
  [ "$(config latest 'c["User"], c["StopSignal"]')" = "('65532:65532', 'SIGTERM')" ] ||
    fail 'the user is not 65532, or the signal not SIGTERM'
  [ "$(config latest 'c["Labels"]["org.opencontainers.image.revision"]')" = "$revision" ] ||
    fail 'the label of the revision is wrong'
  [ "$(cd "$root/usr/bin" && echo *)" = 'footnote footnote-index footnote-server' ] ||
    fail "usr/bin has $(ls "$root/usr/bin")"
  [ -z "$(find "$root" -type f \( -name '*sh' -o -perm /6000 \))" ] ||
    fail 'there is a shell, or a file that gives rights'
  [ "$(stat -c %u:%g "$root/data")" = 65532:65532 ] || fail 'nobody owns /data'
}

# start_server COMMAND... runs it as a container's process 1: as 65532 in
# namespaces of its own, on a root that is read-only but for a tmpfs at /data
# where $data is set; with the image's environment and that of $environment.
start_server() {
  : >"$scratch/server.log"
  # shellcheck disable=SC2016
  unshare --mount --net --pid --fork --kill-child bash -euc '
    root=$1 data=$2 && shift 2
    ip link set lo up
    mount --bind "$root" "$root"
    [ -z "$data" ] ||
      mount -t tmpfs -o uid=65532,gid=65532,nosuid,nodev tmpfs "$root/data"
    mount -o remount,bind,ro "$root"
    exec setpriv --no-new-privs env --ignore-environment "$@"
  ' start "$root" "$data" "${environment[@]}" \
    /usr/sbin/chroot --userspec=65532:65532 --groups=65532 "$root" "$@" \
    >/dev/null 2>"$scratch/server.log" &
  unshare_pid=$!
  local attempt
  for ((attempt = 0; attempt < 300; attempt++)); do
    kill -0 "$unshare_pid" 2>/dev/null ||
      { cat "$scratch/server.log" && fail 'the server ended'; }
    ! grep -q '"message":"serving",' "$scratch/server.log" || return 0
    sleep 0.1
  done
  cat "$scratch/server.log"
  fail 'the server does not serve'
}

# inside PROGRAM ARGUMENT... runs a program of the image beside the server.
inside() {
  nsenter --target "$(server_pid)" --mount --net -- env --ignore-environment \
    PATH=/usr/bin FOOTNOTE_DATA_DIR=/data /usr/sbin/chroot \
    --userspec=65532:65532 --groups=65532 "$root" "$@"
}

# Ends the server as a cluster does: it drains, goes on answering, and ends.
check_draining() {
  local pid status=0
  pid=$(server_pid)
  kill -TERM "$pid"
  until [[ $(inside footnote health 2>&1) == *NOT_SERVING* ]]; do
    kill -0 "$pid" 2>/dev/null || fail 'it ended and did not drain'
  done
  inside footnote search --collection seeds --limit 1 'data centers' >/dev/null ||
    fail 'it does not answer while it drains'
  kill -TERM "$pid"
  wait "$unshare_pid" || status=$?
  unshare_pid=
  [ "$status" -eq 0 ] || { cat "$scratch/server.log" && fail "it ended with $status"; }
  grep -q '"message":"stopped"' "$scratch/server.log" || fail 'it did not stop in order'
}

check_serving() {
  local pid
  pid=$(server_pid)
  grep -q $'^Uid:\t65532\t65532\t65532\t65532$' "/proc/$pid/status" ||
    fail 'the server does not run as 65532'
  grep -q $'^CapEff:\t0*$' "/proc/$pid/status" || fail 'the server has rights'
  [ "$(inside footnote health)" = SERVING ] || fail 'the server is not healthy'
  [[ $(inside footnote search --collection seeds --limit 1 'supply chain risk') == \
    *'[1] '*' · bytes '*' · sha256 '* ]] || fail 'the search has no footnote'
}

# The image with the index, all of it read-only.
run_seeds() {
  open_image seeds
  mapfile -t environment < <(config seeds '"\n".join(c["Env"])')
  environment+=(FOOTNOTE_DRAIN_DELAY=60s FOOTNOTE_METRICS_LISTEN=0.0.0.0:9464)
  data=
  start_server footnote-server
  check_serving
  nsenter --target "$(server_pid)" --net python3 -c 'import urllib.request
assert b"\nfootnote_" in urllib.request.urlopen("http://127.0.0.1:9464/metrics").read()' ||
    fail 'there are no metrics'
  ! inside footnote-index create --collection new >"$scratch/log" 2>&1 ||
    fail 'the root can be written to'
  grep -q 'Read-only file system' "$scratch/log" || { cat "$scratch/log" && fail 'no reason'; }
  check_draining
  echo 'test-image: footnote:seeds serves as 65532 on a read-only root, and drains'
}

# The image without one: its own indexer makes it, and the server takes it up.
run_server() {
  open_image latest
  check_contents
  mapfile -t environment < <(config latest '"\n".join(c["Env"])')
  environment+=(FOOTNOTE_DRAIN_DELAY=60s)
  data=tmpfs
  start_server footnote-server
  local target
  target=/proc/$(server_pid)/root/data/.sources
  mkdir "$target" && cp seeds/*.md "$target"
  inside footnote-index build --collection seeds /data/.sources >"$scratch/log" 2>&1 ||
    { cat "$scratch/log" && fail 'footnote-index failed'; }
  until [[ $(inside footnote collections) == *seeds* ]]; do
    kill -0 "$unshare_pid" || fail 'the server ended'
  done
  check_serving
  check_draining
  [ "$(config latest 'c["Labels"]["org.opencontainers.image.version"]')" = \
    "$(sed -n 's/.*"message":"serving",.*"version":"\([^"]*\)".*/\1/p' "$scratch/server.log")" ] ||
    fail 'the label of the version is not that of the server'
  echo 'test-image: footnote indexes and serves on a writable /data alone, and drains'
}

find_base
echo "test-image: building on $base, which takes long the first time"
build_image seeds
build_image ''
check_size latest
check_size seeds
run_seeds
run_server
if "$twice"; then
  before=$(image_tool inspect --type image --format '{{.FromImageDigest}}' localhost/footnote:latest)
  build_image '' --no-cache
  after=$(image_tool inspect --type image --format '{{.FromImageDigest}}' localhost/footnote:latest)
  [ "$before" = "$after" ] || fail "a second build differs: $before, then $after"
  echo "test-image: built twice, the same image: $after"
fi
