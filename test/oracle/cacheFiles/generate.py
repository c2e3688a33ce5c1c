"""Cache files as MapProxy itself writes them, and what it calls links to tiles of one colour.

    pip install mapproxy==7.0.0
    TZ=UTC python generate.py
"""
import json
import os
import pathlib
import shutil
import tempfile
from importlib.metadata import version
from io import BytesIO

from PIL import Image

from mapproxy.cache.file import FileCache
from mapproxy.cache.geopackage import GeopackageCache
from mapproxy.cache.mbtiles import MBTilesCache, MBTilesLevelCache
from mapproxy.cache.tile import Tile
from mapproxy.grid.tile_grid import tile_grid
from mapproxy.image import ImageResult
from mapproxy.image.opts import ImageOptions

HERE = pathlib.Path(__file__).parent
COORDS = [(0, 0, 0), (0, 0, 1), (1, 0, 1), (0, 1, 1), (3, 1, 2), (2, 3, 2)]
GRIDS = {
    'sw': tile_grid(3857, origin='sw', name='sw', num_levels=4),
    'nw': tile_grid(3857, origin='nw', name='nw', num_levels=4),
}


def picture(x, y, z):
    """A picture that says where it belongs."""
    buffer = BytesIO()
    Image.new('RGB', (8, 8), (z * 50, x * 50, y * 50)).save(buffer, 'png')
    return buffer.getvalue()


def fill(cache):
    for coord in COORDS:
        tile = Tile(coord)
        tile.source = None
        tile.image_result = ImageResult(BytesIO(picture(*coord)), image_opts=ImageOptions(format='image/png'))
        cache.store_tile(tile)
    cache.cleanup()


def links(mode, image_mode, color):
    """Files below a cache with one flat tile, and what they link to."""
    with tempfile.TemporaryDirectory() as directory:
        cache = FileCache(directory, 'png', link_single_color_images=mode)
        tile = Tile((3, 4, 2))
        tile.image_result = ImageResult(Image.new(image_mode, (8, 8), color), image_opts=ImageOptions(format='image/png'))
        cache.store_tile(tile)
        found = {}
        for root, _, names in os.walk(directory):
            for name in names:
                path = os.path.join(root, name)
                found[os.path.relpath(path, directory)] = os.readlink(path) if os.path.islink(path) else None
        return {'mode': mode, 'image': image_mode, 'color': list(color), 'files': found}


shutil.rmtree(HERE / 'sqlite', ignore_errors=True)
for path in list(HERE.glob('*.mbtiles')) + list(HERE.glob('*.gpkg')):
    path.unlink()

fill(MBTilesLevelCache(str(HERE / 'sqlite')))
fill(MBTilesCache(str(HERE / 'tiles.mbtiles')))
for name, grid in GRIDS.items():
    fill(GeopackageCache(str(HERE / f'{name}.gpkg'), grid, f'moon_{name}'))

for lock in HERE.rglob('*.lck'):
    lock.unlink()
(HERE / 'files.json').write_text(json.dumps({
    'mapproxy': version('mapproxy'),
    'tiles': [{'x': x, 'y': y, 'z': z, 'png': picture(x, y, z).hex()} for x, y, z in COORDS],
    'links': [links(True, 'RGB', (254, 0, 4)), links('hardlink', 'RGB', (254, 0, 4)), links('symlink', 'RGBA', (1, 2, 3, 0))],
}, indent=1))
