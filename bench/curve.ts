/** How long the whole curve takes, for a number of tiles: every ratio of one method at all four turns. */
import { columns } from '../cli/work';
import { initialParams } from '../src/lab/nn/init';
import { namedArch } from '../src/lab/nn/zoo';
import { curveFigures } from '../src/lab/prune/figures';
import { unitStatistics } from '../src/lab/prune/statistics';
import { bySaliency } from '../src/lab/prune/units';
import { uniform } from '../src/lab/random';
import type { Say } from './main';

export async function curves(say: Say): Promise<void> {
  say(
    columns([
      ['a whole curve, every ratio at four turns (milliseconds)', '240 tiles', '5,400 tiles'],
      ...['c4', 'c4-twin'].map((id) => [
        `${id}, ${namedArch(id).head.hidden} units`,
        curveMilliseconds(id, 240).toFixed(1),
        curveMilliseconds(id, 5400).toFixed(0),
      ]),
    ]),
  );
}

/** Milliseconds for all figures of one curve (units × tiles × classes) over the four turns, best of three. */
function curveMilliseconds(arch: string, tiles: number): number {
  const spec = namedArch(arch);
  const units = spec.head.hidden;
  const model = {
    arch: spec,
    params: initialParams(spec, 1),
    classes: Array.from({ length: spec.classes }, (_, i) => `${i}`),
    normalisation: { mean: [0, 0, 0], std: [1, 1, 1] },
    provenance: {},
  };
  const next = uniform(1, 'bench');
  const hidden = Float32Array.from({ length: tiles * units }, () => Math.max(0, next() - 0.5));
  const statistics = unitStatistics(hidden, units);
  const order = bySaliency(statistics.variance);
  const turns = [0, 1, 2, 3].map((turn) => hidden.map((value) => value * (1 + turn / 100)));
  const labels = Uint8Array.from({ length: tiles }, (_, i) => i % spec.classes);
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 3; run++) {
    const began = performance.now();
    const pass = curveFigures(model, turns, order, 'mean', statistics, labels);
    while (!pass.next().done);
    best = Math.min(best, performance.now() - began);
  }
  return best;
}
