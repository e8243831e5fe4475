/**
 * The detection task: a small one-stage detector learns to find things on scenes made by code, and is adapted to other land
 * of which there are few scenes. Asked of its symmetry are quarter turns: boxes that turn with the scene.
 */
import { cellKinds } from '../detection/cells';
import { precisionOn, sceneExamples, sceneLoss, scenePictures } from '../detection/learning';
import { makeScene, makeScenes, SCENE_SIDE, type SceneSet, THINGS } from '../detection/scenes';
import { type ShownScene, shownScene } from '../detection/shown';
import type { Params } from '../nn/model';
import { symmetryOf } from '../spatial/action';
import { networkSentences, type SpatialArch } from '../spatial/arch';
import { measuredActions, unequalUnder } from '../spatial/measure';
import { withSpatial } from '../spatial/network';
import { mapProblem } from '../spatial/problem';
import { type Adapting, adaptingRows, adaptingTrainings, TASK_LAMBDAS } from './adapting';
import type { TaskScale } from './names';
import type { Figures, Task, TaskMaterial } from './task';

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
  page: {
    scenes: { source: 360, target: 24, validation: 16, test: 60 },
    channels: [8, 12, 16, 16],
    fields: [3, 4, 6, 6],
    epochs: { source: 28, target: 16 },
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

const ADAPTING: Adapting = {
  ...{ lambdas: TASK_LAMBDAS.detection, examples: 'scenes' },
};

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
  rows: adaptingRows(ADAPTING),
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
  trainings: (scale) =>
    adaptingTrainings(ADAPTING, { epochs: SETTINGS[scale].epochs, rates: { fresh: 0.01, goingOn: 0.002 } }),
  open: openDetection,
};

const arch = ({ channels, fields }: Settings, network: 'plain' | 'equivariant'): SpatialArch => {
  const isPlain = network === 'plain';
  return {
    ...{ group: isPlain ? 'C1' : 'C4', size: SCENE_SIDE, rim: 'zeros', residual: false, answerKernel: 3 },
    ...{ input: ['scalar', 'scalar', 'scalar'], output: cellKinds(THINGS.length) },
    // Three are pooled: 64 pixels to 8 cells.
    blocks: (isPlain ? channels : fields).map((count, i) => ({ fields: count, kernel: 3, pool: i < 3 })),
  };
};

/** Scenes to look at: of no part that anything is learned from or measured on. */
const SHOWN_SEED = 5;

export interface DetectionMaterial extends TaskMaterial {
  /** Any scene of the land adapted to, by its number, at each quarter turn; beside it what a network finds. */
  scene(number: number, network: string | null, params: Params | null): Promise<ShownScene>;
}

/** The data, and what is measured on it. */
export async function openDetection(scale: TaskScale): Promise<DetectionMaterial> {
  const settings = SETTINGS[scale];
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
    scene: async (number, network, params) => {
      const scene = makeScene('other', SHOWN_SEED, number);
      if (!network || !params) return shownScene(scene, null);
      const arch = archs[network as keyof typeof archs];
      return withSpatial(arch, params, (open) => shownScene(scene, { open, arch }));
    },
    data: [
      `Scenes of ${SCENE_SIDE}×${SCENE_SIDE} pixels: ${source} on open land (pasture, crops, heath) are learned, then ${target} on other land (forest, ` +
        `orchards, sea) to adapt to; of that, ${validation} for validation and ${test} for test, with ` +
        `${unseen.scenes.reduce((sum, { things }) => sum + things.length, 0)} things to find.`,
      ...networkSentences(archs, 'a scene'),
    ],
  };
}

const figuresOf = (design: SpatialArch, params: Params, set: SceneSet): Promise<Figures> =>
  withSpatial(design, params, async (network) => {
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
  });
