/**
 * What the worker does for each command: thin wiring from the protocol to the lab. Starting an engine and opening networks
 * are in its first script; all else is loaded when it is first asked for, so that it does not stand before the first slider.
 */
import { BadInput } from '../../lab/errors';
import { requireHidden, sliderUnits } from '../../lab/families/units';
import { firstTiles, type GrowingStudy, growingStudy, studyOf } from '../../lab/prune/neurons/growingStudy';
import { type Sheet, sheetOf, type Watch } from '../../lab/prune/neurons/sheet';
import type { Study } from '../../lab/prune/neurons/study';
import { watchedAmong } from '../../lab/prune/neurons/watched';
import type { originByHand } from '../../lab/recipe/handmade';
import { type BackendReport, onDeviceError, onDeviceLost } from '../../lab/runtime/backend';
import { type Ahead, ahead, type Stage } from '../../lab/stage/events';
import { hasFeatures } from '../../storage/features';
import type { BackendPreference, FirstEngine, NetName } from '../protocol/choices';
import type { JobCommand } from '../protocol/commands';
import type { Message } from '../protocol/messages';
import type { JobEvent } from '../protocol/results';
import type { Candidate } from './candidate';
import { WASM } from './earlier';
import { EarlierTrunk } from './earlierTrunk';
import type { Handlers } from './host';
import { JOBS } from './jobNames';
import { startEngine } from './kernels';
import { handlersLater } from './later';
import { holdLock } from './lock';
import { loadSubject, type Opening } from './opening';
import type { Kept } from './pruning';
import { naming } from './reporting';
import type { OnBench } from './slider';
import type { StopSlider } from './stopSlider';

interface Loaded extends Opening {
  /** Nothing is kept of an earlier one. */
  readonly isFirstVisit: boolean;
  /** The curves of all tiles that WASM found on an earlier visit. */
  readonly sheets: ReadonlyMap<NetName, Sheet>;
}

/** A network that is being opened. */
interface Arriving {
  readonly net: NetName;
  readonly candidate: Candidate;
  readonly bench: GrowingStudy;
  readonly earlier: EarlierTrunk;
  /** The curves of all tiles, once they are there. */
  sheet?: Sheet;
  /** Whether all of it is there since an earlier visit. */
  isKept: boolean;
}

/** What is watched: filled in by whoever chooses first. */
type Watching = { -readonly [Key in keyof Watch]: Watch[Key] };

type Open = Extract<JobCommand, { type: 'open' }>;

export interface Lab {
  /** They share the networks opened last. */
  readonly handlers: Handlers;
  /** Told of a job that will be run: networks are on their way, and their first tiles painted, while the engine starts. */
  foresee(command: JobCommand): void;
}

/** What the worker does. `code`: names this version of the code; null: keep no features. */
export function createLab(post: (message: Message) => void, code: string | null): Lab {
  const kept = new Map<NetName, Kept>();
  const find = (net: NetName) => kept.get(net);
  const sliders = new Map<NetName, StopSlider>();
  /** The job asked for last. */
  let latest = 0;
  let engine: BackendReport | null = null;
  /** Of what was opened last: its tiles may not all be painted. */
  let painting: Opening['paint'] = null;
  const alive = () => post({ type: 'alive' });
  let tellOrigin: typeof originByHand | undefined;
  /** What is foreseen; `isTold`: the page has its curves already. */
  let coming: { readonly id: number; readonly loading: Ahead<Loaded>; isTold: boolean } | undefined;

  const foresee = (command: JobCommand) => {
    latest = command.id;
    if (command.type === 'open' && !engine && !coming)
      coming = { id: command.id, loading: ahead(load(command)), isTold: false };
  };

  const handlers: Handlers = {
    async *start({ backend, first, lock }) {
      holdLock(lock, alive);
      yield progress('starting the engine', 0, 1);
      const starting = startEngine(backend, first);
      if (isWasmWanted(backend, first)) yield* tellEarlier(starting);
      const report = await starting;
      engine = report;
      onDeviceLost((why) => post({ type: 'lost', why }));
      onDeviceError((why) => post({ type: 'lost', why }));
      return report;
    },

    async *open(command) {
      if (!engine) throw new BadInput('No engine runs, so no network can be opened.');
      const { seed, firstTiles: first, pinned } = command;
      yield progress('loading the networks', 0, 1);
      const foreseen = coming?.id === command.id ? coming : undefined;
      coming = undefined;
      const loading = foreseen?.loading.look() ?? load(command);
      const loaded = yield* naming(loading, PAINTING_FIRST);
      const { opened, main, paint, isFirstVisit, sheets } = loaded;
      const running = engine;
      // What WASM has found is not another engine's.
      const isTold = foreseen?.isTold && running.backend === 'wasm';
      if (!isTold) yield { type: 'opened', opened };

      const [behindTrunks, byStops] = byUnits(networksOf(loaded));
      const arriving = behindTrunks.map(
        ([net, candidate]): Arriving => ({
          net,
          candidate,
          bench: growingStudy(requireHidden(candidate.model), candidate.dataset, candidate.splits),
          earlier: new EarlierTrunk(candidate, running, code),
          isKept: false,
        }),
      );
      // Of these no tiles are kept with their answers.
      let missing = isFirstVisit || byStops.length > 0;
      if (!isFirstVisit) {
        for (const each of arriving) {
          const { net, earlier } = each;
          each.sheet = running.backend === 'wasm' ? sheets.get(net) : await earlier.sheet(seed);
          if (each.sheet && !isTold) yield { type: 'sheet', net, sheet: each.sheet };
        }
        for (const each of arriving) {
          const filled = await each.earlier.fill(each.bench);
          each.isKept = filled && each.sheet !== undefined;
          missing ||= !filled;
        }
      }

      // Chosen with the first curves of the first network; the same of both, and from then on.
      const watching: Watching = { tiles: arriving[0]?.sheet?.watched.tiles ?? null, pinned };
      if (missing && paint)
        yield* naming(paint(firstTiles(main.dataset, main.splits, first)), PAINTING_FIRST);
      for (const each of arriving) if (!each.sheet) yield* study(each, seed, watching, first);
      const { train, val } = main.splits;
      if (missing && paint) yield* naming(paint([...train, ...val]), 'painting the remaining tiles');
      kept.clear();
      sliders.clear();
      painting = paint;
      for (const each of arriving) {
        const { candidate, net } = each;
        const opened = yield* study(each, seed, watching);
        const watched = watchedAmong(opened.tiles, each.sheet!.watched.tiles);
        kept.set(net, { study: { ...opened, watched }, ...benchOf(candidate, seed) });
      }
      for (const [net, candidate] of byStops) {
        const { StopSlider } = await import('./stopSlider');
        const earlier = new (await earlierStops())(candidate, running, code, seed);
        const slider = yield* StopSlider.open(net, candidate, command, earlier);
        sliders.set(net, slider);
        kept.set(net, { slider, ...benchOf(candidate, seed) });
      }
      for (const { bench, sheet, earlier, isKept } of arriving)
        if (!isKept) void earlier.keep(bench, seed, sheet!);
      return opened;
    },

    ...handlersLater(
      [
        ...(['finetune', 'extract', 'cascades', 'orbits', 'pruned'] as const),
        ...(['rankTrunk', 'pruneTrunk'] as const),
      ],
      async () => {
        const pruning = await import('./pruning');
        tellOrigin = pruning.originByHand;
        return pruning.createPruneHandlers(find);
      },
    ),
    ...handlersLater(['curves'], async () =>
      (await import('./curves')).createCurvesHandler(
        (net) => sliders.get(net) ?? null,
        (job) => latest > job,
      ),
    ),
    ...handlersLater(['race'], async () => {
      const model = () => {
        const found = find('main');
        return found && ('study' in found ? found.study.model : found.slider.model);
      };
      return (await import('./racing')).createRaceHandler(model);
    }),
    ...handlersLater(['minds', 'oblique'], async () => (await import('./minds')).createMindsHandlers(find)),
    ...handlersLater(['neighbours'], async () => (await import('./rounding')).createRoundingHandler(find)),
    ...handlersLater(['report', 'tilePictures', 'forgetTiles'], async () =>
      (await import('./wrong')).createWrongHandlers(find, () => painting ?? undefined),
    ),
    ...handlersLater(['upright'], async () => (await import('./upright')).uprightHandlers),
    ...handlersLater(['tryRates', 'tryTurns'], async () => (await import('./trying')).tryHandlers),
    ...handlersLater(['benchOrbit'], async () => (await import('./benchOrbit')).createOrbitHandler(find)),
    ...handlersLater(['probe'], async () => (await import('./probing')).createProbeHandlers(alive)),
    ...handlersLater(['networks', 'look', 'turn', 'fields', 'breaks', 'orbit', 'map'], async () =>
      (await import('./looking')).createLookHandlers(),
    ),
    ...handlersLater(['tryOut'], async () => (await import('./tryingOut')).tryingOutHandlers),
    ...handlersLater(['cost'], async () => (await import('./costing')).costHandlers),
    ...handlersLater(['batch'], async () => (await import('./batch')).batchHandlers),
    ...handlersLater(['trainTask', 'saveTask', 'openTask', 'flow', 'scene'], async () =>
      (await import('./tasks')).createTaskHandlers(),
    ),
    ...handlersLater(JOBS, async () => (await import('./jobs')).createJobs(() => engine, alive)),
  };
  return { handlers, foresee };

  function benchOf({ model, title, split, source, fingerprint }: Candidate, seed: number) {
    const tell: OnBench['tellOrigin'] = (steps) =>
      tellOrigin!({ from: { model, title }, source: source(), split }, steps);
    return { fingerprint, seed, tellOrigin: tell };
  }

  /** Loads what is to be opened; on a first visit, paints its first tiles meanwhile. */
  async function* load(command: Open): Stage<Loaded> {
    const { catalogue, subject, seed, firstTiles: first } = command;
    const visit = code ? hasFeatures().then((has) => !has) : Promise.resolve(true);
    const early = visit.then((isFirst) => (isFirst ? first : 0));
    const opening = yield* loadSubject(subject, catalogue, seed, early);
    const isFirstVisit = await visit;
    const sheets = new Map<NetName, Sheet>();
    if (!isFirstVisit)
      for (const [net, candidate] of networksOf(opening)) {
        const sheet = await keptSheet(candidate, command);
        if (sheet) sheets.set(net, sheet);
      }
    return { ...opening, isFirstVisit, sheets };
  }

  /** The curves of an earlier visit, on this engine; where each stop is a network of its own, if the chosen one is among them. */
  async function keptSheet(candidate: Candidate, { way, chosen, seed }: Open): Promise<Sheet | undefined> {
    if (isBehindTrunk(candidate)) return new EarlierTrunk(candidate, WASM, code).sheet(seed);
    const { method, compensation } = chosen;
    const sheet = await new (await earlierStops())(candidate, WASM, code, seed).sheet(way);
    const isThere = sheet?.curves.some(
      (curve) => curve.method === method && curve.compensation === compensation,
    );
    return isThere ? sheet : undefined;
  }

  /** Curves that an earlier visit has left need no engine: they are told while it starts, where they are there first. */
  async function* tellEarlier(starting: Promise<unknown>): AsyncGenerator<JobEvent, void, void> {
    if (!coming) return;
    const ended = starting.then(
      () => null,
      () => null,
    );
    const loaded = await Promise.race([coming.loading.result.catch(() => null), ended]);
    if (!loaded?.sheets.has('main')) return;
    coming.isTold = true;
    yield { type: 'opened', opened: loaded.opened };
    for (const [net, sheet] of loaded.sheets) yield { type: 'sheet', net, sheet };
  }

  /** Runs the network on so many tiles more, and tells the curves where they are new. */
  async function* study(
    each: Arriving,
    seed: number,
    watching: Watching,
    tiles?: number,
  ): AsyncGenerator<JobEvent, Study, void> {
    const which = each.net === 'main' ? 'the network' : 'the other network';
    const opened = yield* naming(studyOf(each.bench, tiles), `running ${which}`);
    if (each.sheet) return opened;
    const sheet = yield* naming(sheetOf(opened, seed, watching), `pruning ${which} in every way`);
    if (sheet.tiles === sheet.ofTiles) each.sheet = sheet;
    watching.tiles ??= sheet.watched.tiles;
    yield { type: 'sheet', net: each.net, sheet };
    return opened;
  }
}

const networksOf = ({ main, peer }: Opening): Named[] => [
  ['main', main],
  ...(peer ? [['peer', peer] as const] : []),
];

type Named = readonly [NetName, Candidate];

/** Networks with hidden neurons behind a trunk, and those of which each stop is a network of its own. */
function byUnits(networks: readonly Named[]): readonly [readonly Named[], readonly Named[]] {
  const isBehind = ([, candidate]: Named) => isBehindTrunk(candidate);
  return [networks.filter(isBehind), networks.filter((each) => !isBehind(each))];
}

const isBehindTrunk = ({ model }: Candidate): boolean => sliderUnits(model.arch).includes('neuron');

/** Asked for where there is a transformer, or a network from elsewhere. */
const earlierStops = async () => (await import('./earlierStops')).EarlierStops;

/** Whether WASM will run, as far as is known before. */
const isWasmWanted = (backend: BackendPreference, first?: FirstEngine): boolean =>
  backend === 'wasm' || backend === 'wasm-1' || (backend === 'auto' && first?.engine === 'wasm');

const PAINTING_FIRST = 'painting the first tiles';

const progress = (what: string, done: number, total: number): JobEvent => ({
  type: 'progress',
  what,
  done,
  total,
});
