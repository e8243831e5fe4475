/** What a link says of the two pictures of an orbit: the filter, the petals torn off, how the tile lies. */
import { z } from 'zod';
import { GROUPS, type GroupName } from '../../lab/symmetry/group';
import { type OrbitWish, useBenchOrbit, useTileOrbit } from './orbit';

export interface OrbitPlace extends OrbitWish {
  readonly mirrored: boolean;
}

export interface OrbitPlaces {
  /** Of the tile on the Rotate view, whose angle is that view's. */
  readonly tile: OrbitPlace;
  readonly bench: OrbitPlace & { readonly angle: number };
}

export const DEFAULT_ORBIT: OrbitPlace = { field: null, torn: [], mirrored: false };
export const DEFAULT_ORBITS: OrbitPlaces = { tile: DEFAULT_ORBIT, bench: { ...DEFAULT_ORBIT, angle: 0 } };

/** Filters are numbered from 1, as the page numbers them. */
const filterSchema = z.coerce.number().int().min(1).max(9999);
/** Seats of the largest group there is. */
const seatsSchema = z
  .string()
  .regex(/^[0-7](,[0-7])*$/)
  .transform((text) => [...new Set(text.split(',').map(Number))].sort((a, b) => a - b));
const angleSchema = z.coerce.number().int().min(0).max(359);

type Given = Readonly<Record<string, string>>;

/** `rotate.filter=3&rotate.torn=0,2&rotate.mirrored=yes&orbit.filter=…&orbit.angle=90`; what is missing or misspelt takes its default. */
export const orbitsFrom = (given: Given): OrbitPlaces => ({
  tile: placeFrom(given, 'rotate'),
  bench: {
    ...placeFrom(given, 'orbit'),
    angle: angleSchema.safeParse(given['orbit.angle'] ?? 0).data ?? 0,
  },
});

function placeFrom(given: Given, prefix: string): OrbitPlace {
  const filter = filterSchema.safeParse(given[`${prefix}.filter`]).data;
  return {
    field: filter === undefined ? null : filter - 1,
    torn: seatsSchema.safeParse(given[`${prefix}.torn`]).data ?? [],
    mirrored: given[`${prefix}.mirrored`] === 'yes',
  };
}

/** The inverse; what has its default is left out. */
export function orbitFields({ tile, bench }: OrbitPlaces): Record<string, string> {
  return {
    ...fieldsOf(tile, 'rotate'),
    ...fieldsOf(bench, 'orbit'),
    ...(bench.angle !== 0 && { 'orbit.angle': String(bench.angle) }),
  };
}

const fieldsOf = ({ field, torn, mirrored }: OrbitPlace, prefix: string): Record<string, string> => ({
  ...(field !== null && { [`${prefix}.filter`]: String(field + 1) }),
  ...(torn.length > 0 && { [`${prefix}.torn`]: torn.join(',') }),
  ...(mirrored && { [`${prefix}.mirrored`]: 'yes' }),
});

/** What both pictures show at present. */
export const orbitsHere = (): OrbitPlaces => ({
  tile: useTileOrbit.getState(),
  bench: useBenchOrbit.getState(),
});

/** Has both pictures show what a link says. */
export function takeOrbits({ tile, bench }: OrbitPlaces): void {
  useTileOrbit.setState((now) => ({ ...pick(tile), ...forgotten(tile, now) }));
  useBenchOrbit.setState((now) => ({ ...pick(bench), angle: bench.angle, ...forgotten(bench, now) }));
}

const pick = ({ field, torn, mirrored }: OrbitPlace): OrbitPlace => ({ field, torn, mirrored });

/** From a chosen filter back to the one that tells most: which one that is has to be asked again. */
const forgotten = (place: OrbitPlace, now: OrbitWish) =>
  place.field === null && now.field !== null ? { whole: null, shown: null } : {};

/** A wish as a network of that group can have it: a link may be of another network. */
export const fittingWish = ({ torn }: OrbitWish, group: GroupName): readonly number[] => {
  const { order } = GROUPS[group];
  return torn.every((seat) => seat < order) ? torn : torn.filter((seat) => seat < order);
};
