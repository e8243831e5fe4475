/**
 * The fluids task: a network learns the solver's step at one viscosity, and is adapted to another of which there are few
 * flows. What is asked of the networks' symmetry is the square's: quarter turns, mirrors, and moves round it.
 */
import { VELOCITY } from '../fluids/action';
import { deviationOf, type FlowSet, type FlowSetSettings, makeFlows } from '../fluids/flows';
import { flowExamples, flowLoss, foretold, framesAt, measureFlows, scoreFlows } from '../fluids/learning';
import { colourOf, vorticityOfFrame } from '../fluids/picture';
import { type ShownFlow, shownFlow } from '../fluids/shown';
import type { Params } from '../nn/model';
import { type Action, symmetryOf } from '../spatial/action';
import { networkSentences, type SpatialArch } from '../spatial/arch';
import { measuredActions, unequalUnder } from '../spatial/measure';
import { type OpenSpatial, withSpatial } from '../spatial/network';
import { mapProblem } from '../spatial/problem';
import { type Adapting, adaptingRows, adaptingTrainings, TASK_LAMBDAS } from './adapting';
import type { TaskScale } from './names';
import type { FieldSheet, Figures, RowNetwork, Task, TaskMaterial } from './task';

interface Settings {
  readonly n: number;
  /** Viscosities that networks are first trained on, and adapted to. */
  readonly viscosity: { readonly source: number; readonly target: number };
  /** Flows of each part. */
  readonly flows: {
    readonly source: number;
    readonly target: number;
    readonly validation: number;
    readonly test: number;
  };
  readonly steps: number;
  readonly substeps: number;
  readonly interval: number;
  /** Channels of the plain network's blocks; the equivariant one has fields of 8. */
  readonly channels: number;
  readonly fields: number;
  readonly blocks: number;
  readonly epochs: { readonly source: number; readonly target: number };
}

const common = { viscosity: { source: 0.03, target: 0.006 }, interval: 0.2 } as const;

const SETTINGS: Readonly<Record<TaskScale, Settings>> = {
  tiny: {
    ...common,
    ...{ n: 16, steps: 20, substeps: 2, channels: 12, fields: 3, blocks: 2 },
    flows: { source: 6, target: 2, validation: 2, test: 4 },
    epochs: { source: 8, target: 8 },
  },
  page: {
    ...common,
    ...{ n: 32, steps: 20, substeps: 4, channels: 16, fields: 4, blocks: 3 },
    flows: { source: 8, target: 2, validation: 2, test: 6 },
    epochs: { source: 15, target: 15 },
  },
  small: {
    ...common,
    ...{ n: 32, steps: 20, substeps: 4, channels: 24, fields: 6, blocks: 3 },
    flows: { source: 12, target: 2, validation: 3, test: 8 },
    epochs: { source: 20, target: 30 },
  },
  full: {
    ...common,
    ...{ n: 64, steps: 20, substeps: 6, channels: 32, fields: 8, blocks: 5 },
    flows: { source: 40, target: 4, validation: 8, test: 24 },
    epochs: { source: 40, target: 40 },
  },
};

const ADAPTING: Adapting = {
  ...{ lambdas: TASK_LAMBDAS.fluids, examples: 'flows' },
  beside: { network: 'wrapped', label: 'plain, round the square, tuned' },
};

/** Steps of the roll-out that are shown as fields. */
const SHOWN_STEPS = [1, 5, 10, 20];

const SYMMETRY = symmetryOf('D4', true);

export const fluids: Task = {
  name: 'fluids',
  title: 'Fluids: the step of a flow, adapted from one viscosity to another',
  notes: [
    'Flows are solved by the lab: two-dimensional, incompressible, on a periodic square, pseudo-spectral in double precision ' +
      '(2/3 rule, integrating factor, Runge–Kutta of fourth order). The solver is held against Taylor–Green vortices, its own ' +
      'order and the budget of energy by tests.',
    'A network reads the velocity (u, v) at a time and foretells it an interval later. The plain one has zeros beyond the rim of ' +
      'the square, as networks for pictures have: so it knows where the rim is, and minds moves. The equivariant one goes round ' +
      'the square, and its fields have the eight turns and mirrors of it; vectors turn with the map. To tell the two apart, one ' +
      'row is the plain network going round the square.',
    'Errors are root mean squares in units of the deviation of the velocity over the test flows: an answer of no motion has 100 %.',
    'Parts are made of whole flows. Validation flows, at the new viscosity, chose epochs and λ; test flows chose nothing.',
    'All that is adapted has the same number of steps on the same few flows; a step with the penalty costs twice as much, for it ' +
      'looks at each example twice.',
    'The paper prints RMSE 0.85 or 0.88 for fine-tuning, 0.80 or 0.82 for a method it does not name, and 0.72 or 0.75 for its own, in ' +
      'units that it does not tell, of flows that it does not describe: here only the ordering can be tested.',
  ],
  measures: [
    { id: 'step', label: 'error of one step, %', better: 'low' },
    { id: 'end', label: 'error after 20 steps, %', better: 'low' },
    { id: 'divergence', label: 'divergence, % of the vorticity', better: 'low' },
    { id: 'turns', label: 'R: turns and mirrors, %', better: 'low' },
    { id: 'moves', label: 'R: moves, %', better: 'low' },
  ],
  curves: [{ id: 'rollout', label: 'error of the roll-out, %', along: 'steps', from: 1, step: 1 }],
  rows: [{ id: 'still', label: 'nothing changes', of: [] }, ...adaptingRows(ADAPTING)],
  claims: [
    { title: 'Adapting helps', row: 'tuned', against: 'plain', measure: 'step' },
    { title: 'The penalty beats plain fine-tuning', row: 'adapted', against: 'tuned', measure: 'step' },
    { title: 'The penalty beats turned examples', row: 'adapted', against: 'augmented', measure: 'step' },
    {
      title: 'The penalty’s roll-out beats that of plain fine-tuning',
      row: 'adapted',
      against: 'tuned',
      measure: 'end',
    },
    { title: 'R falls where it is asked for', row: 'adapted', against: 'tuned', measure: 'turns' },
    {
      title: 'Equivariant by construction beats the penalty',
      row: 'equivariant',
      against: 'adapted',
      measure: 'step',
    },
    {
      title: 'And beats what only goes round the square',
      row: 'equivariant',
      against: 'wrapped',
      measure: 'step',
    },
    { title: 'From scratch it beats the penalty too', row: 'scratch', against: 'adapted', measure: 'step' },
  ],
  settings: (scale) => SETTINGS[scale],
  trainings: (scale) =>
    adaptingTrainings(ADAPTING, { epochs: SETTINGS[scale].epochs, rates: { fresh: 0.01, goingOn: 0.004 } }),
  open: openFluids,
};

/** `wrapped` is the plain network that goes round the square: it minds turns alone. */
const NETWORKS = ['plain', 'wrapped', 'equivariant'] as const;
type NetworkName = (typeof NETWORKS)[number];

const arch = (settings: Settings, network: NetworkName): SpatialArch => {
  const isPlain = network !== 'equivariant';
  const block = { fields: isPlain ? settings.channels : settings.fields, kernel: 3, pool: false };
  return {
    ...{ group: isPlain ? 'C1' : 'D4', size: settings.n, input: VELOCITY, output: VELOCITY },
    ...{ blocks: new Array(settings.blocks).fill(block), answerKernel: 3 },
    ...{ rim: network === 'plain' ? 'zeros' : 'wrapped', residual: true },
  };
};

/** Flows to look at: of no part that anything is learned from or measured on. */
const SHOWN_SEED = 5;

export interface FluidsMaterial extends TaskMaterial {
  /** Any flow at the viscosity adapted to, by its number, changed by `action`; beside it what a network makes of it. */
  flow(number: number, action: Action, network: string | null, params: Params | null): Promise<ShownFlow>;
}

/** The data, and what is measured on it. */
export async function openFluids(scale: TaskScale): Promise<FluidsMaterial> {
  const settings = SETTINGS[scale];
  const { n, viscosity, flows, steps, substeps, interval } = settings;
  const set = (part: number, of: 'source' | 'target', count: number): Promise<FlowSet> => {
    const how: FlowSetSettings = { seed: part, n, viscosity: viscosity[of], interval, substeps, steps };
    return makeFlows(how, count);
  };
  const sets: Record<string, FlowSet> = {
    source: await set(1, 'source', flows.source),
    target: await set(2, 'target', flows.target),
  };
  const validation = await set(3, 'target', flows.validation);
  const test = await set(4, 'target', flows.test);
  const unit = deviationOf(sets.source);
  const archs = Object.fromEntries(NETWORKS.map((name) => [name, arch(settings, name)])) as Record<
    NetworkName,
    SpatialArch
  >;
  return {
    archs,
    problem: ({ network, set, lambda, augment }) => {
      const design = archs[network as NetworkName];
      return mapProblem({
        ...{ arch: design, lambda, augment, symmetry: SYMMETRY, loss: flowLoss },
        examples: flowExamples(sets[set], unit),
        validate: (open) => scoreFlows(open, design, validation, unit),
      });
    },
    measure: (network, params) => figuresOf(archs[(network ?? 'plain') as NetworkName], params, test, unit),
    flow: async (number, action, network, params) => {
      const how = { seed: SHOWN_SEED, n, viscosity: viscosity.target, interval, substeps, steps };
      const flow = await makeFlows(how, 1, number);
      if (!network || !params) return shownFlow(flow, action, unit, null);
      const arch = archs[network as NetworkName];
      return withSpatial(arch, params, (open) => shownFlow(flow, action, unit, { open, arch }));
    },
    sheets: async (networks) => [await sheetOf(networks, archs, test, unit)],
    data: [
      `Flows on ${n}×${n} places, each of ${steps} steps of ${interval} (the solver takes ${substeps} for one; a vortex turns round in about 2); viscosity ` +
        `${viscosity.source}, of which ${flows.source} flows are learned, then ${viscosity.target}: ${flows.target} flows to adapt to, ` +
        `${flows.validation} for validation, ${flows.test} for test (${flows.test * steps} steps).`,
      ...networkSentences(archs, 'a map'),
    ],
  };
}

/** Of the first test flow: the solver's vorticity, and what each network makes of its beginning, step after step. */
async function sheetOf(
  networks: readonly RowNetwork[],
  archs: Readonly<Record<string, SpatialArch>>,
  test: FlowSet,
  unit: number,
): Promise<FieldSheet> {
  const { n, steps } = test.settings;
  const shown = SHOWN_STEPS.filter((step) => step <= steps);
  const solved = shown.map((step) => vorticityOfFrame(framesAt(test, [step], unit), n));
  const largest = solved.flatMap((field) => [...field]).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const gridOf = (field: ArrayLike<number>) =>
    Array.from(field, (value) => colourOf(value, largest) - colourOf(0, largest));
  const rows = [{ label: 'the solver', grids: solved.map(gridOf) }];
  for (const { row, network, params } of networks) {
    if (!network || !params) continue;
    const grids: number[][] = [];
    await withSpatial(archs[network], params, async (open) => {
      let step = 0;
      for await (const frame of foretold(open, archs[network], framesAt(test, [0], unit), shown.at(-1)!)) {
        step++;
        if (shown.includes(step)) grids.push(gridOf(vorticityOfFrame(frame, n)));
      }
    });
    rows.push({ label: row.label, grids });
  }
  return {
    id: 'fields',
    title: 'A test flow, foretold step after step: its vorticity beside the solver’s',
    size: n,
    columns: shown.map((step) => (step === 1 ? 'after 1 step' : `after ${step} steps`)),
    rows,
  };
}

async function figuresOf(
  design: SpatialArch,
  params: Params | null,
  test: FlowSet,
  unit: number,
): Promise<Figures> {
  const measured = async (network: OpenSpatial | null): Promise<Figures> => {
    const { step, divergence, rollout } = await measureFlows(network, design, test, unit);
    const minds = async (which: 'turns' | 'moves') => {
      if (!network) return 0;
      const actions = measuredActions(SYMMETRY, design.size).filter(
        ({ move }) => (which === 'moves') === move[0] + move[1] > 0,
      );
      const { steps, n } = test.settings;
      // The beginning of each flow.
      const perFrame = 2 * n * n;
      const firsts = new Float32Array(test.flows * perFrame);
      for (let flow = 0; flow < test.flows; flow++) {
        const at = flow * (steps + 1) * perFrame;
        firsts.set(test.frames.subarray(at, at + perFrame), flow * perFrame);
      }
      return unequalUnder(
        network,
        design,
        firsts.map((x) => x / unit),
        actions,
      );
    };
    return {
      values: {
        step,
        end: rollout.at(-1)!,
        divergence,
        turns: await minds('turns'),
        moves: await minds('moves'),
      },
      curves: { rollout },
    };
  };
  return params ? withSpatial(design, params, measured) : measured(null);
}
