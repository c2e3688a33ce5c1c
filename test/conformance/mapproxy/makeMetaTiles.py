"""Writes metaTiles.json: the meta tiles, levels and envelopes of MapProxy itself.

    pip install MapProxy==7.0.0 && python makeMetaTiles.py > metaTiles.json
"""
import sys
import json
from mapproxy.grid.tile_grid import tile_grid
from mapproxy.grid.meta_grid import MetaGrid
from mapproxy.srs import SRS
grids = {
 'geodetic': dict(srs='EPSG:4326', bbox=[-180,-90,180,90], origin='ll'),
 'mercator': dict(srs='EPSG:3857', bbox=[-20037508.342789244]*2+[20037508.342789244]*2, origin='ul'),
 'odd': dict(srs='EPSG:25832', bbox=[400000.0,5400000.0,601234.5,5650000.0], origin='ll', res=[1000.0,333.3,100.0,37.5]),
 'oddNw': dict(srs='EPSG:25832', bbox=[400000.0,5400000.0,601234.5,5650000.0], origin='ul', res=[1000.0,333.3,100.0,37.5], tile_size=(200,300)),
 'sqrt2': dict(srs='EPSG:3857', bbox=[-20037508.342789244]*2+[20037508.342789244]*2, origin='ll', res_factor='sqrt2', num_levels=12),
 'threshold': dict(srs='EPSG:3857', bbox=[-20037508.342789244]*2+[20037508.342789244]*2, origin='ll', res=[1000,500,200,100], threshold_res=[750.0, 150.0]),
}
out = {}
for name, conf in grids.items():
    g = tile_grid(name=name, **conf)
    metas = []
    for size, buf in (([4,4],80),([2,3],10),([1,1],20),([4,4],0)):
        m = MetaGrid(g, meta_size=size, meta_buffer=buf)
        for z in range(min(4, g.levels)):
            w,h = g.grid_sizes[z]
            for x,y in sorted({(0,0),(w-1,h-1),(w//2,h//2),(min(5,w-1),min(3,h-1))}):
                t = m.meta_tile((x,y,z))
                metas.append(dict(size=size, buffer=buf, z=z, col=x, row=y, bbox=list(t.bbox), width=t.size[0], height=t.size[1],
                   parts=[[c[0],c[1],p[0],p[1]] for c,p in t.tile_patterns if c is not None]))
    res = sorted(set([r*f for r in list(g.resolutions.values())[:6] for f in (4.1, 1.5,1.2,1.16,1.149,1.0,0.99,0.88,0.86,0.75,0.5,0.3)]))
    out[name] = dict(conf={k:(list(v) if isinstance(v,tuple) else v) for k,v in conf.items()}, metas=metas, levels=[[r,g.closest_level(r)] for r in res])
env=[]
for a,b,bb in (('EPSG:4326','EPSG:3857',(8.2,53.1,8.9,53.9)),('EPSG:3857','EPSG:4326',(912819.8,7001516.6,923951.7,7020078.5)),('EPSG:25832','EPSG:4326',(400000,5400000,600000,5650000)),('EPSG:4326','EPSG:25832',(6,49,11,53)),('EPSG:4326','EPSG:3857',(-60,-70,100,80))):
    env.append([a,b,list(bb),list(SRS(a).transform_bbox_to(SRS(b),bb))])
json.dump(dict(grids=out, envelopes=env), sys.stdout, separators=(',',':'))
