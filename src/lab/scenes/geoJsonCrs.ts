/**
 * The `crs` of a GeoJSON, as GeoJSON 2008 has it and GDAL and QGIS read it. Without one, or with one that is null, a reader
 * takes coordinates for longitude and latitude (RFC 7946): so metres of a system without a code, and columns and rows of
 * pixels, name a system that is local, and stay what they are.
 */
import { type Georeference, geoKey } from '../pictures/georeference';

export interface GeoJsonCrs {
  readonly type: 'name';
  readonly properties: { readonly name: string };
}

export function geoJsonCrs(georeference: Georeference | null): GeoJsonCrs {
  return { type: 'name', properties: { name: nameOf(georeference) } };
}

function nameOf(georeference: Georeference | null): string {
  if (!georeference) return local('columns and rows of pixels', 'pixel', 1);
  if (georeference.epsg !== null) return `urn:ogc:def:crs:EPSG::${georeference.epsg}`;
  const { directory, ascii } = georeference.keys;
  // Lengths by their EPSG codes: 9001 metre, 9002 foot, 9003 US survey foot.
  const unit = geoKey(directory, 3076);
  if (unit === 9002) return local(titleOf(ascii), 'foot', 0.3048);
  if (unit === 9003) return local(titleOf(ascii), 'US survey foot', 0.3048006096012192);
  return local(titleOf(ascii), unit === 9001 ? 'metre' : 'unknown', 1);
}

/** The first of the file's own descriptions, without what would end a name. */
function titleOf(ascii: string): string {
  const first = ascii
    .split('|')[0]
    .replace(/[^\p{L}\p{N} .,:;()/+-]/gu, ' ')
    .trim();
  return first.slice(0, 80) || 'coordinate system without a code';
}

function local(title: string, unit: string, metres: number): string {
  return `LOCAL_CS["${title}",UNIT["${unit}",${metres}]]`;
}
