/** Brings pictures to the Rotate view: reads them, paints samples, and shows the one that is asked for. */
import { isHidden } from '../../lab/data/readers/called';
import { BadInput } from '../../lab/errors';
import { besideNames, isBeside, MOST_BESIDE, placedBeside } from '../../lab/pictures/beside';
import { isZip } from '../../lab/pictures/decode/kind';
import type { Picture } from '../../lab/pictures/picture';
import { previewOf } from '../../lab/pictures/preview';
import type { DatasetFacts } from '../../storage/rows';
import type { PathedFile } from '../../worker/protocol/choices';
import { giveBatch, useBatch } from '../batch/batch';
import type { Given } from '../data/dropped';
import { type BroughtPicture, type ShownPicture, usePictures } from '../rotate/pictures';
import { paintSample, SAMPLES, type SampleId } from '../rotate/samples';
import { useTurning } from '../rotate/turning';
import { explain } from '../words/explain';
import { newPictureReader } from './workers';

/** The longest side of a thumbnail, and of the picture as it is drawn, in pixels. */
const THUMBNAIL = 96;
const DRAWN = 1024;
/** More than anyone turns by hand; a data set of its own takes the rest. */
export const MOST_PICTURES = 200;

const { getState, setState } = usePictures;
const reader = newPictureReader();
let numbered = 0;

/** Paints a sample where it is not there yet, and shows it. */
export async function showSample(id: SampleId): Promise<void> {
  setState({ asked: `sample ${id}` });
  await addSample(id);
  if (getState().asked === `sample ${id}`) await show(`sample ${id}`);
}

/** Paints all samples, one after the other, so that the page answers in between. */
export async function paintSamples(): Promise<void> {
  for (const { id } of SAMPLES) await addSample(id);
}

async function addSample(id: SampleId): Promise<void> {
  const isThere = () => getState().pictures.some(({ sample }) => sample === id);
  if (isThere()) return;
  const { name } = SAMPLES.find((each) => each.id === id)!;
  const picture = await paintSample(id);
  if (isThere()) return;
  add(made(`sample ${id}`, name, picture, { sample: id, synthetic: true, dataset: null }));
}

/** Pictures that are there already: tiles of a kept data set. The first is shown. */
export function addTiles(
  tiles: readonly { readonly name: string; readonly picture: Picture }[],
  { id, title, classes, synthetic }: DatasetFacts,
): void {
  const all = tiles.map(({ name, picture }) =>
    made(`tile ${++numbered}`, name, picture, { sample: null, synthetic, dataset: { id, title, classes } }),
  );
  for (const each of all) add(each);
  if (all.length > 0) void show(all[0].id);
}

function made(
  id: string,
  name: string,
  picture: Picture,
  kind: Pick<BroughtPicture, 'sample' | 'synthetic' | 'dataset'>,
): BroughtPicture {
  const { width, height, notes } = picture;
  return {
    id,
    name,
    width,
    height,
    notes,
    source: picture,
    thumbnail: previewOf(picture, THUMBNAIL),
    ...kind,
  };
}

/** Takes what was dropped, pasted or chosen: pictures, zips, the files of a folder. The first good one is shown. */
export async function bring(give: () => Given | Promise<Given>): Promise<void> {
  if (getState().reading) {
    return refuse('What you gave', 'Other pictures are still being read; give it again when they are there.');
  }
  setState({ refused: [], labelled: null, reading: { what: 'the files', done: 0, total: null } });
  let first: string | null = null;
  const take: Take = async (file, path, beside) => {
    const id = await addFile(file, path, beside);
    first ??= id;
  };
  try {
    const given = await give();
    const files = filesOf(given);
    let zips = 0;
    await takeEach(files, async (file, path, beside) => {
      if (await looksLikeZip(file)) {
        zips++;
        await eachOfZip(file, given, take);
      } else await take(file, path, beside);
    });
    if (isLabelled(given) || zips > 0) setState({ labelled: given });
  } catch (error) {
    refuse('What you gave', explain(error));
  } finally {
    setState({ reading: null });
  }
  if (first) await show(first);
}

type Take = (file: File, path: string, beside: ReadonlyMap<string, string>) => Promise<void>;

/** Takes the pictures among files, each with what lies beside it and says where it lies. */
async function takeEach(files: readonly PathedFile[], take: Take): Promise<void> {
  const pictures = files.filter(({ path }) => !isBeside(path));
  const others = files.filter(({ path }) => isBeside(path));
  const alone = new Set(others.map(({ path }) => path));
  for (const [i, { path, file }] of pictures.entries()) {
    setState({ reading: { what: path, done: i, total: pictures.length } });
    const names = besideNames(path);
    const beside = new Map<string, string>();
    for (const other of others.filter((each) => names.includes(each.path))) {
      alone.delete(other.path);
      beside.set(other.path, await other.file.slice(0, MOST_BESIDE).text());
    }
    await take(file, path, beside);
  }
  for (const path of alone) {
    refuse(
      path,
      'It tells where a picture lies, and no picture of its name came with it: give both together.',
    );
  }
}

/** By their names, since a folder lists them as it likes; without hidden files, and without what is too much. */
function filesOf(given: Given): readonly PathedFile[] {
  const { content } = given;
  const all = content instanceof File ? [{ path: content.name, file: content }] : content;
  const files = all
    .filter(({ path }) => !isHidden(path))
    .sort((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }));
  if (files.length === 0) throw new BadInput('There are no pictures in what you gave.');
  const pictures = files.filter(({ path }) => !isBeside(path));
  if (pictures.length <= MOST_PICTURES) return files;
  tooMany(pictures.length, given);
  return pictures.slice(0, MOST_PICTURES);
}

/** All of them can be classified all the same. */
function tooMany(many: number, given: Given): void {
  refuse(
    `${many} files`,
    `were given, and the first ${MOST_PICTURES} are shown here. All of them can be classified below, under “Classify many pictures”. Folders named by classes become a data set under Data, where there may be any number.`,
  );
  if (!useBatch.getState().running) giveBatch(given);
}

async function looksLikeZip(file: File): Promise<boolean> {
  return isZip(new Uint8Array(await file.slice(0, 4).arrayBuffer()));
}

/** Everything is unpacked first: decoding takes turns with it in one worker. */
async function eachOfZip(zip: File, given: Given, take: Take): Promise<void> {
  const files: PathedFile[] = [];
  let trouble: unknown = null;
  let left = 0;
  try {
    await reader.unpack(zip, (entry) => {
      if ('problem' in entry) return refuse(entry.path, entry.problem);
      if (files.length === MOST_PICTURES) {
        left++;
        return;
      }
      const file = new File([entry.bytes as Uint8Array<ArrayBuffer>], entry.path);
      files.push({ path: entry.path, file });
      setState({ reading: { what: zip.name, done: files.length, total: null } });
    });
  } catch (error) {
    trouble = error;
  }
  await takeEach(files, take);
  if (left > 0) tooMany(files.length + left, given);
  if (trouble) refuse(zip.name, explain(trouble));
}

/** Adds a file; its id, or null where it cannot be read. */
async function addFile(
  file: File,
  path: string,
  beside: ReadonlyMap<string, string>,
): Promise<string | null> {
  try {
    const { facts, preview } = await reader.glance(nameByPath(file, path), THUMBNAIL);
    const { width, height, notes } = facts;
    const id = `file ${++numbered}`;
    add({
      ...{ id, name: path, width, height, notes, thumbnail: preview, source: nameByPath(file, path) },
      ...{ sample: null, synthetic: false, dataset: null, beside },
    });
    return id;
  } catch (error) {
    refuse(path, explain(error));
    return null;
  }
}

/** Errors name a file by its path. */
const nameByPath = (file: File, path: string): File => (file.name === path ? file : new File([file], path));

const add = (brought: BroughtPicture): void =>
  setState(({ pictures }) => ({
    // Samples come last.
    pictures: brought.sample
      ? [...pictures, brought]
      : [...pictures.filter(({ sample }) => !sample), brought, ...pictures.filter(({ sample }) => sample)],
  }));

const refuse = (name: string, problem: string): void =>
  setState(({ refused }) => ({ refused: [...refused, { name, problem }] }));

/** Folders that could be classes: at least two, each with pictures. */
export function isLabelled({ content }: Given): boolean {
  if (content instanceof File) return false;
  const folders = content.flatMap(({ path }) => path.split('/').slice(0, -1).slice(-1));
  return new Set(folders).size >= 2;
}

/** Shows a picture of the strip; its pixels are read anew. */
export async function show(id: string): Promise<void> {
  const brought = getState().pictures.find((each) => each.id === id);
  if (!brought) return;
  setState({ asked: id });
  try {
    const shown = await withPixels(brought);
    if (getState().asked !== id) return;
    // The part that a link names is one of the first picture.
    const isFirst = getState().shown === null;
    useTurning.setState(({ part }) => ({ sample: brought.sample, part: isFirst ? part : null }));
    setState({ shown });
  } catch (error) {
    refuse(brought.name, explain(error));
  }
}

async function withPixels(brought: BroughtPicture): Promise<ShownPicture> {
  const { source, name, beside } = brought;
  if (!(source instanceof File)) return { brought, picture: source, preview: previewOf(source, DRAWN) };
  const { picture, preview } = await reader.readWithPreview(source, DRAWN);
  return { brought, picture: await placedBeside(picture, name, async (at) => beside?.get(at)), preview };
}

/** Takes a picture off the strip. */
export function forget(id: string): void {
  const { pictures, asked } = getState();
  const at = pictures.findIndex((each) => each.id === id);
  const rest = pictures.filter((each) => each.id !== id);
  setState({ pictures: rest });
  if (asked === id && rest.length > 0) void show(rest[Math.min(at, rest.length - 1)].id);
}
