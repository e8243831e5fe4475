/** What the Data view says of reading, keeping and splitting, as functions of what was measured. */

import { imbalanceWords } from '../../lab/data/imbalance';
import { DEFAULT_FRACTIONS, lackOf, type OfficialParts, SPLIT_NAMES } from '../../lab/data/split/splits';
import { type Bands, bandWords } from '../../lab/pictures/bands';
import type { DatasetFacts, DatasetRow, Room } from '../../storage/rows';
import type { Import } from '../data/datasets';
import type { CutOff } from '../page/cutOff';
import { VIEW_NAMES, type View } from '../page/view';
import { bytes, capital, count, seconds, whole, wholePercent } from './format';

/** Whether a download is going on: then it can be stopped and taken up again. */
export const isDownload = ({ progress }: Pick<Import, 'progress'>): boolean =>
  progress?.what.startsWith('downloading') ?? false;

/** The steps that are counted in bytes. */
const inBytes = (what: string): boolean => /^(downloading|unpacking)/.test(what);

/** "Reading tiles: 512 of 27,000 · 840 tiles per second · 31.5 s left", "Downloading x.zip: 3.1 MB of 94.3 MB". */
export function readingSentence({ progress, pace, cancellable, name }: Import): string {
  if (!progress) return 'Starting …';
  const { what, done, total } = progress;
  const step = capital(what);
  if (total <= 1) return `${step} …`;
  if (name !== null && !cancellable && done < total)
    return isDownload({ progress }) ? 'Stopping …' : 'Cancelling …';
  const isBytes = inBytes(what);
  const shown = isBytes ? bytes : whole;
  if (!pace) return `${step}: ${shown(done)} of ${shown(total)}`;
  const rate = isBytes ? bytes(Math.round(pace.rate)) : count(Math.round(pace.rate), 'tile');
  return `${step}: ${shown(done)} of ${shown(total)} · ${rate} per second · ${seconds(pace.secondsLeft)} left`;
}

/** "1,079 tiles · 10 classes · 64×64 pixels", and the bands of a set that holds more than colours. */
export function sizeSentence({
  count: tiles,
  classes,
  size,
  bands,
}: Pick<DatasetFacts, 'count' | 'classes' | 'size' | 'bands'>): string {
  const held = bands ? ` · ${heldBands(bands)}` : '';
  return `${count(tiles, 'tile')} · ${count(classes.length, 'class', 'classes')} · ${size}×${size} pixels${held}`;
}

/** "all 13 bands", "bands 1, 2 and 8 of 13". */
const heldBands = (bands: Bands): string => {
  const words = bandWords(bands);
  return words.startsWith('all') ? `${words} bands` : `bands ${words}`;
};

/** What is kept, what is left, and how sure it is. */
export function storageSentence(
  rows: readonly Pick<DatasetRow, 'bytes'>[],
  room: Room | null,
  lasting: boolean | null,
): string {
  if (rows.length === 0) return 'Nothing of your own is kept in this browser yet.';
  const total = rows.reduce((sum, row) => sum + row.bytes, 0);
  const kept = `Kept in this browser: ${count(rows.length, 'data set')}, ${bytes(total)}.`;
  const left = room
    ? ` By its own count the browser has ${bytes(Math.max(0, room.granted - room.used))} left for this page.`
    : '';
  if (lasting === null) return kept + left;
  const promise = lasting
    ? ' It promised to clear nothing by itself.'
    : ' It made no promise to keep them: when the disk runs low it may clear them, so hold on to your files.';
  return kept + left + promise;
}

/** "Mine was read: 1,079 tiles · 10 classes · 64×64 pixels." and what else there is to say of it. */
export function importedSentence(
  row: Pick<DatasetRow, 'title' | 'count' | 'counts' | 'classes' | 'size' | 'bands' | 'notes'>,
): string {
  const unequal = imbalanceWords(row.classes, row.counts);
  return [
    `${row.title} was read: ${sizeSentence(row)}.`,
    ...(unequal ? [unequal] : []),
    ...(row.notes ?? []),
  ].join(' ');
}

/** What a changed split seed changes, and what it does not. */
export function splitSentence(official: OfficialParts | null): string {
  const { train, val, test } = DEFAULT_FRACTIONS;
  if (official) {
    const hasVal = official.some((parts) => parts.includes(SPLIT_NAMES.indexOf('val')));
    const kept =
      'This data set came in parts, which are kept: test tiles stay test tiles, whatever the seed.';
    return hasVal
      ? `${kept} So do validation tiles.`
      : `${kept} Validation tiles are drawn from its training part; another seed draws others.`;
  }
  return `Each class by itself: ${wholePercent(train)} train, ${wholePercent(val)} validation, ${wholePercent(test)} test. Another seed sends other tiles to each part; the sizes stay.`;
}

/** Why no network can be trained on these tiles, or null. */
export function untrainableSentence({
  classes,
  counts,
  official,
}: Pick<DatasetFacts, 'classes' | 'counts' | 'official'>): string | null {
  if (official) {
    const lacks = classes.map((name, label) => lackOf(name, counts[label], official, label));
    return lacks.find((lack) => lack !== null) ?? null;
  }
  const small = classes.filter((_, label) => counts[label] < 3);
  if (small.length === 0) return null;
  const names =
    small.length > 3 ? `${small.slice(0, 3).join(', ')} and ${small.length - 3} more` : small.join(', ');
  return `A split needs three tiles of every class, and there are fewer of ${names}. Add some, or leave ${small.length === 1 ? 'that class' : 'those classes'} out, and give the folder again.`;
}

/** What became of work on a person's files that a reload ended. */
export function cutOffSentence({ work, name }: Pick<CutOff, 'work' | 'name'>): string {
  if (work === 'downloading')
    return `The download of ${name} was cut off when the page was left. What came of it is kept: it goes on from there when you ask for it again.`;
  const again = `A page cannot open your files again by itself: please give ${name === 'what you gave' ? 'them' : 'it'} again.`;
  if (work === 'showing') return `${name} was open here when the page was left. ${again}`;
  const what = work === 'reading' ? 'Reading' : 'Mapping';
  const kept =
    work === 'reading' ? 'Nothing of it was kept, and everything kept before is still there. ' : '';
  return `${what} ${name} was cut off when the page was left. ${kept}${again}`;
}

/** What was dropped where nothing takes it: where it belongs. */
export const nothingTakes = (view: View): string =>
  `${VIEW_NAMES[view]} takes no such file here, and nothing of it was read. Pictures go to Rotate, tiles to train on to Data, recipes to Pipeline, reports to Paper; a network (.safetensors, .onnx) is taken everywhere.`;
