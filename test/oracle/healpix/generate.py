"""Writes healpix.json: HEALPix positions and neighbours as healpy has them. Run: python generate.py (pip install healpy numpy)."""
import json
import healpy
import numpy as np

rng = np.random.default_rng(20261120)
centres = []
for order in (0, 1, 2, 3, 5, 8, 12, 20, 24):
    nside = 2**order
    count = 12 * nside * nside
    picks = {0, count - 1, *(int(v) for v in rng.integers(0, count, 24))}
    picks |= {int(f * nside * nside + nside * nside - 1) for f in range(12)} | {int(f * nside * nside) for f in range(12)}
    for npix in sorted(picks):
        lon, lat = healpy.pix2ang(nside, npix, nest=True, lonlat=True)
        centres.append([order, npix, float(lon), float(lat)])
points = []
for order in (0, 1, 3, 9, 17, 24):
    for _ in range(60):
        lon = float(rng.uniform(-180, 540)); lat = float(np.degrees(np.arcsin(rng.uniform(-1, 1))))
        points.append([order, lon, lat, int(healpy.ang2pix(2**order, lon, lat, nest=True, lonlat=True))])
neighbours = []
order = 3
for npix in range(12 * 4**order):
    # south-west, west, north-west, north, north-east, east, south-east, south
    neighbours.append([int(v) for v in healpy.get_all_neighbours(2**order, npix, nest=True)])
json.dump({"meta": {"healpy": healpy.__version__, "numpy": np.__version__, "seed": 20261120,
                    "centres": "[order, npix, lon deg, lat deg]", "points": "[order, lon deg, lat deg, npix]",
                    "neighbours": "order 3, for each npix: SW W NW N NE E SE S, -1 = none"},
           "centres": centres, "points": points, "neighbours": neighbours}, open("healpix.json", "w"), separators=(",", ":"))
