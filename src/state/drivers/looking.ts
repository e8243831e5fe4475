/**
 * Has the networks look at the tile on the Rotate view. What is wanted (a picture, its part, networks, an angle, a field)
 * and what is known lie side by side, and one loop asks for the most urgent difference, one short job at a time. So the
 * last wish wins, none piles up, and a fresh worker is no special case: what is known is forgotten.
 */
import type { FieldMaps } from '../../lab/evaluate/fieldMaps';
import { CELL, cellAt, fitSquare, type Square } from '../../lab/pictures/cut';
import type { GroupName } from '../../lab/symmetry/group';
import { listRuns } from '../../storage/runs';
import { WorkerLost } from '../../worker/protocol/jobErrors';
import type { Looked } from '../../worker/protocol/results';
import { missingOrbit, type OrbitWish, useTileOrbit, withOrbit } from '../orbit/orbit';
import { fittingWish } from '../orbit/place';
import { useLab } from '../page/lab';
import { useExperiment } from '../prune/experiment';
import { type FieldChoice, type Look, useLooking } from '../rotate/looking';
import { defaultNets } from '../rotate/netRefs';
import { isScene, type ShownPicture, sceneGrid, usePictures } from '../rotate/pictures';
import { NO_SWEEP, SWEEP } from '../rotate/sweep';
import { type Part, useTurning } from '../rotate/turning';
import { explain } from '../words/explain';
import { unlessDeleted } from '../words/library';
import { Deaths } from './deaths';
import { engineWanted } from './engine';
import { benchKey, refOf } from './netFiles';
import { catalogueUrl, newClient } from './workers';

const { getState, setState } = useLooking;

const client = newClient(lost);
const deaths = new Deaths();
let started = false;
/** Whether the worker's networks look at `look`. */
let isLooking = false;
/** A look that failed is not tried again until something else is asked for. */
let failed: string | null = null;
let running = false;
let following = false;

/** Follows what is set on the view from now on. Called when the view opens. */
export function followTurning(): void {
  void refreshRuns();
  if (following) return void converge();
  following = true;
  useTurning.subscribe(() => void converge());
  usePictures.subscribe(({ shown }, before) => {
    if (shown !== before.shown) void converge();
  });
  useTileOrbit.subscribe(({ field, torn }, before) => {
    if (field !== before.field || torn !== before.torn) void converge();
  });
  useLooking.subscribe(({ choice, runs }, before) => {
    if (choice !== before.choice || runs !== before.runs) void converge();
  });
  // The pruned network, where it looks, follows the bench.
  useExperiment.subscribe(() => void converge());
  useLab.subscribe(({ preference, opened }, before) => {
    if (preference !== before.preference) restart();
    else if (opened !== before.opened) void converge();
  });
  void converge();
}

/** Tries again after something went wrong. */
export function retryLooking(): void {
  failed = null;
  deaths.forget();
  setState({ trouble: null });
  void converge();
}

export const chooseField = (change: Partial<FieldChoice>): void =>
  setState(({ choice }) => ({ choice: { ...choice, ...change } }));

export async function refreshRuns(): Promise<void> {
  setState({ runs: await listRuns().catch(() => []) });
}

/** Another engine was chosen: what is known came from the old one. */
function restart(): void {
  client.close();
  started = false;
  isLooking = false;
  deaths.forget();
  void converge();
}

/** The worker ended by itself. */
function lost(why: string): void {
  started = false;
  isLooking = false;
  const times = deaths.tooMany();
  if (times === null) {
    setState({
      notice: `The engine of this view ended (${why}) and was started again. ${unlessDeleted('Nothing of yours was lost.')}`,
    });
    return;
  }
  setState({
    trouble: `The engine of this view ended ${times} times within a few minutes (${why}). Your pictures were kept. Try again, or choose another engine at the top.`,
  });
}

/** Asks for what is missing until nothing is. */
async function converge(): Promise<void> {
  if (running) return;
  running = true;
  try {
    for (let step = next(); step; step = next()) {
      try {
        await step();
      } catch (error) {
        // A lost worker took nothing with it that is not asked for again.
        if (!(error instanceof WorkerLost)) fail(error);
      }
    }
  } finally {
    running = false;
    setState({ busy: null });
  }
}

function fail(error: unknown): void {
  failed = findWanted()?.key ?? 'engine';
  setState({ trouble: explain(error) });
}

type Step = () => Promise<void>;

/** The most urgent thing that is not known yet. */
function next(): Step | null {
  const { choices, look, present, sweep, choice, fields, trouble } = getState();
  const want = findWanted();
  if (trouble && (failed === null || failed === (want?.key ?? 'engine'))) return null;
  if (!choices) return readChoices;
  if (!want) return null;
  if (!isLooking || look?.key !== want.key) return () => lookAt(want);
  const { angle } = useTurning.getState();
  if (present?.degrees !== angle) return () => turnTo(angle);
  const net = look.nets[choice.net];
  const hasFields = net?.problem === null && net.blocks.length > 0;
  if (hasFields && !isOf(fields, choice, angle)) return () => readFields(choice, angle);
  const orbit = net?.problem === null && net.hasOrbit ? nextOrbit(look, choice.net, net.group) : null;
  if (orbit) return orbit;
  const missing = sweep.indexOf(null);
  return missing < 0 ? null : () => turnThrough(missing);
}

/** What of a field is shown, as the worker was asked for it. */
const askedOf = new WeakMap<FieldMaps, FieldChoice>();
const isOf = (fields: FieldMaps | null, choice: FieldChoice, degrees: number): boolean =>
  fields !== null && askedOf.get(fields) === choice && fields.degrees === degrees;

interface Wanted extends Pick<Look, 'key' | 'names' | 'shown' | 'part' | 'square'> {}

function findWanted(): Wanted | null {
  const { shown } = usePictures.getState();
  const { choices, runs } = getState();
  if (!shown || !choices) return null;
  const { nets, part: asked } = useTurning.getState();
  const names = nets ?? defaultNets(choices, runs, shown.brought);
  const { preference } = useLab.getState();
  const part = asked ?? (isScene(shown.brought) ? middleCell(shown) : 'scale');
  const square = squareOf(shown, part);
  const key = JSON.stringify([
    shown.brought.id,
    square,
    names.map((name) => [name, benchKey(name)]),
    preference,
  ]);
  return { key, names, shown, part, square };
}

function middleCell({ picture, brought: { name } }: ShownPicture): number {
  const { columns, rows } = sceneGrid(picture, name, useTurning.getState());
  return Math.floor(rows / 2) * columns + Math.floor(columns / 2);
}

/** The part of a picture that is the tile; where it has no such part, all of its middle. */
export function squareOf({ picture, brought: { name } }: ShownPicture, part: Part): Square {
  const isSmall = Math.min(picture.width, picture.height) < CELL;
  if (typeof part === 'number' && !isSmall) {
    const grid = sceneGrid(picture, name, useTurning.getState());
    if (part < grid.columns * grid.rows) return cellAt(grid, part);
  }
  return fitSquare(picture, part === 'crop' && !isSmall ? 'crop' : 'scale', name);
}

/** Where a network of bands finds them. */
export const fileOf = ({ brought: { source } }: ShownPicture): File | null =>
  source instanceof File ? source : null;

async function start(): Promise<void> {
  if (started) return;
  setState({ busy: 'Starting the engine' });
  await client.run('start', engineWanted()).result;
  started = true;
}

async function readChoices(): Promise<void> {
  await start();
  setState({ choices: await client.run('networks', { catalogue: catalogueUrl() }).result });
}

async function lookAt(want: Wanted): Promise<void> {
  await start();
  setState({ busy: 'Opening the networks' });
  const { shown, square, names } = want;
  const { width, height, data } = shown.picture;
  const nets = await Promise.all(names.map(refOf));
  const picture = { width, height, data, file: fileOf(shown) };
  const looked = await client.run('look', { catalogue: catalogueUrl(), nets, picture, square }).result;
  const { angle } = useTurning.getState();
  const [row] = await client.run('turn', { degrees: [angle] }).result;
  isLooking = true;
  failed = null;
  // All at once, so that no answer stands beside another tile.
  setState(({ choice }) => ({
    look: { ...want, ...looked },
    present: { degrees: angle, row },
    sweep: NO_SWEEP.map((_, i) => (SWEEP[i] === angle ? row : null)),
    choice: fitting(choice, looked),
    fields: null,
    busy: null,
    trouble: null,
  }));
}

/** The choice of a field, where it is no longer there, as one that is. */
function fitting(choice: FieldChoice, { nets }: Looked): FieldChoice {
  const withFields = nets.flatMap((net, i) => (net.problem === null && net.blocks.length > 0 ? [i] : []));
  const index = withFields.includes(choice.net) ? choice.net : (withFields[0] ?? 0);
  const net = nets[index];
  const blocks = net.problem === null ? net.blocks : [];
  const block = Math.min(choice.block, Math.max(0, blocks.length - 1));
  const field = choice.field !== null && choice.field < (blocks[block] ?? 0) ? choice.field : null;
  return { net: index, block, field };
}

async function turnTo(degrees: number): Promise<void> {
  const [row] = await client.run('turn', { degrees: [degrees] }).result;
  setState(({ sweep }) => ({
    present: { degrees, row },
    sweep: SWEEP.includes(degrees) ? sweep.with(SWEEP.indexOf(degrees), row) : sweep,
  }));
}

/** Whether a network's layers turn with the tile that is shown, and where that breaks: a sentence. */
export const askWhereItBreaks = (net: number): Promise<string> => client.run('breaks', { net }).result;

async function readFields(choice: FieldChoice, degrees: number): Promise<void> {
  const fields = await client.run('fields', { ...choice, degrees }).result;
  askedOf.set(fields, choice);
  setState({ fields });
}

/** The tile and network that the orbit is of, and the network's group. */
let orbitOf: { readonly key: string; readonly group: GroupName | null } = { key: '', group: null };

/** What is missing of the orbit of a network's filter; of another tile or network all is. Another group has other seats. */
function nextOrbit({ key: tile }: Look, net: number, group: GroupName): Step | null {
  const key = JSON.stringify([tile, net]);
  if (key !== orbitOf.key) {
    // What a link wishes is of the first network.
    const isFirst = orbitOf.group === null;
    const isOther = !isFirst && group !== orbitOf.group;
    orbitOf = { key, group };
    useTileOrbit.setState((wish) => ({
      ...{ whole: null, shown: null },
      ...(isOther ? { torn: [], mirrored: false } : { torn: fittingWish(wish, group) }),
      ...(!isFirst && { field: null }),
    }));
  }
  const wish = missingOrbit(useTileOrbit.getState());
  return wish && (() => readOrbit(key, net, wish));
}

async function readOrbit(key: string, net: number, { field, torn }: OrbitWish): Promise<void> {
  const orbit = await client.run('orbit', { net, field, torn: [...torn] }).result;
  if (key === orbitOf.key) useTileOrbit.setState((before) => withOrbit(orbit, before));
}

async function turnThrough(place: number): Promise<void> {
  const [row] = await client.run('turn', { degrees: [SWEEP[place]] }).result;
  setState(({ sweep }) => ({ sweep: sweep.with(place, row) }));
}
