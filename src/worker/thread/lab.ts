/** What the worker does for each command: thin wiring from the protocol to the lab. */
import { BadInput } from '../../lab/errors';
import { answersAtTurns } from '../../lab/evaluate/classify';
import { decodeAnyModel, encodeModel } from '../../lab/files/modelFile';
import { takeAlong, zipFolder } from '../../lab/files/takeAlong/takeAlong';
import { fitSquare, sampleSquare } from '../../lab/pictures/cut';
import { type GrowingStudy, growingStudy, studyOf, tilesNeeded } from '../../lab/prune/neurons/growingStudy';
import { sheetOf } from '../../lab/prune/neurons/sheet';
import type { Study } from '../../lab/prune/neurons/study';
import { originByHand } from '../../lab/recipe/handmade';
import { runRecipe } from '../../lab/recipe/pipeline';
import { prepare } from '../../lab/recipe/prepare';
import { type BackendReport, onDeviceError, onDeviceLost } from '../../lab/runtime/backend';
import { mapEvents, type Stage } from '../../lab/stage/events';
import { stagesOf } from '../../storage/runs';
import { openRunStore, PAGE_RUN } from '../../storage/stages';
import { loadDataset } from '../../storage/tiles';
import type { JobEvent, Message, NetKind, NetName } from '../protocol/protocol';
import { fetchCatalogue, fetchModel, realPair } from './catalogue';
import { createExtractHandlers, type OpenStudy } from './extracting';
import { createFinetuneHandler } from './finetuning';
import type { Handlers } from './host';
import { downloadDataset, importDataset, rotateDataset } from './importing';
import { startEngine } from './kernels';
import { createLookHandlers } from './looking';
import { loadSubject } from './opening';
import { createRaceHandler } from './racing';
import { dropCheckpoints } from './reporting';
import { runAndKeep } from './running';
import { createTrunkHandlers } from './trunk';

/** The worker's handlers; they share the networks opened last. */
export function createLab(post: (message: Message) => void): Handlers {
  const studies = new Map<NetName, OpenStudy & { readonly fingerprint: string }>();
  let engine: BackendReport | null = null;

  return {
    async *start({ backend, lock }) {
      holdLock(lock, () => post({ type: 'alive' }));
      yield progress('starting the engine', 0, 1);
      const report = await startEngine(backend);
      engine = report;
      onDeviceLost((why) => post({ type: 'lost', why }));
      onDeviceError((why) => post({ type: 'lost', why }));
      return report;
    },

    async *open({ catalogue, subject, seed, firstTiles }) {
      yield progress('loading the networks', 0, 1);
      const opening = await loadSubject(subject, catalogue, seed);
      const { opened, main, peer, paint } = opening;
      yield { type: 'opened', opened };

      const nets = [['main', main] as const, ...(peer ? [['peer', peer] as const] : [])];
      const benches = nets.map(([net, candidate]) => ({
        net,
        candidate,
        bench: growingStudy(candidate.model, candidate.dataset, candidate.splits),
      }));
      if (paint) yield* naming(paint(tilesNeeded(benches[0].bench, firstTiles)), 'painting the first tiles');
      for (const { net, bench } of benches) yield* study(net, bench, seed, firstTiles);
      const { train, val } = main.splits;
      if (paint) yield* naming(paint([...train, ...val]), 'painting the remaining tiles');
      studies.clear();
      for (const { net, bench, candidate } of benches) {
        studies.set(net, {
          study: yield* study(net, bench, seed),
          fingerprint: candidate.fingerprint,
          seed,
          tellOrigin(steps) {
            const { model, title, split } = candidate;
            return originByHand({ from: { model, title }, source: candidate.source(), split }, steps);
          },
        });
      }
      return opened;
    },

    ...createFinetuneHandler((net) => studies.get(net), PAGE_RUN),
    ...createExtractHandlers((net) => studies.get(net)),
    ...createRaceHandler((net) => studies.get(net)),
    ...createLookHandlers(),
    ...createTrunkHandlers(() => studies.get('main'), PAGE_RUN),

    // biome-ignore lint/correctness/useYield: a job that reports nothing.
    async *model({ key }) {
      const { store } = await openRunStore(PAGE_RUN);
      const kept = await store.loadStage(key);
      if (!kept?.model) throw new BadInput(`No network is kept under "${key}".`);
      return encodeModel(kept.model);
    },

    // biome-ignore lint/correctness/useYield: a job that reports nothing.
    async *takeAlong({ file, folder }) {
      const { files } = await takeAlong(decodeAnyModel(file));
      return zipFolder(folder, files);
    },

    async *classify({ catalogue: url, name, picture, fit }) {
      yield progress('loading the networks', 0, 1);
      const catalogue = await fetchCatalogue(url);
      const pair = realPair(catalogue);
      const part = fitSquare(picture, fit, name);
      const tile = sampleSquare(picture, part, pair.size);
      const nets = [];
      for (const role of ['equivariant', 'plain'] as const satisfies NetKind[]) {
        const { title, model } = await fetchModel(catalogue, url, pair[role]);
        nets.push({ role, title, turns: await answersAtTurns(model, tile) });
      }
      return { name, fit, side: part.side, size: pair.size, tile, nets };
    },

    async *run({ run, recipe, data }) {
      const { store } = await openRunStore(stagesOf(run));
      return yield* dropCheckpoints(runRecipe(prepare(recipe, await loadDataset(data)), store));
    },

    train: (command, stop) => runAndKeep(command, stop, engine),
    async *import({ name, source, lock }) {
      holdLock(lock, () => post({ type: 'alive' }));
      return yield* dropCheckpoints(importDataset(name, source));
    },
    async *download({ set, name, files, lock }, stop) {
      holdLock(lock, () => post({ type: 'alive' }));
      return yield* dropCheckpoints(downloadDataset(set, name, files, stop));
    },
    async *rotate({ from, name, lock }) {
      holdLock(lock, () => post({ type: 'alive' }));
      return yield* dropCheckpoints(rotateDataset(from, name));
    },
  };

  async function* study(
    net: NetName,
    bench: GrowingStudy,
    seed: number,
    tiles?: number,
  ): AsyncGenerator<JobEvent, Study, void> {
    const which = net === 'main' ? 'the network' : 'the other network';
    const opened = yield* naming(studyOf(bench, tiles), `running ${which}`);
    const sheet = yield* naming(sheetOf(opened, seed), `pruning ${which} in every way`);
    yield { type: 'sheet', net, sheet };
    return opened;
  }
}

const progress = (what: string, done: number, total: number): JobEvent => ({
  type: 'progress',
  what,
  done,
  total,
});

/** Holds a Web Lock until the worker ends, which tells the page that it has. */
function holdLock(name: string, held: () => void): void {
  // Offered on secure pages only; elsewhere the page hears of errors, but not of silent deaths.
  void navigator.locks?.request(name, () => {
    held();
    return new Promise(() => {});
  });
}

/** Passes a stage on, with its progress named for people. */
function naming<T>(stage: Stage<T>, what: string): AsyncGenerator<JobEvent, T, void> {
  return mapEvents(stage, (event) => {
    if (event.type === 'checkpoint') return null;
    return event.type === 'progress' ? { ...event, what } : event;
  });
}
