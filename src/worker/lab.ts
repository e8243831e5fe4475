/** What the worker does for each command: thin wiring from the protocol to the lab. */
import { decodePicture } from '../lab/data/decode';
import { unpackDataset } from '../lab/data/packed';
import { DEFAULT_FRACTIONS, stratifiedSplit } from '../lab/data/splits';
import { syntheticDataset } from '../lab/data/synthetic';
import { gradualSynthetic } from '../lab/data/synthetic/gradual';
import { BadInput } from '../lab/errors';
import { answersAtTurns, tileOf } from '../lab/evaluate/classify';
import { passing, type Stage } from '../lab/events';
import { encodeModel } from '../lab/formats/modelFile';
import { type Bench, newBench, studyOf, tilesNeeded } from '../lab/prune/bench';
import { finetuneSession } from '../lab/prune/session';
import { sheetOf } from '../lab/prune/sheet';
import type { Study } from '../lab/prune/study';
import { unitCount } from '../lab/prune/units';
import { prepare, runRecipe } from '../lab/recipe/pipeline';
import { onDeviceError, onDeviceLost, startBackend } from '../lab/runtime/backend';
import { finetuneSettingsSchema } from '../lab/train/settings';
import { fetchCatalogue, fetchModel, pairOf, realPair } from './catalogue';
import { loadDecoders } from './decoders';
import type { Handlers } from './host';
import { type JobEvent, type Message, NETS, type NetInfo, type NetName, type Setting } from './protocol';
import { openRunStore } from './store';
import { wasmPaths } from './wasmPaths';

/** For the random method and for shuffling. */
const SEED = 1;
/** Where fine-tuned networks of the page are kept. */
const PAGE_RUN = 'page';

/** The worker's handlers; they share the networks opened last. */
export function createLab(post: (message: Message) => void): Handlers {
  const studies = new Map<NetName, { study: Study; print: string }>();

  return {
    async *start({ backend, lock }) {
      holdLock(lock, () => post({ type: 'alive' }));
      yield progress('starting the engine', 0, 1);
      const report = await startBackend(backend, { wasmPaths });
      onDeviceLost((why) => post({ type: 'lost', why }));
      onDeviceError((why) => post({ type: 'lost', why }));
      return report;
    },

    async *open({ catalogue: url, pair: pairId, firstTiles }) {
      yield progress('loading the networks', 0, 1);
      const catalogue = await fetchCatalogue(url);
      const pair = pairOf(catalogue, pairId);
      const [equivariant, plain] = await Promise.all(
        NETS.map((net) => fetchModel(catalogue, url, pair[net])),
      );
      const loaded = { equivariant, plain };

      const { size, perClass, datasetSeed, splitSeed } = pair;
      const { dataset, paint } = gradualSynthetic({ size, perClass, seed: datasetSeed });
      const splits = stratifiedSplit(dataset, DEFAULT_FRACTIONS, splitSeed);
      const opened = {
        pair: pair.id,
        title: pair.title,
        dataset: { title: dataset.title, synthetic: dataset.synthetic, size },
        split: {
          seed: splitSeed,
          train: splits.train.length,
          val: splits.val.length,
          test: splits.test.length,
        },
        nets: { equivariant: infoOf(loaded.equivariant), plain: infoOf(loaded.plain) },
      };
      yield { type: 'opened', opened };

      const benches = new Map<NetName, Bench>();
      for (const net of NETS) benches.set(net, newBench(loaded[net].model, dataset, splits));
      const needed = tilesNeeded(benches.get('equivariant')!, firstTiles);
      yield* naming(paint(needed), 'painting the first tiles');
      for (const net of NETS) yield* study(net, benches.get(net)!, firstTiles);
      yield* naming(paint([...splits.train, ...splits.val]), 'painting the remaining tiles');
      for (const net of NETS) {
        studies.set(net, { study: yield* study(net, benches.get(net)!), print: loaded[net].print });
      }
      return opened;
    },

    async *finetune({ net, setting }, stop) {
      const opened = studies.get(net);
      if (!opened) throw new BadInput('Open a pair of networks before fine-tuning one.');
      const { store, lasting } = await openRunStore(PAGE_RUN);
      if (!lasting)
        yield { type: 'warning', message: 'This browser keeps nothing: a reload loses the network.' };
      const key = `${opened.print} ${keyOf(setting)}`;
      const checkpoint = await store.loadCheckpoint(key);
      if (checkpoint) yield { type: 'resumed', history: checkpoint.history };
      const { method, compensation, removed, scope } = setting;
      const choice = { method, compensation, ratio: removed / unitCount(opened.study.model), seed: SEED };
      const settings = { ...finetuneSettingsSchema.parse({}), scope };
      const session = finetuneSession(opened.study, choice, settings, { store, key, checkpoint, stop });
      const result = yield* withoutCheckpoints(session);
      return { key, tiles: opened.study.turns[0].labels.length, ...result };
    },

    // biome-ignore lint/correctness/useYield: a job that reports nothing.
    async *model({ key }) {
      const { store } = await openRunStore(PAGE_RUN);
      const kept = await store.loadStage(key);
      if (!kept?.model) throw new BadInput(`No network is kept under "${key}".`);
      return encodeModel(kept.model);
    },

    async *classify({ catalogue: url, name, bytes }) {
      yield progress('reading the picture', 0, 1);
      await loadDecoders();
      const picture = await decodePicture(bytes, name);
      const catalogue = await fetchCatalogue(url);
      const pair = realPair(catalogue);
      const nets = [];
      for (const role of NETS) {
        const { title, model } = await fetchModel(catalogue, url, pair[role]);
        const tile = tileOf(picture, model.arch.input.size, name);
        nets.push({ role, title, turns: await answersAtTurns(model, tile) });
      }
      return { name, nets };
    },

    async *run({ run, recipe, dataset: bytes }) {
      const { store } = await openRunStore(`run ${run}`);
      const dataset = bytes ? unpackDataset(bytes, 'The dataset') : syntheticDataset();
      return yield* withoutCheckpoints(runRecipe(prepare(recipe, dataset), store));
    },
  };

  async function* study(net: NetName, bench: Bench, tiles?: number): AsyncGenerator<JobEvent, Study, void> {
    const opened = yield* naming(studyOf(bench, tiles), `running the ${net} network`);
    const sheet = yield* naming(sheetOf(opened, SEED), `pruning the ${net} network in every way`);
    yield { type: 'sheet', net, sheet };
    return opened;
  }
}

function infoOf({ title, model }: { title: string; model: Study['model'] }): NetInfo {
  return { title, arch: model.arch.id, group: model.arch.group, classes: model.classes };
}

function keyOf({ method, compensation, removed, scope }: Setting): string {
  return [method, compensation, removed, scope].join(' ');
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
  return passing(stage, (event) => {
    if (event.type === 'checkpoint') return null;
    return event.type === 'progress' ? { ...event, what } : event;
  });
}

/** Checkpoints stay in the worker: they are large, and the store has them. */
function withoutCheckpoints<T>(stage: Stage<T>): AsyncGenerator<JobEvent, T, void> {
  return passing(stage, (event) => (event.type === 'checkpoint' ? null : event));
}
