#!/bin/bash
# Gathers what the image holds: the programs and everything they need to run.
set -euo pipefail

usage() {
  cat <<'EOT'
Usage: deploy/image-root.sh BIN ROOT

Fills ROOT/libraries with the shared libraries that the programs in BIN need,
the certificates, and the records by which scanners know the Debian packages;
ROOT/programs with the programs; ROOT/data with nothing.
EOT
}

# Prints the Debian package of a file; dpkg knows some under /lib, which is /usr/lib.
package_of() {
  { dpkg-query --search "$1" "${1#/usr}" 2>/dev/null || true; } |
    sed -n '1s/:.*//p'
}

[ $# -eq 2 ] || { usage >&2 && exit 2; }
bin=$1
libraries=$2/libraries
programs=$2/programs
names=(footnote footnote-index footnote-server)

mkdir -p "$2/data" "$programs/usr/bin" "$programs/usr/share/doc/footnote"
for name in "${names[@]}"; do
  strip -o "$programs/usr/bin/$name" "$bin/$name"
done
cp LICENSE NOTICE "$programs/usr/share/doc/footnote/"

# Every library under the path where the loader looks for it.
mapfile -t files < <(ldd "${names[@]/#/$bin/}" |
  sed -nE 's|^.*[[:space:]](/[^ ]+) \(0x[0-9a-f]+\)$|\1|p' | sort -u)
packages=(ca-certificates)
for file in "${files[@]}"; do
  target=$(realpath "$file")
  install -D -m 755 "$target" "$libraries$file"
  package=$(package_of "$target")
  [ -n "$package" ] || { echo "image-root: no package has $target" >&2 && exit 1; }
  packages+=("$package")
done

install -D -m 644 /etc/ssl/certs/ca-certificates.crt \
  "$libraries/etc/ssl/certs/ca-certificates.crt"
echo 'footnote:x:65532:65532::/data:/usr/sbin/nologin' >"$libraries/etc/passwd"
echo 'footnote:x:65532:' >"$libraries/etc/group"
echo 'hosts: files dns' >"$libraries/etc/nsswitch.conf"

mkdir -p "$libraries/var/lib/dpkg/status.d"
for package in $(printf '%s\n' "${packages[@]}" | sort -u); do
  dpkg-query --status "$package" >"$libraries/var/lib/dpkg/status.d/$package"
  install -D -m 644 "/usr/share/doc/$package/copyright" \
    "$libraries/usr/share/doc/$package/copyright"
done
