/** Whose mistakes can be looked at: the networks on the bench, and those that a run left. */
import { leavesNothing } from '../../lab/recipe/networkNames';
import { keyOf } from '../../lab/stage/store';
import type { RunRow } from '../../storage/rows';
import type { Opened, Setting } from '../../worker/protocol/protocol';
import { slug } from '../page/table';
import { STAGE_NAMES } from '../pipeline/cards';
import { settingKey } from '../prune/experiment';
import { BENCH, type WrongStep, type WrongSubject } from './wrong';

/** tuned: what a fine-tuning at this setting left is kept under; null where there is none. */
export function benchSubject(opened: Opened, setting: Setting, tuned: string | null): WrongSubject {
  const { main, peer } = opened.nets;
  const net = 'main';
  const whole: WrongStep = {
    ...{ id: 'whole', name: 'Whole', words: 'the whole network', file: main.title },
    of: { kind: 'whole', net },
  };
  const pruned: WrongStep = {
    ...{ id: 'pruned', name: 'Pruned', words: 'the pruned network', file: 'orbit-lab-pruned.safetensors' },
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
    key: JSON.stringify([opened.subject, opened.seed, settingKey(setting), tuned]),
    place: BENCH,
    title: main.title,
    steps: [...own, ...other],
    first: own.at(-1)!.id,
  };
}

/** The networks that a run has left so far; null while there is none. */
export function runSubject({ id, name, records }: RunRow): WrongSubject | null {
  const left = records.filter((record) => !leavesNothing(record));
  if (left.length === 0) return null;
  const counts = new Map<string, number>();
  const steps = left.map((record): WrongStep => {
    const word = STAGE_NAMES[(record.kind ?? record.name.split(' ')[0]) as keyof typeof STAGE_NAMES];
    const title = word ?? record.name;
    const count = (counts.get(title) ?? 0) + 1;
    counts.set(title, count);
    const step = count === 1 ? title : `${title} ${count}`;
    return {
      ...{ id: record.name, name: step, words: `the network of “${step}”` },
      file: `${networkFileName(name, record.name)}.safetensors`,
      of: { kind: 'stage', run: id, stage: record.name },
    };
  });
  return {
    key: JSON.stringify([id, left.map(keyOf)]),
    place: id,
    title: name,
    steps,
    first: steps.at(-1)!.id,
  };
}

/** What the file of a network that a stage of a run left is called. */
export const networkFileName = (run: string, stage: string): string =>
  slug(stage === 'train' ? run : `${run} ${stage}`);
