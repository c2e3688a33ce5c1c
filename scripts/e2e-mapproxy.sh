#!/bin/bash
# Puts MapProxy where test/e2e/mapproxy.test.ts looks for it: 7.0.0 from PyPI in a virtual environment below .cache (no part of the
# checkout), or, where PyPI is out of reach, Debian's. Nothing is needed to run the gateway itself.
set -u
cd "$(dirname "$0")/.." || exit 1
environment=.cache/peers/mapproxy

if [ ! -x "$environment/bin/mapproxy-util" ]; then
  echo 'e2e-mapproxy: installing MapProxy 7.0.0'
  { [ -x "$environment/bin/pip" ] || python3 -m venv "$environment"; } &&
    "$environment/bin/pip" install --quiet --disable-pip-version-check --only-binary=:all: mapproxy==7.0.0 </dev/null
fi
[ -x "$environment/bin/mapproxy-util" ] && exit 0
command -v mapproxy-util >/dev/null && exit 0
echo "e2e-mapproxy: PyPI is out of reach, installing Debian's" >&2
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends mapproxy </dev/null >/dev/null
