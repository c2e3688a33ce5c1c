"""Writes grids.json: what MapProxy itself makes of a few grid configurations.

    pip install MapProxy==7.0.0 && python makeGrids.py > grids.json
"""
import json

import mapproxy.version
from mapproxy.grid.tile_grid import tile_grid
from mapproxy.service.tile import TileServiceGrid

WORLD = [-180, -90, 180, 90]
MOON = 1737400 * 3.141592653589793

CONFIGURATIONS = {
    "GLOBAL_GEODETIC": dict(srs="EPSG:4326", origin="sw"),
    "GLOBAL_MERCATOR": dict(srs="EPSG:900913", origin="sw"),
    "GLOBAL_WEBMERCATOR": dict(srs="EPSG:3857", origin="nw"),
    "geodetic_nw": dict(srs="EPSG:4326", origin="nw"),
    "moon_geodetic": dict(srs="IAU_2015:30100", bbox=WORLD, origin="nw"),
    "moon_equirectangular": dict(srs="IAU_2015:30110", bbox=[-MOON, -MOON / 2, MOON, MOON / 2], origin="ul", min_res=MOON / 256),
    "moon_polar": dict(srs="IAU_2015:30130", bbox=[-3474800, -3474800, 3474800, 3474800], tile_size=(512, 512), num_levels=8),
    "mercator_sqrt2": dict(srs="EPSG:900913", res_factor="sqrt2"),
    "geodetic_sqrt2": dict(srs="EPSG:4326", res_factor="sqrt2", num_levels=12),
    "factor_1_5": dict(srs="EPSG:4326", res_factor=1.5, num_levels=10, origin="nw"),
    "explicit": dict(srs="EPSG:32631", bbox=[200000, 4000000, 833333, 6543210], res=[10, 1000, 250, 100, 2.5], origin="nw"),
    "named": dict(srs="EPSG:32631", bbox=[200000, 4000000, 833333, 6543210], res=[["coarse", 1000], ["fine", 10]]),
    "between": dict(srs="EPSG:32631", bbox=[200000, 4000000, 833333, 6543210], min_res=1000, max_res=10, origin="nw"),
    "spread": dict(srs="EPSG:32631", bbox=[200000, 4000000, 833333, 6543210], min_res=1000, max_res=10, num_levels=5),
    "tenths": dict(srs="EPSG:4326", bbox=[0, 0, 256, 128], res=[1, 0.5, 0.2, 0.1], tile_size=(256, 256)),
    "odd_tiles": dict(srs="EPSG:4326", bbox=[5, 40, 16.3, 51.7], tile_size=(300, 200), num_levels=6, origin="nw"),
}


def describe(options):
    grid = tile_grid(**{key: value for key, value in options.items()})
    service = TileServiceGrid(grid)
    levels = []
    for level, (name, size) in enumerate(grid.grid_sizes.items()):
        last = (size[0] - 1, size[1] - 1, level)
        middle = (size[0] // 2, size[1] // 3, level)
        levels.append({
            "name": name,
            "cellSize": grid.resolutions[level],
            "size": list(size),
            "tiles": [{"tile": list(t[:2]), "bbox": list(grid.tile_bbox(t))} for t in [(0, 0, level), middle, last]],
            "points": [
                {"point": p, "tile": list(grid.tile_coord_for_point(p[0], p[1], level)[:2])}
                for p in [[grid.bbox[0] + f * (grid.bbox[2] - grid.bbox[0]), grid.bbox[1] + g * (grid.bbox[3] - grid.bbox[1])]
                          for f, g in [(0.1234, 0.4321), (0.77, 0.88)]]
            ],
        })
    return {
        "options": options,
        "bbox": list(grid.bbox),
        "fromTop": grid.origin == "ul",
        "flips": grid.supports_access_with_origin("nw"),
        "profile": service.profile,
        "srsName": service.srs_name,
        "tileSets": [list(entry) for entry in service.tile_sets],
        "internal": [
            {"public": [0, 0, z], "useProfile": profile, "internal": service.internal_tile_coord((0, 0, z), profile)}
            for z in range(4) for profile in (False, True)
        ],
        "levels": levels,
    }


print(json.dumps({
    "source": f"MapProxy {mapproxy.version.__version__ if hasattr(mapproxy.version, '__version__') else mapproxy.version.version}",
    "grids": {name: describe(options) for name, options in CONFIGURATIONS.items()},
}))
