/** Whose mistakes can be looked at: the networks on the bench, and those that a run left. */
import { leavesNothing } from '../../lab/recipe/networkNames';
import { keyOf } from '../../lab/stage/store';
import type { RunRow } from '../../storage/rows';
import type { Setting, Way } from '../../worker/protocol/choices';
import type { Opened } from '../../worker/protocol/results';
import { slug } from '../page/table';
import { STAGE_NAMES } from '../pipeline/cards';
import { settingKey } from '../prune/experiment';
import { DEFAULT_WAY } from '../prune/way';
import { BENCH, type WrongStep, type WrongSubject } from './wrong';

/** tuned: what a fine-tuning at this setting left is kept under; null where there is none. */
export function benchSubject(
  opened: Opened,
  setting: Setting,
  tuned: string | null,
  way: Way = DEFAULT_WAY,
): WrongSubject {
  const made = `${way.unit} ${way.ranking}`;
  const { main, peer } = opened.nets;
  const net = 'main';
  const whole: WrongStep = {
    ...{ id: 'whole', name: 'Whole', words: 'the whole network', file: main.title },
    of: { kind: 'whole', net },
  };
  const pruned: WrongStep = {
    ...{ id: 'pruned', name: 'Pruned', words: 'the pruned network', file: 'orbit-lab-pruned.safetensors' },
    made,
    of: { kind: 'pruned', net, setting },
  };
  const fineTuned: WrongStep[] =
    tuned === null
      ? []
      : [
          {
            ...{ id: 'tuned', name: 'Fine-tuned', words: 'the fine-tuned network' },
            file: 'orbit-lab-fine-tuned.safetensors',
            of: { kind: 'tuned', net, key: tuned },
          },
        ];
  const own = setting.removed === 0 ? [whole] : [whole, pruned, ...fineTuned];
  const other: WrongStep[] = peer
    ? [
        {
          ...{ id: 'peer', name: 'The other', words: `the ${peer.name} network`, file: peer.title },
          of: { kind: 'whole', net: 'peer' },
        },
      ]
    : [];
  return {
    key: JSON.stringify([opened.subject, opened.seed, settingKey(setting), tuned, made]),
    place: BENCH,
    title: main.title,
    steps: [...own, ...other],
    first: own.at(-1)!.id,
  };
}

/**
 * The networks that a run has left so far; null while there is none. others: runs on the same tiles with the same split, whose
 * last networks it can be held against.
 */
export function runSubject(
  { id, name, records }: RunRow,
  others: readonly RunRow[] = [],
): WrongSubject | null {
  const left = records.filter((record) => !leavesNothing(record));
  if (left.length === 0) return null;
  const counts = new Map<string, number>();
  const steps = left.map((record): WrongStep => {
    const word = STAGE_NAMES[(record.kind ?? record.name.split(' ')[0]) as keyof typeof STAGE_NAMES];
    const title = word ?? record.name;
    const count = (counts.get(title) ?? 0) + 1;
    counts.set(title, count);
    const step = count === 1 ? title : `${title} ${count}`;
    // One that is alone goes by the run's name: it may stand beside another run's.
    const named =
      left.length === 1 ? { name, words: `“${name}”` } : { name: step, words: `the network of “${step}”` };
    return {
      ...{ id: record.name, ...named },
      file: `${networkFileName(name, record.name)}.safetensors`,
      of: { kind: 'stage', run: id, stage: record.name },
    };
  });
  return {
    key: JSON.stringify([id, left.map(keyOf)]),
    place: id,
    title: name,
    steps: [...steps, ...others.flatMap(lastOf)],
    first: steps.at(-1)!.id,
  };
}

/** The last network of another run. */
function lastOf({ id, name, records }: RunRow): WrongStep[] {
  const last = records.filter((record) => !leavesNothing(record)).at(-1);
  if (!last) return [];
  return [
    {
      ...{ id: `${id} ${last.name}`, name, words: `“${name}”`, isBeside: true },
      file: `${networkFileName(name, last.name)}.safetensors`,
      of: { kind: 'stage', run: id, stage: last.name },
    },
  ];
}

/** What the file of a network that a stage of a run left is called. */
export const networkFileName = (run: string, stage: string): string =>
  slug(stage === 'train' ? run : `${run} ${stage}`);
