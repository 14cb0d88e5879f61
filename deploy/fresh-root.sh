#!/bin/bash
# Both commands of the README on a fresh Debian 12 that has only git.
set -euo pipefail

usage() {
  cat <<'EOF'
Usage: deploy/fresh-root.sh [COMMAND...]

Makes a minimal Debian 12 root with debootstrap, clones the committed state of
this repository into it, and there runs each COMMAND, without any
"deploy/quickstart.sh --once" and "deploy/test.sh". Ends with 77 where that
cannot be done: it needs root, debootstrap and a network.
EOF
}

skip() {
  echo "fresh-root: $1"
  exit 77
}

cd "$(dirname "$0")/.."
case ${1:-} in --help | -h) usage && exit ;; esac
[ "$(id -u)" -eq 0 ] || skip 'needs root'
# A mount and process namespace of its own: what it leaves ends with it.
if [ -z "${FOOTNOTE_FRESH_ROOT:-}" ]; then
  deploy/packages.sh fresh-root || skip 'needs debootstrap'
  root=$(mktemp -d)
  chmod 755 "$root"
  trap 'rm -rf --one-file-system "$root"' EXIT
  unshare --mount --pid --fork true || skip 'needs the right to mount'
  status=0
  FOOTNOTE_FRESH_ROOT=$root unshare --mount --pid --fork --kill-child \
    deploy/fresh-root.sh "$@" || status=$?
  exit "$status"
fi
root=$FOOTNOTE_FRESH_ROOT

# The mirror that this machine's apt uses, or else that of debootstrap.
# shellcheck disable=SC2016
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Codename: bookworm' \
  'Component: main' 'Created-By: Packages' 2>/dev/null | head -n 1)
echo 'fresh-root: making a minimal Debian 12'
debootstrap --variant=minbase --include=git bookworm "$root" \
  ${mirror:+"$mirror"} >"$root/debootstrap.log" 2>&1 || {
  tail -n 3 "$root/debootstrap.log"
  skip 'debootstrap failed; is there a network?'
}

# The way to the network is this machine's: name servers, proxies, certificates.
cp /etc/resolv.conf "$root/etc/resolv.conf"
apt-config dump | grep -iE '^Acquire::https?::Proxy' \
  >"$root/etc/apt/apt.conf.d/90proxy" || true
mkdir -p "$root/usr/local/share/ca-certificates"
find /usr/local/share/ca-certificates -name '*.crt' \
  -exec cp {} "$root/usr/local/share/ca-certificates/" \; 2>/dev/null || true
environment=(PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  HOME=/root LANG=C.UTF-8)
for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
  [ -z "${!name:-}" ] || environment+=("$name=${!name}")
done

mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/tmp"
mkdir -p "$root/dev/shm" "$root/dev/pts"
mount -t tmpfs tmpfs "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -sf pts/ptmx "$root/dev/ptmx"
# The compiler cache changes the time this takes, and nothing else.
cache=$(ccache --get-config cache_dir 2>/dev/null || true)
if [ -d "$cache" ]; then
  mkdir -p "$root/root/.cache/ccache"
  mount --bind "$cache" "$root/root/.cache/ccache"
fi
git clone --quiet --no-hardlinks . "$root/footnote"

[ $# -gt 0 ] || set -- 'deploy/quickstart.sh --once' 'deploy/test.sh'
for command in "$@"; do
  echo "fresh-root: $command"
  env -i "${environment[@]}" chroot "$root" sh -c "cd /footnote && $command" \
    </dev/null || { echo "fresh-root: failed: $command" && exit 1; }
  echo "fresh-root: passed after $((SECONDS / 60)) minutes: $command"
done
