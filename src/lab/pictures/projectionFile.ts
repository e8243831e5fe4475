/**
 * Projection files (`map.prj` beside `map.tif`): a coordinate system as text (WKT), for the numbers of a world file. Its EPSG
 * code is taken where it stands in the text itself, or where the system has one of the few names that ESRI's programs
 * write instead. Anything else is left without a code.
 */
import type { Georeference } from './georeference';

export type CoordinateSystem = Pick<Georeference, 'epsg' | 'keys'>;

/** The names, beside a picture of this name, under which its projection file may lie. */
export function projectionFileNames(name: string): string[] {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? [] : ['prj', 'PRJ'].map((ending) => `${name.slice(0, dot)}.${ending}`);
}

export const isProjectionFile = (name: string): boolean => /\.prj$/i.test(name);

/** The system that a text describes; null where it has no code, or none that a GeoTIFF has room for. */
export function parseProjection(text: string): CoordinateSystem | null {
  const [, word, name] = /^\ufeff?\s*(\w+)\s*\[\s*"([^"]*)"/.exec(text) ?? [];
  if (word === undefined) return null;
  const isProjected = /^PROJ/i.test(word);
  if (!isProjected && !/^GEO[GD]/i.test(word)) return null;
  // The code of the whole stands at its end; those before it are of its parts.
  const own = /(?:AUTHORITY|ID)\s*\[\s*"EPSG"\s*,\s*"?(\d+)"?\s*\]\s*\]\s*$/i.exec(text)?.[1];
  const epsg = own === undefined ? codeOfName(name, text) : Number(own);
  if (epsg === null || !(epsg > 0 && epsg < 32767)) return null;
  return { epsg, keys: { directory: keysOf(epsg, isProjected), doubles: [], ascii: '' } };
}

/** GeoTIFF's own words for it: what kind of system (1024), that pixels are areas (1025), and its code. */
const keysOf = (epsg: number, isProjected: boolean): number[] => [
  ...[1, 1, 0, 3],
  ...[1024, 0, 1, isProjected ? 1 : 2],
  ...[1025, 0, 1, 1],
  ...[isProjected ? 3072 : 2048, 0, 1, epsg],
];

/** Zones of UTM by the codes that they are counted from, and the zones that there are. */
const ZONES: readonly (readonly [name: RegExp, from: number, first: number, last: number])[] = [
  [/^WGS_1984_UTM_Zone_(\d+)N$/i, 32600, 1, 60],
  [/^WGS_1984_UTM_Zone_(\d+)S$/i, 32700, 1, 60],
  [/^ETRS_1989_UTM_Zone_(\d+)N$/i, 25800, 28, 37],
  [/^NAD_1983_UTM_Zone_(\d+)N$/i, 26900, 1, 23],
];

/** Only where the system is in the unit that it has under that code. */
function codeOfName(name: string, text: string): number | null {
  if (/UNIT\["Degree",0\.01745329\d*\]\s*\]\s*$/i.test(text)) {
    if (name === 'GCS_WGS_1984') return 4326;
    return name === 'GCS_ETRS_1989' ? 4258 : null;
  }
  if (!/UNIT\["Met(er|re)",1(\.0*)?\]\s*\]\s*$/i.test(text)) return null;
  if (name === 'WGS_1984_Web_Mercator_Auxiliary_Sphere') return 3857;
  for (const [pattern, from, first, last] of ZONES) {
    const zone = Number(pattern.exec(name)?.[1] ?? Number.NaN);
    if (zone >= first && zone <= last) return from + zone;
  }
  return null;
}
