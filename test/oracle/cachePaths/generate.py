"""Paths of tiles as MapProxy's own functions write them.

    pip install mapproxy==7.0.0
    python generate.py > paths.json
"""
import json
import random
from importlib.metadata import version

from mapproxy.cache.path import dimensions_part, location_funcs
from mapproxy.cache.tile import Tile

LAYOUTS = ('tc', 'mp', 'tms', 'reverse_tms', 'quadkey', 'arcgis')
SEED = 7
DIRECTORY = '/cache'
# int(x / 1000000) of MapProxy divides floats; the largest numbers a grid of 30 levels has stay exact.
EDGES = [
    (0, 0, 0), (3, 4, 2), (1, 0, 1), (999, 1000, 12), (1000, 999, 12), (9999, 10000, 15), (10000, 9999, 15),
    (999999, 1000000, 20), (1000000, 999999, 20), (12345678, 98765432, 27), (1234567, 87654321, 27), (5, 6, 99), (5, 6, 100),
    (2**29 - 1, 2**29 - 1, 29), (0, 2**29 - 1, 29),
]
DIMENSIONS = [
    {},
    {'time': '2020-08-25T00:00:00Z'},
    {'time': '2020-08-25T00:00:00Z', 'dim_reference_time': '2020-08-25T00:00:00Z', 'dim_level': '700'},
    {'elevation': '-100', 'time': 'default'},
    {'TIME': '2020', 'Elevation': '5'},
    {'DIM_B': '1', 'dim_a': '2', 'time': '3'},
    {'time': '2020-01-01/2020-02-01'},
    {'time': 'a b,c%20&d=e'},
    {'time': 'ü'},
    {'time': '.hidden'},
    {'time': 'x.'},
]
REFUSED = ['', '.', '..', '../x', 'a/../b', 'a//b', 'a/', '/..', './a', 'a\\..\\b', 'a/./b', '//a/b/']


def location(layout, coord, extension, dimensions):
    function, _ = location_funcs(layout)
    path = function(Tile(coord), DIRECTORY, extension, dimensions=dimensions)
    assert path.startswith(DIRECTORY + '/')
    return path[len(DIRECTORY) + 1:]


def level(layout, z):
    _, function = location_funcs(layout)
    if function is None or layout == 'quadkey':
        return None
    return function(z, DIRECTORY)[len(DIRECTORY) + 1:]


def coords():
    random.seed(SEED)
    yield from EDGES
    for z in range(0, 30):
        for _ in range(3):
            yield random.randrange(2**z), random.randrange(2**z), z


def refused(value):
    try:
        dimensions_part({'time': value})
    except ValueError:
        return True
    return False


print(json.dumps({
    'mapproxy': version('mapproxy'),
    'seed': SEED,
    'tiles': [
        {'x': x, 'y': y, 'z': z, 'paths': {name: location(name, (x, y, z), 'png', None) for name in LAYOUTS}} for x, y, z in coords()
    ],
    'levels': [{'z': z, 'paths': {name: level(name, z) for name in LAYOUTS}} for z in (0, 7, 12, 29, 100)],
    'dimensions': [
        {'values': d, 'part': dimensions_part(d), 'paths': {name: location(name, (3, 4, 2), 'jpeg', d) for name in LAYOUTS}}
        for d in DIMENSIONS
    ],
    'refused': [value for value in REFUSED if refused(value)],
    'accepted': [value for value in REFUSED if not refused(value)],
}, indent=1, ensure_ascii=False))
