#!/bin/sh
# Say which programs are missing; as root on Debian, install them.
# Usage: need.sh PYTHON PROGRAM...
set -eu

# Debian keeps the server's programs off the path, one folder for each version.
has() {
    case "$1" in
        postgres) command -v postgres || ls /usr/lib/postgresql/*/bin/postgres ;;
        *) command -v "$1" ;;
    esac >/dev/null 2>&1
}

missing=""
for program in "$@"; do
    has "$program" || missing="$missing $program"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing:$missing" >&2
    apt-get update -qq
    for program in $missing; do
        case "$program" in
            python3.*) apt-get install -y -qq "$program" "$program-venv" ;;
            go) apt-get install -y -qq golang-go golang-golang-x-mod-dev ;;
            postgres) apt-get install -y -qq postgresql ;;
            softhsm2-util) apt-get install -y -qq softhsm2 libengine-pkcs11-openssl ;;
            java) apt-get install -y -qq openjdk-17-jre-headless ;;
            *) apt-get install -y -qq "$program" ;;
        esac
    done
    exit 0
fi
echo "missing:$missing" >&2
echo "install with: sudo apt-get install$missing" >&2
echo "(for Python also its -venv package; go is golang-go with golang-golang-x-mod-dev; postgres is postgresql; java is openjdk-17-jre-headless; softhsm2-util is softhsm2, with libengine-pkcs11-openssl)" >&2
exit 1
