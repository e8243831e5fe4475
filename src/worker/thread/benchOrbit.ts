/** One field of a network on the bench under its whole group, on a validation tile that shows what a torn petal does. */
import { pixelsOf } from '../../lab/data/tiles';
import { BadInput } from '../../lab/errors';
import { hasOrbit, orbitMaps, type Telling, tellingOf, tellsMore } from '../../lab/evaluate/orbit';
import { normalisedTiles } from '../../lab/nn/batch';
import type { Study } from '../../lab/prune/neurons/study';
import type { NetName } from '../protocol/choices';
import type { JobEvent } from '../protocol/results';
import type { Handlers } from './host';
import type { Kept } from './pruning';

/** So many tiles are looked at before the one that tells most of them is taken, and so many at once. */
const MOST_LOOKED = 64;
const AT_ONCE = 8;

interface Found {
  readonly tile: number;
  readonly field: number;
  readonly looked: number;
  readonly flips: boolean;
}

/** `kept`: what was opened last under a name. */
export function createOrbitHandler(kept: (net: NetName) => Kept | undefined): Pick<Handlers, 'benchOrbit'> {
  /** What was found once is not looked for again. */
  const known = new WeakMap<Study, Found>();
  return {
    async *benchOrbit({ net, tile, field, torn }) {
      const bench = kept(net);
      if (!bench || !('study' in bench) || !hasOrbit(bench.study.model))
        throw new BadInput('This network has no filter in turned copies; open an equivariant one.');
      const { study } = bench;
      const found = known.get(study) ?? (yield* findTile(study));
      known.set(study, found);
      const chosen = Math.min(tile ?? found.tile, study.tiles.length - 1);
      const at = { field: field ?? found.field, torn };
      const index = study.tiles[chosen];
      const { size, channels, labels } = study.dataset;
      return {
        orbit: await orbitMaps(study.model, tilesOf(study, [index]), at),
        tile: chosen,
        pixels: pixelsOf(study.dataset, index).slice(),
        ...{ size, channels },
        label: labels[index],
        found: tile === null ? { looked: found.looked, flips: found.flips } : null,
      };
    },
  };
}

const tilesOf = ({ dataset, model }: Study, indices: ArrayLike<number>): Float32Array =>
  normalisedTiles(dataset, indices, model.normalisation);

/**
 * The first tile whose answer is right while the field is whole, still right as it lies once a petal of some field is torn
 * off, and another as it turns; where there is none among those looked at, the one that tells most.
 */
async function* findTile(study: Study): AsyncGenerator<JobEvent, Found, void> {
  const { model } = study;
  const tiles = study.tiles.subarray(0, MOST_LOOKED);
  let best: (Found & { readonly telling: Telling }) | null = null;
  for (let from = 0; from < tiles.length; from += AT_ONCE) {
    yield { type: 'progress', what: 'looking for a tile that tells', done: from, total: tiles.length };
    const indices = tiles.subarray(from, from + AT_ONCE);
    const rows: (readonly Telling[])[] = [];
    for (let field = 0; field < model.arch.blocks[0].fields; field++)
      rows.push(await tellingOf(model, tilesOf(study, indices), field));
    for (const [i, index] of indices.entries()) {
      const field = rows.reduce((most, row, f) => (tellsMore(row[i], rows[most][i]) ? f : most), 0);
      const telling = rows[field][i];
      const found = { tile: from + i, field, telling, looked: from + i + 1, flips: telling.changed > 0 };
      const isClear = telling.changed > 0 && telling.upright === study.dataset.labels[index];
      if (isClear && (await isRight(study, index))) return found;
      if (telling.changed === 0 && (!best || tellsMore(telling, best.telling))) best = found;
    }
  }
  return { tile: best?.tile ?? 0, field: best?.field ?? 0, looked: tiles.length, flips: false };
}

/** Whether a tile gets its class from the whole network, however it is turned. */
async function isRight(study: Study, index: number): Promise<boolean> {
  const whole = await orbitMaps(study.model, tilesOf(study, [index]), { field: 0, torn: [] });
  return whole.answers.every(({ answer }) => answer === study.dataset.labels[index]);
}
