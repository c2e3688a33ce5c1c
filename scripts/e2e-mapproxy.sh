#!/bin/bash
# Puts MapProxy where the e2e suite looks for it, in virtual environments below .cache (no part of the checkout): 7.0.0 from PyPI, or,
# where PyPI is out of reach, Debian's (test/e2e/mapproxy.test.ts); and 6.0.1 with mapproxy_hips 0.3.1, the newest pair that works together
# (test/e2e/mapproxyHips.test.ts; half a minute, 600 MB). Nothing is needed to run the gateway itself.
set -u
cd "$(dirname "$0")/.." || exit 1
peers=.cache/peers

environment() { # name, what tells that it is whole, packages...
  local folder="$peers/$1" mark=$2
  shift 2
  [ -e "$folder/$mark" ] && return
  echo "e2e-mapproxy: installing $*"
  { [ -x "$folder/bin/pip" ] || python3 -m venv "$folder"; } &&
    "$folder/bin/pip" install --quiet --disable-pip-version-check --only-binary=:all: "$@" </dev/null
}

environment mapproxy_hips bin/numba mapproxy==6.0.1 mapproxy_hips==0.3.1 numba healpy numpy setuptools==75.8.0
environment mapproxy bin/mapproxy-util mapproxy==7.0.0
[ -x "$peers/mapproxy/bin/mapproxy-util" ] && exit 0
command -v mapproxy-util >/dev/null && exit 0
echo "e2e-mapproxy: PyPI is out of reach, installing Debian's" >&2
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends mapproxy </dev/null >/dev/null
