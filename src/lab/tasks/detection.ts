/**
 * The detection task: a small one-stage detector learns to find things on scenes made by code, and is adapted to other land
 * of which there are few scenes. Asked of its symmetry are quarter turns: boxes that turn with the scene.
 */
import { cellKinds } from '../detection/cells';
import { precisionOn, sceneExamples, sceneLoss, scenePictures } from '../detection/learning';
import { makeScenes, SCENE_SIDE, type SceneSet, THINGS } from '../detection/scenes';
import { uploadParams } from '../nn/live';
import type { Params } from '../nn/model';
import * as tf from '../runtime/tf';
import { symmetryOf } from '../spatial/action';
import { type SpatialArch, spatialCost } from '../spatial/arch';
import { measuredActions, unequalUnder } from '../spatial/measure';
import { openSpatial } from '../spatial/network';
import { mapProblem } from '../spatial/problem';
import type { Figures, Task, TaskMaterial, TaskScale, TaskTraining } from './task';

interface Settings {
  /** Scenes of each part. */
  readonly scenes: {
    readonly source: number;
    readonly target: number;
    readonly validation: number;
    readonly test: number;
  };
  /** Of the four blocks: channels of the plain network, fields of four of the equivariant one. */
  readonly channels: readonly number[];
  readonly fields: readonly number[];
  readonly epochs: { readonly source: number; readonly target: number };
}

const SETTINGS: Readonly<Record<TaskScale, Settings>> = {
  tiny: {
    scenes: { source: 64, target: 16, validation: 12, test: 24 },
    channels: [8, 12, 16, 16],
    fields: [2, 4, 5, 5],
    epochs: { source: 16, target: 16 },
  },
  small: {
    scenes: { source: 400, target: 32, validation: 40, test: 120 },
    channels: [12, 16, 24, 24],
    fields: [4, 6, 8, 8],
    epochs: { source: 20, target: 24 },
  },
  full: {
    scenes: { source: 2000, target: 80, validation: 120, test: 500 },
    channels: [16, 32, 48, 48],
    fields: [6, 12, 16, 16],
    epochs: { source: 40, target: 40 },
  },
};

/** Of which the validation scenes choose. */
const LAMBDAS = [0.03, 0.3, 3];
const adapted = (lambda: number) => `plain, adapted with λ ${lambda}`;

const SYMMETRY = symmetryOf('C4', false);

export const detection: Task = {
  name: 'detection',
  title: 'Detection: things on land, adapted to other land',
  notes: [
    'Scenes are painted by code: land as the lab’s synthetic tiles have it, and up to four halls, tanks and lawns on it, each with ' +
      'its box. Halls mostly lie east–west and shadows fall to the south-east, so scenes have an upright. They are no satellite ' +
      'pictures, and figures on them say nothing about real ones.',
    'The detector answers cell by cell, on an 8×8 grid: whether there is a thing, the way from the cell’s middle to the thing’s, its ' +
      'width and height, its class. Turned by a quarter, the way turns with the scene, and width and height change places: of the ' +
      'equivariant network exactly so.',
    'Mean average precision as COCO counts it: overlaps 0.50 to 0.95 by 0.05, 101 recalls, each detection by falling score takes the ' +
      'truth that it overlaps most. The counting is held against cases counted by hand.',
    'Turned: the mean over 0°, 90°, 180° and 270°, scenes and boxes turned exactly. R is the root mean square of f(g·x) − g·f(x) over all ' +
      'numbers that the cells say, in units of theirs.',
    'Validation scenes, of the new land, chose epochs and λ; test scenes chose nothing. All that is adapted has the same number of ' +
      'steps on the same few scenes; a step with the penalty costs twice as much.',
    'The paper prints an mAP of 32.5 or 38.2 for fine-tuning, 35.1 or 41.5 for a method it does not name, and 37.8 or 44.9 for its own, of a ' +
      'Faster R-CNN on COCO: here only the ordering can be tested.',
  ],
  measures: [
    { id: 'map', label: 'mAP, upright, %', better: 'high' },
    { id: 'turned', label: 'mAP, turned, %', better: 'high' },
    { id: 'half', label: 'AP at an overlap of 0.5, upright, %', better: 'high' },
    { id: 'turns', label: 'R: quarter turns, %', better: 'low' },
  ],
  curves: [{ id: 'angles', label: 'mAP at each turn, %', along: 'degrees', from: 0, step: 90 }],
  rows: [
    { id: 'plain', label: 'plain, not adapted', of: ['plain'] },
    { id: 'tuned', label: 'plain, fine-tuned', of: ['plain, fine-tuned'] },
    {
      id: 'augmented',
      label: 'plain, fine-tuned on turned scenes',
      of: ['plain, fine-tuned on turned scenes'],
    },
    { id: 'adapted', label: 'plain, adapted with R', of: LAMBDAS.map(adapted) },
    { id: 'scratch', label: 'equivariant, from scratch', of: ['equivariant, from scratch'] },
    { id: 'equivariant', label: 'equivariant, fine-tuned', of: ['equivariant, fine-tuned'] },
  ],
  claims: [
    { title: 'Adapting helps', row: 'tuned', against: 'plain', measure: 'map' },
    { title: 'The penalty beats plain fine-tuning', row: 'adapted', against: 'tuned', measure: 'map' },
    {
      title: 'The penalty beats plain fine-tuning on turned scenes',
      row: 'adapted',
      against: 'tuned',
      measure: 'turned',
    },
    { title: 'The penalty beats turned examples', row: 'adapted', against: 'augmented', measure: 'turned' },
    { title: 'R falls where it is asked for', row: 'adapted', against: 'tuned', measure: 'turns' },
    {
      title: 'Equivariant by construction beats the penalty',
      row: 'equivariant',
      against: 'adapted',
      measure: 'map',
    },
    { title: 'On turned scenes too', row: 'equivariant', against: 'adapted', measure: 'turned' },
  ],
  settings: (scale) => SETTINGS[scale],
  trainings: (scale) => trainingsOf(SETTINGS[scale]),
  open: async (scale) => openDetection(SETTINGS[scale]),
};

function trainingsOf({ epochs }: Settings): TaskTraining[] {
  const how = { lambda: 0, augment: false, batch: 8 };
  const first = { ...how, from: null, set: 'source', epochs: epochs.source, learningRate: 0.01 };
  const then = { ...how, set: 'target', epochs: epochs.target, learningRate: 0.002 };
  const plain = { ...then, network: 'plain', from: 'plain' };
  return [
    { ...first, id: 'plain', network: 'plain' },
    { ...plain, id: 'plain, fine-tuned' },
    { ...plain, id: 'plain, fine-tuned on turned scenes', augment: true },
    ...LAMBDAS.map((lambda) => ({ ...plain, id: adapted(lambda), lambda })),
    { ...then, id: 'equivariant, from scratch', network: 'equivariant', from: null, learningRate: 0.01 },
    { ...first, id: 'equivariant', network: 'equivariant' },
    { ...then, id: 'equivariant, fine-tuned', network: 'equivariant', from: 'equivariant' },
  ];
}

const arch = ({ channels, fields }: Settings, network: 'plain' | 'equivariant'): SpatialArch => {
  const isPlain = network === 'plain';
  return {
    ...{ group: isPlain ? 'C1' : 'C4', size: SCENE_SIDE, rim: 'zeros', residual: false, answerKernel: 3 },
    ...{ input: ['scalar', 'scalar', 'scalar'], output: cellKinds(THINGS.length) },
    // Three are pooled: 64 pixels to 8 cells.
    blocks: (isPlain ? channels : fields).map((count, i) => ({ fields: count, kernel: 3, pool: i < 3 })),
  };
};

function openDetection(settings: Settings): TaskMaterial {
  const { source, target, validation, test } = settings.scenes;
  const sets: Record<string, SceneSet> = {
    source: makeScenes('open', 1, source),
    target: makeScenes('other', 2, target),
  };
  const examples = Object.fromEntries(Object.entries(sets).map(([name, set]) => [name, sceneExamples(set)]));
  const chosenBy = makeScenes('other', 3, validation);
  const unseen = makeScenes('other', 4, test);
  const archs = { plain: arch(settings, 'plain'), equivariant: arch(settings, 'equivariant') };
  return {
    archs,
    problem: ({ network, set, lambda, augment }) => {
      const design = archs[network as keyof typeof archs];
      return mapProblem({
        ...{ arch: design, lambda, augment, symmetry: SYMMETRY, loss: sceneLoss },
        examples: examples[set],
        validate: async (open) => {
          const mean = (await precisionOn(open, design, chosenBy)).mean ?? 0;
          return { accuracy: mean, loss: 1 - mean };
        },
      });
    },
    measure: (network, params) => figuresOf(archs[network as keyof typeof archs], params!, unseen),
    data: [
      `Scenes of ${SCENE_SIDE}×${SCENE_SIDE} pixels: ${source} on open land (pasture, crops, heath) are learned, then ${target} on other land (forest, ` +
        `orchards, sea) to adapt to; of that, ${validation} for validation and ${test} for test, with ` +
        `${unseen.scenes.reduce((sum, { things }) => sum + things.length, 0)} things to find.`,
      ...Object.entries(archs).map(([name, each]) => {
        const { params, macs } = spatialCost(each);
        return `The ${name} network: ${params.toLocaleString('en-US')} free weights, ${(macs / 1e6).toFixed(1)} million multiply-adds for a scene, counted as ordinary convolutions.`;
      }),
    ],
  };
}

async function figuresOf(design: SpatialArch, params: Params, set: SceneSet): Promise<Figures> {
  const live = uploadParams(params);
  const network = openSpatial(design, live);
  try {
    const angles: number[] = [];
    let half = 0;
    for (const turn of SYMMETRY.elements) {
      const found = await precisionOn(network, design, set, turn);
      angles.push(found.mean ?? 0);
      if (turn.turns === 0) half = found.half ?? 0;
    }
    const actions = measuredActions(SYMMETRY, design.size);
    const turns = await unequalUnder(network, design, scenePictures(set), actions);
    const turned = angles.reduce((sum, each) => sum + each, 0) / angles.length;
    return { values: { map: angles[0], turned, half, turns }, curves: { angles } };
  } finally {
    network.dispose();
    tf.dispose(Object.values(live));
  }
}
