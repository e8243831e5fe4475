/** Classifies any number of pictures, a portion at a time: nothing of those that are done is held. */
import { messageOf } from '../errors';
import { decide } from '../evaluate/decide';
import { probabilitiesOf } from '../evaluate/softmax';
import type { Classifier } from '../families/family';
import { openClassifier } from '../families/networks';
import { normalisedTiles } from '../nn/batch';
import type { AnyModel } from '../nn/model';
import { channelsOf, type Pixels, sampleSquare } from '../pictures/cut';
import { decodeFor } from '../pictures/decode/decode';
import { resizeSquare } from '../pictures/resize';
import { plainSentence } from '../plain';
import * as tf from '../runtime/tf';
import type { Stage } from '../stage/events';
import { GROUPS, QUARTER_TURNS } from '../symmetry/group';
import { turnPictures } from '../symmetry/turn';
import type { BatchChoices } from './choices';
import type { BatchPicture } from './listing';
import { type BatchRow, csvLine, type Flag } from './row';
import { type BatchSummary, type SeenRow, THUMBNAIL, withRows } from './summary';

/** Pictures whose rows are handed over, and kept, together. */
export const PORTION = 16;

/** What came of a portion: its lines of the file, and what is counted by then. */
export interface Portion {
  readonly text: string;
  readonly summary: BatchSummary;
}

/**
 * Classifies the pictures from `before.done` on. A picture's row hangs on that picture alone, so where a batch was cut off
 * and goes on changes no byte. `take` is awaited after each portion; what it throws ends the batch.
 *
 * @throws NotFinite where the network's answers are no numbers. A picture that cannot be read is a row.
 */
export async function* classifyMany(
  model: AnyModel,
  pictures: readonly BatchPicture[],
  choices: BatchChoices,
  before: BatchSummary,
  take: (portion: Portion) => Promise<void>,
): Stage<BatchSummary> {
  const what = 'classifying pictures';
  const total = pictures.length;
  const network = openClassifier(model);
  let summary = before;
  try {
    yield { type: 'progress', what, done: summary.done, total };
    while (summary.done < total) {
      const portion = pictures.slice(summary.done, summary.done + PORTION);
      const seen: SeenRow[] = [];
      for await (const row of rowsOf(model, network, portion, choices)) seen.push(row);
      summary = withRows(summary, seen);
      const text = seen.map(({ row }) => csvLine(row, model.classes)).join('');
      await take({ text, summary });
      yield { type: 'progress', what, done: summary.done, total };
    }
    return summary;
  } finally {
    network.dispose();
  }
}

interface Tile {
  readonly path: string;
  readonly picture: ReadPicture;
  /** What the network sees. */
  readonly tile: Uint8Array;
}

async function* rowsOf(
  model: AnyModel,
  network: Classifier,
  pictures: readonly BatchPicture[],
  choices: BatchChoices,
): AsyncGenerator<SeenRow> {
  const { input } = model.arch;
  const read: (Tile | BatchRow)[] = [];
  for (const { path, bytes } of pictures) {
    const found = await readPicture(model, path, bytes);
    read.push(
      'problem' in found
        ? { path, answer: null, note: plainSentence(found.problem), flags: ['unreadable'] }
        : { path, picture: found, tile: resizeSquare(found, input.size, choices.resize) },
    );
  }
  const tiles = read.filter((each): each is Tile => 'tile' in each);
  const answers = await answersOf(
    model,
    network,
    tiles.map(({ tile }) => tile),
    choices.mirrors,
  );
  for (const each of read) {
    if (!('tile' in each)) yield { row: each, thumbnail: () => null };
    else {
      const row = rowOf(each, answers.shift()!, input.size, choices);
      yield { row, thumbnail: () => thumbnailOf(each.tile, input.size, input.channels) };
    }
  }
}

function rowOf({ path, picture }: Tile, answer: Answer, size: number, { unsure }: BatchChoices): BatchRow {
  const flags: Flag[] = [];
  if (answer.probabilities[answer.answer] < unsure) flags.push('unsure');
  if (answer.agreement < 1) flags.push('turns-disagree');
  if (answer.undecided) flags.push('too-close');
  if (picture.width !== size || picture.height !== size) flags.push('resized');
  if (isBlank(picture)) flags.push('blank');
  if (picture.empty?.includes(1)) flags.push('no-data');
  return { path, ...answer, flags, note: picture.notes.join('; ') };
}

type ReadPicture = Pixels & { readonly notes: readonly string[] };

async function readPicture(
  { arch }: AnyModel,
  path: string,
  bytes: () => Promise<Uint8Array>,
): Promise<ReadPicture | { readonly problem: string }> {
  const { channels } = arch.input;
  try {
    const picture = await decodeFor(arch.input, await bytes(), path);
    if (picture.empty && !picture.empty.includes(0)) return { problem: `${path} has no pixel with a value.` };
    const given = channelsOf(picture);
    if (given === channels) return picture;
    if (channels === 1 && given === 3 && isGrey(picture.data))
      return { ...picture, channels: 1, data: picture.data.filter((_, i) => i % 3 === 0) };
    const has = given === 3 ? 'red, green and blue' : `${given} channels`;
    return { problem: `${path} has ${has}, and the network reads ${channels === 1 ? 'grey' : channels}.` };
  } catch (error) {
    // Whatever is wrong with one picture is no reason to lose the others.
    return { problem: messageOf(error) };
  }
}

const isGrey = (rgb: Uint8Array): boolean => rgb.every((value, i) => value === rgb[i - (i % 3)]);

interface Answer {
  readonly answer: number;
  readonly probabilities: Float64Array;
  readonly agreement: number;
  readonly undecided: boolean;
}

/** Values of pixels that go through together, about: as many copies as make threads worth waking, of large tiles fewer. */
const AT_ONCE = 32 * 64 ** 2;

/**
 * What a network says of tiles, by their copies. How many go through together changes no bit, but where a network in integers
 * finds its ranges over a batch: there each copy goes alone.
 */
async function answersOf(
  { arch, normalisation }: AnyModel,
  network: Classifier,
  tiles: readonly Uint8Array[],
  mirrors: boolean,
): Promise<Answer[]> {
  const { classes, int8 } = arch;
  const { size, channels } = arch.input;
  const copies = mirrors ? GROUPS.D4.elements : QUARTER_TURNS;
  const most = int8?.range === 'batch' ? 1 : Math.min(32, Math.max(1, Math.floor(AT_ONCE / size ** 2)));
  const perTile = size * size * channels;
  const total = tiles.length * copies.length;
  const logits = new Float32Array(total * classes);
  let upright: Float32Array = new Float32Array(0);
  for (let from = 0; from < total; from += most) {
    const count = Math.min(most, total - from);
    const stack = new Float32Array(count * perTile);
    for (let i = 0; i < count; i++) {
      const copy = (from + i) % copies.length;
      const pixels = tiles[(from + i - copy) / copies.length];
      if (copy === 0 || upright.length === 0)
        upright = normalisedTiles({ size, channels, pixels }, [0], normalisation);
      stack.set(turnPictures(upright, size, channels, copies[copy]), i * perTile);
    }
    const rows = tf.tidy(() => network.logits(tf.tensor4d(stack, [count, size, size, channels])));
    try {
      logits.set((await rows.data()) as Float32Array, from * classes);
    } finally {
      rows.dispose();
    }
  }
  const perPicture = copies.length * classes;
  return tiles.map((_, i) => answerOf(logits.subarray(i * perPicture, (i + 1) * perPicture), classes));
}

/** From the logits of all copies of one picture. */
function answerOf(logits: Float32Array, classes: number): Answer {
  const { answers, undecided } = decide(logits, classes);
  const [answer] = answers;
  // A copy that is too close to call holds nothing against the others.
  const same = answers.filter((each, i) => each === answer || undecided[i] === 1 || undecided[0] === 1);
  return {
    answer,
    probabilities: probabilitiesOf(logits, classes, 0),
    agreement: same.length / answers.length,
    undecided: undecided[0] === 1,
  };
}

/** Levels of 255 between which a channel of a blank picture stays. A calm sea has more. */
const BLANK = 1;

/** Whether a picture is of one colour. */
function isBlank(picture: Pixels): boolean {
  const { data } = picture;
  const channels = channelsOf(picture);
  for (let c = 0; c < channels; c++) {
    let [low, high] = [255, 0];
    for (let i = c; i < data.length; i += channels) {
      if (data[i] < low) low = data[i];
      if (data[i] > high) high = data[i];
    }
    if (high - low > BLANK) return false;
  }
  return true;
}

/** A small picture of a tile in three colours: of bands the first three, of one channel grey. */
function thumbnailOf(tile: Uint8Array, size: number, channels: number): Uint8Array {
  const small = sampleSquare(
    { width: size, height: size, data: tile, channels },
    { left: 0, top: 0, side: size },
    THUMBNAIL,
  );
  if (channels === 3) return small;
  const rgb = new Uint8Array(THUMBNAIL * THUMBNAIL * 3);
  for (let p = 0; p < THUMBNAIL * THUMBNAIL; p++)
    for (let c = 0; c < 3; c++) rgb[3 * p + c] = small[p * channels + (channels < 3 ? 0 : c)];
  return rgb;
}
