import { expect, test } from 'vitest';
import { geoKey } from './georeference';
import { isProjectionFile, parseProjection, projectionFileNames } from './projectionFile';

const WGS84 =
  'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]]';
const esri = (name: string, unit = 'UNIT["Meter",1.0]') =>
  `PROJCS["${name}",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],${unit}]`;

test.each([
  [
    `PROJCS["WGS 84 / UTM zone 33N",${WGS84},AUTHORITY["EPSG","4326"]],UNIT["metre",1],AUTHORITY["EPSG","32633"]]`,
    32633,
  ],
  ['PROJCRS["any",BASEGEOGCRS["WGS 84",ID["EPSG",4326]],CS[Cartesian,2], ID["EPSG", 3035]]\n', 3035],
  [`${WGS84},AUTHORITY["EPSG","4326"]]`, 4326],
  [esri('WGS_1984_UTM_Zone_33N'), 32633],
  [esri('WGS_1984_UTM_Zone_7S'), 32707],
  [esri('ETRS_1989_UTM_Zone_32N'), 25832],
  [esri('WGS_1984_Web_Mercator_Auxiliary_Sphere'), 3857],
  [
    'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]',
    4326,
  ],
])('a text is known by its code or by a name of ESRI (%#)', (text, epsg) => {
  const system = parseProjection(text)!;
  expect(system.epsg).toBe(epsg);
  const { directory } = system.keys;
  expect(geoKey(directory, epsg === 4326 ? 2048 : 3072)).toBe(epsg);
  expect(geoKey(directory, 1024)).toBe(epsg === 4326 ? 2 : 1);
  expect(directory).toHaveLength(4 + 4 * directory[3]);
});

test.each([
  // Its parts have codes, it has none.
  `PROJCS["mine",${WGS84},AUTHORITY["EPSG","4326"]],PROJECTION["Mercator_1SP"],UNIT["metre",1]]`,
  esri('WGS_1984_UTM_Zone_33N', 'UNIT["Foot_US",0.3048006096012192]'),
  esri('WGS_1984_UTM_Zone_61N'),
  esri('Lambert_of_my_own'),
  'PROJCS["x",AUTHORITY["EPSG","102100"]]',
  'VERT_CS["heights",AUTHORITY["EPSG","5773"]]',
  '+proj=utm +zone=33',
  '',
])('another has no code, never that of one of its parts (%#)', (text) => {
  expect(parseProjection(text)).toBeNull();
});

test('its names', () => {
  expect(projectionFileNames('a/map.tif')).toContain('a/map.prj');
  expect(projectionFileNames('.tif')).toEqual([]);
  expect(['a.PRJ', 'b.prj.xml'].map(isProjectionFile)).toEqual([true, false]);
});
