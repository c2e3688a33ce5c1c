import { describe, expect, it } from 'vitest';
import { readWmsCapabilities } from './readCapabilities.ts';

const CAPABILITIES = `<?xml version="1.0"?>
<WMS_Capabilities version="1.3.0" xmlns="http://www.opengis.net/wms" xmlns:xlink="http://www.w3.org/1999/xlink">
<Service><Name>WMS</Name><Title> Planets </Title></Service>
<Capability>
  <Request>
    <GetCapabilities><Format>text/xml</Format></GetCapabilities>
    <GetMap><Format>image/png</Format><Format>image/jpeg</Format>
      <DCPType><HTTP><Get><OnlineResource xlink:href="http://example.org/wms?x=1&amp;"/></Get></HTTP></DCPType></GetMap>
  </Request>
  <Layer><Title>root</Title><CRS>CRS:84</CRS>
    <EX_GeographicBoundingBox><westBoundLongitude>-180</westBoundLongitude><eastBoundLongitude>180</eastBoundLongitude><southBoundLatitude>-90</southBoundLatitude><northBoundLatitude>90</northBoundLatitude></EX_GeographicBoundingBox>
    <Dimension name="elevation" units="m" default="0">0,1000</Dimension>
    <Layer opaque="1" queryable="1"><Name>mars</Name><Title>Mars</Title><Abstract>red</Abstract><CRS>IAU_2015:49900</CRS>
      <Dimension name="time" units="ISO8601"> 2024-01-01/2024-03-01/P1M, 2025-01-01 </Dimension><Dimension name="Elevation" units="m">5</Dimension>
      <Style><Name>a</Name><LegendURL><Format>image/png</Format><OnlineResource xlink:href="http://example.org/legend"/></LegendURL></Style></Layer>
    <Layer><Name>group</Name><Title>group</Title><CRS>IAU_2015:30100</CRS>
      <Layer><Name>moon</Name><Title>Moon</Title><CRS>CRS:84</CRS>
        <EX_GeographicBoundingBox><westBoundLongitude>1</westBoundLongitude><eastBoundLongitude>2</eastBoundLongitude><southBoundLatitude>3</southBoundLatitude><northBoundLatitude>4</northBoundLatitude></EX_GeographicBoundingBox></Layer>
      <Layer><Title>cannot be asked for</Title></Layer>
    </Layer>
  </Layer>
</Capability></WMS_Capabilities>`;

describe('readWmsCapabilities', () => {
  it('reads 1.3.0: leaves with what they inherit', () => {
    expect(readWmsCapabilities(CAPABILITIES)).toEqual({
      version: '1.3.0',
      title: 'Planets',
      mapUrl: 'http://example.org/wms?x=1&',
      formats: ['image/png', 'image/jpeg'],
      layers: [
        { name: 'mars', title: 'Mars', abstract: 'red', crs: ['IAU_2015:49900', 'CRS:84'], bbox: [-180, -90, 180, 90], opaque: true, queryable: true, legendUrl: 'http://example.org/legend',
          dimensions: [{ name: 'time', values: ['2024-01-01/2024-03-01/P1M', '2025-01-01'], default: '' }, { name: 'Elevation', values: ['5'], default: '' }] },
        { name: 'moon', title: 'Moon', abstract: '', crs: ['CRS:84', 'IAU_2015:30100'], bbox: [1, 3, 2, 4], opaque: false, queryable: false, legendUrl: null, dimensions: [{ name: 'elevation', values: ['0', '1000'], default: '0' }] },
      ],
    });
  });

  it('reads 1.1.1: several systems in one element, the box in attributes, names of groups whose members have none', () => {
    const text = `<WMT_MS_Capabilities version="1.1.1"><Service><Title>t</Title></Service><Capability><Layer><Name>all</Name><SRS>EPSG:4326  EPSG:3857</SRS>
      <Dimension name="time" units="ISO8601"/><Extent name="time" default="2020">2019,2020</Extent>
      <LatLonBoundingBox minx="-10" miny="-20" maxx="30" maxy="40"/><Layer><Title>nameless</Title></Layer></Layer></Capability></WMT_MS_Capabilities>`;
    const { layers, mapUrl } = readWmsCapabilities(text);
    expect(mapUrl).toBeNull();
    expect(layers).toMatchObject([{ name: 'all', crs: ['EPSG:4326', 'EPSG:3857'], bbox: [-10, -20, 30, 40], dimensions: [{ name: 'time', values: ['2019', '2020'], default: '2020' }] }]);
  });

  it('refuses anything else, with what it says', () => {
    expect(() => readWmsCapabilities('<ServiceExceptionReport><ServiceException>no such map</ServiceException></ServiceExceptionReport>')).toThrow(/<ServiceExceptionReport>: no such map/);
    expect(() => readWmsCapabilities('hello')).toThrow(/XML/);
  });
});
