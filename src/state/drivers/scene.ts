/**
 * The class maps of the scene that is shown, by each network at each quarter turn: made by a worker of their own, so that
 * the dial stays alive, and kept for as long as the scene is.
 */
import { create } from 'zustand';
import { breathe } from '../../lab/runtime/breathe';
import type { ClassMap } from '../../lab/scenes/cells';
import type { Job } from '../../worker/page/client';
import { JobCancelled, WorkerLost } from '../../worker/protocol/jobErrors';
import type { JobEvent } from '../../worker/protocol/results';
import { markWork, recallWork, unmarkWork } from '../page/cutOff';
import { type Pace, paceMeter } from '../page/jobPace';
import { type Progress, useLab } from '../page/lab';
import { canMap, useLooking } from '../rotate/looking';
import {
  type BroughtPicture,
  type Cutting,
  isScene,
  type ShownPicture,
  sceneGrid,
  usePictures,
} from '../rotate/pictures';
import { DEFAULT_TURNING, useTurning } from '../rotate/turning';
import { cutOffSentence } from '../words/data';
import { explain } from '../words/explain';
import { engineWanted } from './engine';
import { fileOf } from './looking';
import { benchKey, refOf } from './netFiles';
import { catalogueUrl, newClient } from './workers';

/** The maps of one network at the quarter turns, each turned back; null where it is not there yet. */
export type Turns = readonly (ClassMap | null)[];

export interface SceneState {
  /** The scene that the maps are of. */
  readonly shown: ShownPicture | null;
  /** As it is cut for them. */
  readonly cutting: Cutting;
  /** By what a network is called and what that stands for. */
  readonly maps: Readonly<Record<string, Turns>>;
  readonly progress: Progress | null;
  readonly pace: Pace | null;
  /** Cancelled or failed: goes on when asked to. */
  readonly halted: boolean;
  readonly trouble: string | null;
  /** Quarter turns, 0 … 3. */
  readonly turn: number;
  /** The cell that is pointed at. */
  readonly cell: number | null;
  /** Of the classes over the picture, 0 … 1. */
  readonly opacity: number;
}

const NO_TURNS: Turns = [null, null, null, null];

export const useScene = create<SceneState>()(() => ({
  shown: null,
  cutting: DEFAULT_TURNING,
  maps: {},
  progress: null,
  pace: null,
  halted: false,
  trouble: null,
  turn: 0,
  cell: null,
  opacity: 0.55,
}));

const { getState, setState } = useScene;
const client = newClient(() => {});
let job: Job<null> | null = null;
let started = false;
let following = false;
/** Whether maps are being asked for. */
let mapping = false;

/** What a network's maps are kept under. */
export const mapKey = (name: string): string => JSON.stringify([name, benchKey(name)]);

export const turnsOf = ({ maps }: SceneState, name: string): Turns => maps[mapKey(name)] ?? NO_TURNS;

/** Maps whatever scene is shown, by whichever networks look, from now on. */
export function followScenes(): void {
  if (following) return;
  following = true;
  tellCutOff();
  const renew = () => {
    const { look } = useLooking.getState();
    const shown = look?.shown ?? null;
    const { cell, overlap } = useTurning.getState();
    const { shown: before, cutting } = getState();
    if (shown !== before || overlap !== cutting.overlap || cell !== cutting.cell) {
      cancelMapping();
      setState({
        shown,
        cutting: { cell, overlap },
        maps: {},
        halted: false,
        trouble: null,
        turn: 0,
        cell: null,
      });
    }
    void mapMissing();
  };
  useLooking.subscribe(({ look }, before) => {
    if (look !== before.look) renew();
  });
  usePictures.subscribe(({ asked, pictures, reading }, before) => {
    // What is left behind is not worth finishing.
    if (asked !== before.asked) cancelMapping();
    if (pictures !== before.pictures || reading !== before.reading) remember();
  });
  useTurning.subscribe(({ overlap, cell }, before) => {
    if (overlap !== before.overlap || cell !== before.cell) renew();
  });
  useLab.subscribe(({ preference }, before) => {
    if (preference !== before.preference) close();
  });
  renew();
}

function tellCutOff(): void {
  const cut = recallWork('scene');
  if (!cut) return;
  const told = { name: cut.name, problem: cutOffSentence(cut) };
  usePictures.setState(({ refused }) => ({ refused: [...refused, told] }));
}

/** Files of a person's are gone with the page, from the moment they are given: the next page shall know of them. */
function remember(): void {
  const { shown } = getState();
  const { pictures, reading } = usePictures.getState();
  const isOwn = ({ source }: BroughtPicture) => source instanceof File;
  const own = pictures.find(isOwn);
  // A sample is painted again by itself.
  if (job && shown && isOwn(shown.brought)) markWork('scene', 'mapping', shown.brought.name);
  else if (reading) markWork('scene', 'reading', 'what you gave');
  else if (own) markWork('scene', 'showing', own.name);
  else unmarkWork('scene');
}

export function cancelMapping(): void {
  job?.control('cancel');
}

/** Goes on after a cancel, or tries again after a failure. */
export function goOnMapping(): void {
  setState({ halted: false, trouble: null });
  void mapMissing();
}

function close(): void {
  client.close();
  started = false;
}

interface Missing {
  readonly shown: ShownPicture;
  readonly cutting: Cutting;
  readonly names: readonly string[];
}

/** The networks that have not mapped the scene at every turn; null where there are none, or where nothing is to be done. */
function missing(): Missing | null {
  const state = getState();
  const { shown, cutting, halted } = state;
  const { look } = useLooking.getState();
  if (halted || !shown || !look || look.shown !== shown || !isScene(shown.brought)) return null;
  const names = look.names.filter((name, i) => canMap(look.nets[i]) && turnsOf(state, name).includes(null));
  return names.length > 0 ? { shown, cutting, names } : null;
}

/** Asks for the maps that are not there, until none is missing. */
async function mapMissing(): Promise<void> {
  if (mapping) return;
  mapping = true;
  try {
    for (let next = missing(); next; next = missing()) await mapBy(next);
  } finally {
    mapping = false;
  }
}

async function mapBy({ shown, cutting, names }: Missing): Promise<void> {
  const keys = names.map(mapKey);
  const meter = paceMeter();
  const isStill = () => getState().shown === shown && getState().cutting === cutting;
  const follow = (event: JobEvent) => {
    if (!isStill()) return;
    if (event.type === 'progress') {
      const { what, done, total } = event;
      setState({ progress: { what, done, total }, pace: meter(performance.now(), done, total) });
    }
    if (event.type === 'map') put(keys[event.net], event.turn, event.map);
  };
  try {
    const nets = await Promise.all(names.map(refOf));
    // A large scene is copied for the worker: not in the task that draws it.
    await breathe();
    if (!isStill()) return;
    const { width, height, data, empty } = shown.picture;
    const picture = { width, height, data, ...(empty && { empty }), file: fileOf(shown) };
    const { cell, stride } = sceneGrid(shown.picture, shown.brought.name, cutting);
    if (!started) client.run('start', engineWanted()).result.catch(() => {});
    started = true;
    job = client.run(
      'map',
      { catalogue: catalogueUrl(), name: shown.brought.name, picture, nets, cell, stride },
      follow,
    );
    remember();
    await job.result;
  } catch (error) {
    if (error instanceof WorkerLost) started = false;
    // Cancelled because something else is shown: then that is mapped.
    if (isStill()) {
      setState({
        halted: true,
        trouble: error instanceof JobCancelled ? null : `The map ended half-way. ${explain(error)}`,
      });
    }
  } finally {
    job = null;
    remember();
    setState({ progress: null, pace: null });
  }
}

const put = (key: string, turn: number, map: ClassMap): void =>
  setState(({ maps }) => ({ maps: { ...maps, [key]: (maps[key] ?? NO_TURNS).with(turn, map) } }));
