#!/bin/sh
# System packages: installed when root on a Debian-like machine, otherwise named.
set -eu
wanted="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 qpdf poppler-utils fonts-liberation postgresql openjdk-17-jdk-headless libjaxb-java"
command -v dpkg-query >/dev/null 2>&1 || { echo "Not a Debian-like system. Needed here: $wanted" >&2; exit 0; }
missing=""
for name in $wanted; do
    dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q "install ok installed" || missing="$missing $name"
done
[ -z "$missing" ] && exit 0
if [ "$(id -u)" -ne 0 ]; then
    echo "Missing system packages:$missing. Install them with: sudo apt-get install$missing" >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $missing >/dev/null
