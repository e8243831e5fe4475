/** A GeoJSON says in which system its coordinates are; GDAL, where it is installed, takes none of them for another. */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Georeference } from '../pictures/georeference';
import { geoJsonCrs } from './geoJsonCrs';

const place = (epsg: number | null, ascii = '', unit = 9001): Georeference => ({
  affine: [500_000, 10, 0, 5_300_000, 0, -10],
  epsg,
  keys: { directory: [1, 1, 0, 1, 3076, 0, 1, unit], doubles: [], ascii },
});

const SYSTEMS = {
  coded: place(32633),
  degrees: place(4326),
  custom: place(null, 'my laea|WGS 84|'),
  feet: place(null, '', 9003),
  quoted: place(null, 'a "quoted" [name], |'),
  nowhere: null,
};

test('a system with a code is named by it; every other is a local one, whatever its title', () => {
  const name = (georeference: Georeference | null) => geoJsonCrs(georeference).properties.name;
  expect(name(SYSTEMS.coded)).toBe('urn:ogc:def:crs:EPSG::32633');
  expect(name(SYSTEMS.custom)).toBe('LOCAL_CS["my laea",UNIT["metre",1]]');
  expect(name(SYSTEMS.feet)).toContain('UNIT["US survey foot",0.3048');
  expect(name(null)).toBe('LOCAL_CS["columns and rows of pixels",UNIT["pixel",1]]');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (title) => {
      expect(name(place(null, title))).toMatch(/^LOCAL_CS\["[^"[\]]+",UNIT\["metre",1\]\]$/);
    }),
  );
});

const python = ['python3', '/usr/bin/python3'].find(
  (name) => spawnSync(name, ['-c', 'from osgeo import ogr']).status === 0,
);

describe(`GDAL${python ? '' : ' (needs python3 with osgeo: skipped)'}`, () => {
  test.skipIf(!python)('reads the code that there is, and no EPSG:4326 where there is none', () => {
    const files = Object.values(SYSTEMS).map((georeference) => ({
      type: 'FeatureCollection',
      crs: geoJsonCrs(georeference),
      features: [
        { type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: [500_000, 5_300_000] } },
      ],
    }));
    const script = `
import json, sys
from osgeo import ogr
for text in json.load(sys.stdin):
    dataset = ogr.Open(json.dumps(text))
    system = dataset.GetLayer(0).GetSpatialRef()
    print(system.GetAuthorityCode(None) if system and system.GetAuthorityName(None) else 'local' if system and system.IsLocal() else system)
`;
    const { stdout, stderr } = spawnSync(python!, ['-c', script], { input: JSON.stringify(files) });
    expect(String(stderr)).not.toContain('Traceback');
    expect(String(stdout).trim().split('\n')).toEqual(['32633', '4326', 'local', 'local', 'local', 'local']);
  });
});
