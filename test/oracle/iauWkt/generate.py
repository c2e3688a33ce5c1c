"""WKT 1 of numbers of the IAU_2015 authority as GDAL writes it.

    python3 generate.py > wkt.json      (needs gdalsrsinfo of GDAL >= 3.6, package gdal-bin)

PROJ 9.1 spells 'Tranverse' in the names of the transverse Mercator, which later versions do not.
"""
import json
import re
import subprocess

CODES = [*range(49900, 49990), 30100, 30130, 49900, 19901, 39901, 59902, 79901, 100001200, 200000101, 200043302, 1000, 1010, 80702]


def wkt(code):
    found = subprocess.run(['gdalsrsinfo', '-o', 'wkt1', f'IAU_2015:{code}'], capture_output=True, text=True)
    text = re.sub(r'\n\s*', '', found.stdout)
    return text.replace('Tranverse', 'Transverse') or None


version = subprocess.run(['gdalsrsinfo', '--version'], capture_output=True, text=True).stdout.strip()
print(json.dumps({'gdal': version, 'wkt': {code: text for code in CODES if (text := wkt(code)) is not None}}, indent=1))
