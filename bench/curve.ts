/** How long the whole curve takes, for a number of tiles: every ratio of one method at all four turns. */
import { columns } from '../cli/node/table';
import type { GcnnModel } from '../src/lab/families/gcnn/model';
import { namedArch } from '../src/lab/families/gcnn/zoo';
import { initialParams } from '../src/lab/families/init';
import { COMPENSATIONS, type Compensation } from '../src/lab/prune/neurons/compensate';
import { curveFigures } from '../src/lab/prune/neurons/figures';
import { activationStatistics } from '../src/lab/prune/neurons/statistics';
import { bySaliency } from '../src/lab/prune/units/units';
import { uniform } from '../src/lab/random';
import type { Say } from './format';

export async function curves(say: Say): Promise<void> {
  say(
    columns([
      ['a whole curve, every ratio at four turns (milliseconds)', '240 tiles', '5,400 tiles'],
      ...['c4', 'c4-twin'].flatMap((id) =>
        COMPENSATIONS.map((compensation) => [
          `${id}, ${namedArch(id).head.hidden} units, ${compensation}`,
          curveMilliseconds(id, 240, compensation).toFixed(1),
          curveMilliseconds(id, 5400, compensation).toFixed(0),
        ]),
      ),
    ]),
  );
}

function bestOfThree(work: () => void): number {
  const times = [0, 1, 2].map(() => {
    const began = performance.now();
    work();
    return performance.now() - began;
  });
  return Math.min(...times);
}

function modelOf(id: string): GcnnModel {
  const arch = namedArch(id);
  return {
    arch,
    params: initialParams(arch, 1),
    classes: Array.from({ length: arch.classes }, (_, i) => `${i}`),
    normalisation: { mean: [0, 0, 0], std: [1, 1, 1] },
    provenance: {},
  };
}

/** Milliseconds for all figures of one curve (units × tiles × classes) over the four turns, best of three. */
function curveMilliseconds(id: string, tiles: number, compensation: Compensation): number {
  const model = modelOf(id);
  const { classes, head } = model.arch;
  const units = head.hidden;
  const next = uniform(1, 'bench');
  const hidden = Float32Array.from({ length: tiles * units }, () => Math.max(0, next() - 0.5));
  const labels = Uint8Array.from({ length: tiles }, (_, i) => i % classes);
  const statistics = activationStatistics(model, hidden, labels);
  const order = bySaliency(statistics.variance);
  const turns = [0, 1, 2, 3].map((turn) => hidden.map((value) => value * (1 + turn / 100)));
  return bestOfThree(() => {
    const pass = curveFigures(model, turns, order, compensation, statistics, labels);
    while (!pass.next().done);
  });
}
