#!/bin/sh
# Puts the peers of bench/peers/run.ts where it looks for them: Python packages into virtual environments below .cache/peers (no part
# of the checkout), and, with --debian, programs by apt-get (as root). Nothing is needed to run the gateway itself.
#
#   bench/peers/install.sh            MapProxy 6.0.1 + mapproxy_hips 0.3.1 (the newest pair that works together), MapProxy 7.0.0
#   bench/peers/install.sh --debian   these, and MapServer, nginx, GDAL and wrk
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
peers="$here/.cache/peers"
python=${PYTHON:-python3}

environment() { # name, packages...
  folder="$peers/$1"
  shift
  [ -x "$folder/bin/pip" ] || "$python" -m venv "$folder"
  "$folder/bin/pip" install --quiet --disable-pip-version-check --only-binary=:all: "$@"
}

mkdir -p "$peers"
environment mapproxy_hips mapproxy==6.0.1 mapproxy_hips==0.3.1 numba healpy numpy gunicorn==23.0.0 setuptools==75.8.0
environment mapproxy mapproxy==7.0.0 gunicorn==23.0.0

if [ "${1:-}" = --debian ]; then
  apt-get install --yes --no-install-recommends cgi-mapserver nginx-light gdal-bin wrk
fi
