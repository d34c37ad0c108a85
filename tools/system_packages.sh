#!/bin/sh
# System packages: installed when root on a Debian-like machine, otherwise named.
# What installing and printing need stops the set-up when it is missing; what only tests need is named, and the tests say so again.
set -eu
installing="ca-certificates"
printing="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 qpdf poppler-utils fonts-liberation"
testing="chromium postgresql openjdk-17-jdk-headless libjaxb-java"
python="${PYTHON:-python3}"

if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "Not a Debian-like system. Needed here: $installing $printing; for the tests: $testing" >&2
    exit 0
fi

missing_of() {
    for name in "$@"; do
        dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q "install ok installed" || printf ' %s' "$name"
    done
}

# shellcheck disable=SC2086
missing=$(missing_of $installing $printing)
# shellcheck disable=SC2086
for_tests=$(missing_of $testing)
# Debian's own Python comes without the part that makes environments
"$python" -c "import ensurepip, venv" 2>/dev/null || missing="$missing python3-venv"
[ -z "$missing$for_tests" ] && exit 0

if [ "$(id -u)" -eq 0 ]; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # shellcheck disable=SC2086
    apt-get install -y -qq --no-install-recommends $missing $for_tests >/dev/null
    exit 0
fi
[ -z "$for_tests" ] || echo "Missing for the tests:$for_tests. Install with: sudo apt-get install$for_tests" >&2
[ -z "$missing" ] && exit 0
echo "Missing system packages:$missing. Install with: sudo apt-get install$missing" >&2
exit 1
