/** What a lesson may look at, of made-up networks, for properties: each by the number it is drawn from. */
import fc from 'fast-check';
import { namedArch } from '../../lab/families/gcnn/zoo';
import { CRITERION_IDS } from '../../lab/prune/criteria';
import { COMPENSATIONS } from '../../lab/prune/neurons/compensate';
import type { Sheet, SheetCurve } from '../../lab/prune/neurons/sheet';
import { permutation, uniform } from '../../lab/random';
import type { NetKind, Opened } from '../../worker/protocol/results';
import type { Seen } from '../learn/lessons/lesson';
import { DEFAULT_SETTING } from '../prune/experiment';

/** A sheet of made-up figures; with nothing removed every curve has the same. */
function sheetFrom(seed: number, { deaths }: { readonly deaths: boolean }): Sheet {
  const next = uniform(seed, 'sheet');
  const below = (n: number) => Math.floor(next() * n);
  const units = 2 + below(11);
  const tiles = 1 + below(40);
  const tilesBy = (share: number) => Array.from({ length: units + 1 }, () => below(tiles + 1) * share);
  const whole = { accuracy: [0, 1, 2, 3].map(() => below(tiles + 1) / tiles), changed: below(tiles + 1) };
  const error = 10 ** (-8 * next());
  const curves = CRITERION_IDS.flatMap((method) =>
    COMPENSATIONS.map((compensation): SheetCurve => {
      return {
        method,
        compensation,
        order: permutation(units, seed, method, compensation),
        saliency: new Float64Array(units),
        accuracy: whole.accuracy.map((upright) => Float64Array.from(tilesBy(1 / tiles)).fill(upright, units)),
        changed: Uint32Array.from(tilesBy(1)).fill(whole.changed, units),
        undecided: new Uint32Array(units + 1),
        error: new Float64Array(units + 1).fill(error),
      } as unknown as SheetCurve;
    }),
  );
  return {
    unit: 'neuron',
    ranking: null,
    units,
    layers: [units],
    stops: Uint32Array.from({ length: units }, (_, removed) => removed),
    tiles,
    ofTiles: tiles,
    aim: tiles,
    statisticsTiles: 3 * tiles,
    dead: Uint8Array.from({ length: units }, () => (deaths ? below(2) : 0)),
    neurons: {} as Sheet['neurons'],
    watched: {} as Sheet['watched'],
    params: Float64Array.from({ length: units + 1 }, (_, kept) => 10 + kept),
    bytes: new Float64Array(units + 1),
    exported: new Float64Array(units + 1),
    macs: new Float64Array(units + 1),
    curves,
  };
}

const netOf = (kind: NetKind) => ({
  name: kind,
  kind,
  title: `network (${kind})`,
  arch: 'tiny',
  group: kind === 'plain' ? 'C1' : 'C4',
  spec: namedArch('tiny'),
  classes: ['a', 'b', 'c'],
});

/** Networks of these kinds on the bench, at any position of the slider. */
export const seensOf = (kind: NetKind, peerKind: NetKind | null): fc.Arbitrary<Seen> =>
  fc
    .record({
      seed: fc.nat(),
      share: fc.nat({ max: 1000 }),
      synthetic: fc.boolean(),
      deaths: fc.boolean(),
      method: fc.constantFrom(...CRITERION_IDS),
    })
    .map(({ seed, share, synthetic, deaths, method }): Seen => {
      const sheet = sheetFrom(seed, { deaths });
      return {
        sheet,
        peer: peerKind && sheetFrom(seed + 1, { deaths }),
        opened: {
          subject: { kind: 'pair', id: 'x' },
          seed: 1,
          dataset: { ref: 'x', title: 'x', synthetic, size: 8 },
          nets: { main: netOf(kind), peer: peerKind && netOf(peerKind) },
        } as unknown as Opened,
        settled: {
          ...DEFAULT_SETTING,
          method,
          removed: Math.round((share / 1000) * (sheet.units - 1)),
        },
        tuned: undefined,
        unit: null,
        tile: { status: 'empty' },
        broken: { cascades: { status: 'none' }, orbits: { status: 'none' } },
        compared: { minds: { status: 'none' }, oblique: { status: 'none' } },
        turns: null,
        race: { status: 'none' },
        rounded: { status: 'none' },
        upright: { status: 'none' },
      };
    });
