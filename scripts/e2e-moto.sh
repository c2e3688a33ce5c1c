#!/bin/bash
# Puts an S3-compatible server, moto from PyPI, where test/e2e/realStores.test.ts looks for it, in a virtual environment below .cache (no part
# of the checkout; half a minute, 140 MB). Nothing is needed to run the gateway itself.
set -eu
cd "$(dirname "$0")/.."
environment=.cache/peers/moto
[ -x "$environment/bin/moto_server" ] && exit 0
echo 'e2e-moto: installing moto 5.2.5'
[ -x "$environment/bin/pip" ] || python3 -m venv "$environment"
"$environment/bin/pip" install --quiet --disable-pip-version-check --only-binary=:all: 'moto[s3]==5.2.5' flask==3.1.3 flask-cors==6.0.5 </dev/null
