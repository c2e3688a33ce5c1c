#!/bin/bash
# Installs what the e2e suite (test/e2e) drives: real HiPS and OGC clients, a real WMS server, a load generator.
# Debian packages, and MapProxy and moto from PyPI. Safe to run again: it leaves at once when everything is there.
set -euo pipefail

packages=(
  chromium              # draws the Aladin Lite page, driven over the DevTools protocol
  aladin                # Aladin Desktop and Hipsgen (its LINT): /usr/share/java/aladin.jar
  openjdk-17-jre        # Aladin Desktop needs AWT, which the headless runtime lacks
  xvfb xauth            # a display for Aladin Desktop
  cgi-mapserver         # /usr/bin/mapserv, the WMS 1.1.1 and 1.3.0 upstream
  gdal-bin              # WMS and WMTS drivers
  python3-qgis qgis-providers  # QGIS without a window: WMS and WMTS
  python3-owslib        # a third WMS and WMTS client
  wrk                   # the request rate of a cached tile
  python3-venv          # for MapProxy (e2e-mapproxy.sh) and moto (e2e-moto.sh)
  nginx-light           # in front of the gateway, as in docs/deployment.md
  redis-server          # keeps tiles
)

missing=()
for package in "${packages[@]}"; do
  state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing+=("$package")
done

python_servers() {
  bash "$(dirname "$0")/e2e-moto.sh" && bash "$(dirname "$0")/e2e-mapproxy.sh"
}
[ ${#missing[@]} -eq 0 ] && { python_servers; exit; }

if ! command -v apt-get >/dev/null; then
  echo "e2e-packages: no apt-get here; install by hand: ${missing[*]}" >&2
  exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "e2e-packages: must run as root to install: ${missing[*]}" >&2
  exit 1
fi

export DEBIAN_FRONTEND=noninteractive
echo "e2e-packages: installing ${missing[*]}"
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null >/dev/null
python_servers
