import { describe, expect, it } from 'vitest';
import { planetaryFormatOf } from './planetaryFormat.ts';

describe('planetaryFormatOf', () => {
  it.each([
    ['PDS_VERSION_ID = PDS3\r\nRECORD_TYPE = FIXED_LENGTH', 'PDS3'],
    ['CCSD3ZF0000100000001NJPL3IF0PDSX00000001\r\nPDS_VERSION_ID = PDS3', 'PDS3'],
    ['/* made by hand */\nPDS_VERSION_ID = PDS3', 'PDS3'],
    ['Object = IsisCube\n  Object = Core\n', 'ISIS3'],
    ["LBLSIZE=4096            FORMAT='BYTE'  TYPE='IMAGE'", 'VICAR'],
    ['<?xml version="1.0" encoding="UTF-8"?>\n<?xml-model href="x"?>\n<Product_Observational xmlns="http://pds.nasa.gov/pds4/pds/v1">', 'PDS4'],
    ['<?xml version="1.0"?><svg/>', null],
    ['\x89PNG\r\n', null],
    ['II*\0', null],
    ['', null],
  ])('%j is %s (danger: a drawing or a plain TIFF sent through GDAL)', (head, format) => {
    expect(planetaryFormatOf(head)).toBe(format);
  });
});
