/** What is looked at of where networks are wrong: which classes and tiles are shown, what is asked for next, what stays known. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { classReport } from '../../lab/evaluate/report/classReport';
import { compareReports } from '../../lab/evaluate/report/compare';
import { confusionOf, mistakesOf } from '../../lab/evaluate/report/confusion';
import type { RunRow } from '../../storage/rows';
import type { Setting } from '../../worker/protocol/choices';
import type { Opened, PartReport } from '../../worker/protocol/results';
import { rowsOf } from './lists';
import {
  chooseBefore,
  chooseCell,
  choosePart,
  chooseStep,
  knownKey,
  lookedFirst,
  missing,
  putKnown,
  resultOf,
  stillKnown,
} from './looking';
import { placeBeside, shownClasses } from './matrix';
import { benchSubject, runSubject } from './subjects';
import { benchPart, type Looked, useWrong } from './wrong';

const answered = (classes: number) =>
  fc.array(fc.tuple(fc.nat(classes - 1), fc.nat(classes - 1)), { minLength: 1, maxLength: 60 });

test('of few classes all are shown; of many so many, in order, each once, and first the pair that is confused most', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 2, max: 12 }),
      fc.gen(),
      (classes, most, g) => {
        const pairs = g(answered, classes);
        const confusion = confusionOf(
          pairs.map(([truth]) => truth),
          pairs.map(([, answer]) => answer),
          classes,
        );
        const shown = shownClasses(confusion, most);
        expect(shown).toHaveLength(Math.min(classes, most));
        expect(shown).toEqual([...new Set(shown)].sort((a, b) => a - b));
        const [worst] = mistakesOf(confusion);
        if (worst) expect(shown).toEqual(expect.arrayContaining([worst.truth, worst.answer]));
      },
    ),
  );
});

test('keys lead from cell to cell and never out', () => {
  expect(placeBeside([0, 0], 3, 'ArrowRight', false)).toEqual([0, 1]);
  expect(placeBeside([0, 0], 3, 'ArrowUp', false)).toEqual([0, 0]);
  expect(placeBeside([1, 1], 3, 'End', false)).toEqual([1, 2]);
  expect(placeBeside([1, 1], 3, 'End', true)).toEqual([2, 2]);
  expect(placeBeside([2, 2], 3, 'Home', true)).toEqual([0, 0]);
  expect(placeBeside([0, 0], 1, 'ArrowDown', false)).toEqual([0, 0]);
  expect(placeBeside([0, 0], 3, 'a', false)).toBeUndefined();
});

const CLASSES = ['field', 'lake', 'road'];
/** A report of tiles with these labels and answers; the surer, the larger the logit of the answer. */
const reportOf = (labels: number[], answers: number[], sure = answers.map(() => 3)) =>
  classReport({
    classes: CLASSES,
    keys: labels.map((_, i) => `tile ${i}`),
    labels,
    logits: [Float32Array.from(answers.flatMap((a, i) => CLASSES.map((_, c) => (c === a ? sure[i] : 0))))],
  });

test('lists: wrong ones the surest first, unsure ones the least sure, those lost and gained, those of a cell', () => {
  const labels = [0, 0, 1, 2, 2];
  const report = reportOf(labels, [0, 1, 1, 0, 1], [3, 0.5, 3, 0.6, 4]);
  const before = reportOf(labels, [1, 0, 1, 0, 2]);
  const comparison = compareReports(before, report);
  expect(rowsOf(report, comparison, 'wrong', null)).toEqual([4, 3, 1]);
  expect(rowsOf(report, comparison, 'unsure', null)).toEqual([1, 3]);
  expect(rowsOf(report, comparison, 'lost', null)).toEqual([1, 4]);
  expect(rowsOf(report, comparison, 'gained', null)).toEqual([0]);
  expect(rowsOf(report, null, 'lost', null)).toEqual([]);
  expect(rowsOf(report, comparison, 'cell', { truth: 2, answer: 1 })).toEqual([4]);
  expect(rowsOf(report, comparison, 'cell', { truth: 1, answer: 0 })).toEqual([]);
});

const SETTING: Setting = { method: 'l2', compensation: 'none', removed: 0, scope: 'head' };
const opened = (peer: boolean): Opened =>
  ({
    subject: { kind: 'pair', id: 'tiny' },
    seed: 1,
    nets: {
      main: { name: 'equivariant', title: 'Turning' },
      peer: peer ? { name: 'plain', title: 'Plain' } : null,
    },
  }) as unknown as Opened;

test('on the bench: whole alone, pruned beside whole, fine-tuned beside whole, and the other network where there is one', () => {
  const ids = (...args: Parameters<typeof benchSubject>) => benchSubject(...args).steps.map(({ id }) => id);
  expect(ids(opened(false), SETTING, null)).toEqual(['whole']);
  expect(ids(opened(true), { ...SETTING, removed: 3 }, null)).toEqual(['whole', 'pruned', 'peer']);
  const tuned = benchSubject(opened(true), { ...SETTING, removed: 3 }, 'key');
  expect(tuned.steps.map(({ id }) => id)).toEqual(['whole', 'pruned', 'tuned', 'peer']);
  expect(lookedFirst(tuned)).toMatchObject({ shown: 'tuned', before: 'whole', part: 'val' });
  expect(lookedFirst(benchSubject(opened(true), SETTING, null))).toMatchObject({
    shown: 'whole',
    before: null,
  });
});

test('of a run: every network that it left, checks left out, two of a kind told apart, the last beside the first', () => {
  const record = (name: string, kind: string) => ({ name, kind, id: `id of ${name}` });
  const row = (...records: object[]) => ({ id: 'r', name: 'half 1', records }) as unknown as RunRow;
  expect(runSubject(row())).toBeNull();
  expect(runSubject(row(record('check', 'check')))).toBeNull();
  const subject = runSubject(
    row(
      record('train', 'train'),
      record('prune', 'prune'),
      record('finetune', 'finetune'),
      record('finetune 2', 'finetune'),
      record('check', 'check'),
    ),
  )!;
  expect(subject.steps.map(({ name }) => name)).toEqual(['Train', 'Prune', 'Fine-tune', 'Fine-tune 2']);
  expect(subject.steps[0].file).toBe('half-1.safetensors');
  expect(subject.steps[1].file).toBe('half-1-prune.safetensors');
  expect(lookedFirst(subject)).toMatchObject({ shown: 'finetune 2', before: 'train' });
});

test('of a run beside another: the last network of each, to be held against and not looked at', () => {
  const rowOf = (id: string, ...names: string[]) =>
    ({ id, name: `run ${id}`, records: names.map((name) => ({ name, kind: name })) }) as unknown as RunRow;
  const subject = runSubject(rowOf('a', 'train'), [rowOf('b', 'train', 'prune'), rowOf('c')])!;
  expect(subject.steps.map(({ id, isBeside = false }) => [id, isBeside])).toEqual([
    ['train', false],
    ['b prune', true],
  ]);
  expect(subject.steps.map(({ name }) => name)).toEqual(['run a', 'run b']);
  expect(subject.steps[1].of).toEqual({ kind: 'stage', run: 'b', stage: 'prune' });
  expect(lookedFirst(subject)).toMatchObject({ shown: 'train', before: null });
});

const result = { report: reportOf([0], [0]), tiles: '1 val tiles of x', data: 'x' } satisfies PartReport;

test('what is asked for: the network, then the one beside it, on the part that is chosen; what failed is not asked again by itself', () => {
  const subject = benchSubject(opened(true), { ...SETTING, removed: 3 }, 'key');
  useWrong.setState({ looked: lookedFirst(subject), wanted: null });
  const now = (): Looked => useWrong.getState().looked!;
  expect(missing(now())!.id).toBe('tuned');
  putKnown(subject, knownKey('tuned', 'val'), { status: 'done', result });
  expect(missing(now())!.id).toBe('whole');
  putKnown(subject, knownKey('whole', 'val'), { status: 'failed', message: 'no' });
  expect(missing(now())).toBeNull();
  chooseCell({ truth: 0, answer: 1 });
  choosePart('test');
  expect(now()).toMatchObject({ cell: null, list: 'wrong' });
  expect(missing(now())!.id).toBe('tuned');
  expect(benchPart()).toBe('test');
  choosePart('val');
  chooseStep('whole');
  expect(now()).toMatchObject({ shown: 'whole', before: null });
  chooseStep('pruned');
  expect(now().before).toBe('whole');
  chooseBefore('tuned');
  expect(resultOf(now(), 'tuned')).toBe(result);
  // Of a subject that nobody looks at any more nothing is put.
  const other = benchSubject(opened(true), SETTING, null);
  putKnown(other, knownKey('pruned', 'val'), { status: 'done', result });
  expect(resultOf(now(), 'pruned')).toBeNull();
});

test('another position of the slider keeps what is known of the whole network, and of nothing else', () => {
  const subject = benchSubject(opened(true), { ...SETTING, removed: 3 }, 'key');
  const known = Object.fromEntries(
    ['whole', 'pruned', 'tuned'].map((id) => [knownKey(id, 'test'), { status: 'done' as const, result }]),
  );
  const looked = { ...lookedFirst(subject), known };
  const further = benchSubject(opened(true), { ...SETTING, removed: 4 }, null);
  expect(Object.keys(stillKnown(looked, further))).toEqual([knownKey('whole', 'test')]);
  const tunedSince = benchSubject(opened(true), { ...SETTING, removed: 3 }, 'key');
  expect(Object.keys(stillKnown(looked, tunedSince))).toHaveLength(3);
  expect(stillKnown(looked, { ...further, place: 'a run' })).toEqual({});
  expect(stillKnown(null, further)).toEqual({});
  // As many units of another kind are others.
  const heads = benchSubject(opened(true), { ...SETTING, removed: 3 }, 'key', {
    unit: 'heads',
    ranking: 'network',
  });
  expect(heads.key).not.toBe(subject.key);
  expect(Object.keys(stillKnown(looked, heads))).not.toContain(knownKey('pruned', 'test'));
});
