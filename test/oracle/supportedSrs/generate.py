"""Which reference system of a source MapProxy asks for a map in another one.

    pip install mapproxy==7.0.0
    python generate.py > choices.json
"""
import json
from importlib.metadata import version
from itertools import permutations

from mapproxy.srs import SRS, PreferredSrcSRS, SupportedSRS

KNOWN = ['EPSG:4326', 'EPSG:3857', 'EPSG:25832', 'EPSG:25833', 'EPSG:3035', 'EPSG:900913']
TARGETS = ['EPSG:4326', 'EPSG:3857', 'EPSG:25831', 'EPSG:25832', 'EPSG:25833', 'EPSG:3035']
PREFERRED = [
    {},
    {'EPSG:25831': ['EPSG:25832', 'EPSG:3857'], 'EPSG:3857': ['EPSG:25832', 'EPSG:4326']},
    {'EPSG:3857': ['EPSG:4326'], 'EPSG:4326': ['EPSG:25833', 'EPSG:3857'], 'EPSG:25832': ['EPSG:3035']},
]

choices = []
for preferred in PREFERRED:
    preference = PreferredSrcSRS()
    for target, sources in preferred.items():
        preference.add(SRS(target), [SRS(srs) for srs in sources])
    for count in (1, 2, 3):
        for known in permutations(KNOWN, count):
            supported = SupportedSRS([SRS(srs) for srs in known], preference)
            # What a source asks: its own name for the map's system where it has one (source/wms.py, _get_map).
            asked = []
            for target in TARGETS:
                same = [srs for srs in supported if srs == SRS(target)]
                asked.append((same[0] if same else supported.best_srs(SRS(target))).srs_code)
            choices.append({'preferred': PREFERRED.index(preferred), 'known': known, 'asked': asked})

print(json.dumps({'mapproxy': version('mapproxy'), 'targets': TARGETS, 'preferred': PREFERRED, 'choices': choices}))
