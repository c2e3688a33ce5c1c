"""What shapely and mocpy say of points and boxes in polygons and MOCs.

    python3 generate.py > regions.json      (pip install shapely mocpy healpy)
"""
import json
import math
import random

import astropy.units as u
import healpy
import mocpy
import shapely
from mocpy import MOC
from shapely import wkt

random.seed(5)


def star(n, cx, cy, inner, outer):
    ring = [(cx + r * math.cos(a), cy + r * math.sin(a)) for i in range(2 * n)
            for a, r in [(math.pi * i / n, outer if i % 2 == 0 else inner)]]
    return ring + ring[:1]


def text(ring):
    return '(' + ', '.join(f'{x:.6f} {y:.6f}' for x, y in ring) + ')'


polygons = [
    f'POLYGON ({text(star(7, 20, 10, 8, 30))})',
    f'POLYGON ({text(star(200, -60, -20, 19, 25))}, {text(star(5, -60, -20, 4, 10))})',
    f'MULTIPOLYGON (({text(star(3, 0, 0, 10, 20))}), ({text(star(6, 25, 15, 9, 18))}))',
    'POLYGON ((-180 60, 180 60, 180 80, -180 80, -180 60))',
]

cases = []
for one in polygons:
    shape = wkt.loads(one)
    box = shape.bounds
    points = [(round(random.uniform(max(-179.9, box[0] - 5), min(179.9, box[2] + 5)), 6), round(random.uniform(box[1] - 5, box[3] + 5), 6))
              for _ in range(300)]
    boxes = []
    for _ in range(120):
        w, h = random.uniform(0.5, 12), random.uniform(0.5, 12)
        x = random.uniform(max(-179, box[0] - 8), min(179 - w, box[2]))
        y = random.uniform(max(-89, box[1] - 8), min(89 - h, box[3]))
        b = [round(v, 6) for v in (x, y, x + w, y + h)]
        area = shapely.box(*b)
        boxes.append({'box': b, 'overlap': 'inside' if shape.contains(area) else 'partial' if shape.intersects(area) else 'outside'})
    cases.append({'wkt': one, 'points': points, 'inside': [int(shape.contains(shapely.Point(p))) for p in points], 'boxes': boxes})

moc = MOC.from_cone(lon=45 * u.deg, lat=70 * u.deg, radius=15 * u.deg, max_depth=7) + MOC.from_cone(
    lon=200 * u.deg, lat=-5 * u.deg, radius=6 * u.deg, max_depth=9)
places = [(round(random.uniform(0, 360), 6), round(math.degrees(math.asin(random.uniform(-1, 1))), 6)) for _ in range(300)]
places += [(round(random.uniform(190, 210), 6), round(random.uniform(-12, 2), 6)) for _ in range(300)]
held = moc.contains_lonlat([p[0] for p in places] * u.deg, [p[1] for p in places] * u.deg)
cells = []
for order in (3, 5):
    for npix in random.sample(range(12 * 4**order), 60) + [int(n) for n in healpy.query_disc(2**order, healpy.ang2vec(200, -5, lonlat=True), math.radians(10), nest=True)][:60]:
        cell = MOC.from_healpix_cells([npix], [order], max_depth=order)
        common = cell.intersection(moc)
        cells.append({'order': order, 'npix': npix, 'overlap': 'outside' if common.empty() else 'inside' if cell.difference(moc).empty() else 'partial'})

print(json.dumps({
    'made': f'shapely {shapely.__version__}, mocpy {mocpy.__version__}',
    'polygons': cases,
    'moc': {'text': moc.to_string('ascii'), 'json': moc.serialize('json'), 'points': places, 'inside': [int(h) for h in held], 'cells': cells},
}))
