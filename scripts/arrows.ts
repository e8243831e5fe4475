/**
 * The map of the house: every room, and which rooms it may import, types included. `arrows.test.ts` holds the code to it.
 *
 * A room is a folder with all below it that has no line of its own, or a single file; `.` is what lies in an area's folder
 * itself. Names are those of rooms in the same area, else whole paths; a path names all rooms below it. A line says all
 * that a room imports and nothing more: an arrow that no import needs any longer is taken out. There are no exceptions.
 * Areas and their lines stand in an order in which each imports only what stands above it: so there is no circle of rooms.
 *
 * Tests (`*.test.ts`, `*.spec.ts`, and their helpers in folders named `testing`) are imported by tests alone. They may
 * import everything of their own area, and what `tests` names.
 */

export interface Area {
  /** What every room of the area may import. */
  readonly all: string;
  /** The area's tests may import this beside the area itself. */
  readonly tests: string;
  /** Room → what it may import beside that. */
  readonly rooms: Readonly<Record<string, string>>;
}

/** Area → its rooms. */
export type House = Readonly<Record<string, Area>>;

export const HOUSE: House = {
  /** The lab: pure TypeScript on tfjs. It knows no React, no DOM, no worker and no Node; hosts run it. */
  'src/lab': {
    all: '.',
    tests: '',
    rooms: {
      // Errors that people read; random numbers from seeds and counters; what was made last.
      '.': '',
      // Which engine runs, and why; the only way to tfjs; clocks, and pauses in which a host answers.
      runtime: '',
      // Distributions, tests of tiles × seeds, and what they can tell.
      statistics: '',
      // Groups, orbits, exact turns, filters under them. Plain arrays.
      symmetry: '',
      // Pictures as values: cutting, turning, previews, where on the earth they lie.
      pictures: 'symmetry',
      'pictures/codecs': '',
      'pictures/tiff': 'pictures pictures/codecs',
      'pictures/decode': 'pictures pictures/codecs pictures/tiff',
      // Data sets as values: tiles, parts, contact sheets, digits turned.
      data: 'pictures symmetry',
      'data/split': 'data',
      // Manifests and downloads of published sets.
      'data/fetch': '',
      // What every family of networks is made of: models as values, layers as functions.
      nn: 'pictures runtime symmetry data',
      // Events, histories, checkpoints, and what a host keeps of a run.
      stage: 'nn',
      'data/readers': 'data pictures pictures/codecs pictures/decode',
      'data/synthetic': 'data data/readers pictures runtime stage',
      // What the lab asks of a family of networks. Families know this and not each other.
      'families/family.ts': 'nn pictures runtime symmetry',
      // The frame of the scripts that run exported networks.
      'families/script.ts': '',
      // Graphs of ordinary operators, as files of other programs hold networks.
      'families/operators.ts': 'nn',
      'families/gcnn':
        'families/family.ts families/operators.ts families/script.ts nn pictures runtime symmetry',
      'families/mobile': 'families/family.ts families/operators.ts nn runtime symmetry',
      'families/vit':
        'families/family.ts families/operators.ts families/script.ts nn pictures runtime symmetry',
      // Networks that came in from elsewhere, as graphs of ordinary layers.
      'families/imported': 'families/family.ts families/operators.ts nn runtime symmetry',
      // Their list, and what is asked of any of them through it.
      families:
        'families/family.ts families/gcnn families/imported families/mobile families/operators.ts families/vit nn',
      // Accuracy, equivariance, cost and speed of a network.
      evaluate: 'families families/gcnn data nn runtime stage symmetry',
      // What a classifier is right and wrong about, from its logits; only measure.ts runs it.
      'evaluate/report': 'evaluate data nn stage statistics',
      train: 'evaluate families families/gcnn data nn runtime stage',
      quantize: 'evaluate families data nn stage',
      // Network files, checkpoint files.
      files: 'families families/gcnn nn stage',
      // Networks from maps to maps, and how they are taught to mind their symmetry.
      spatial: 'train evaluate families families/family.ts nn runtime symmetry',
      // Flows from a solver, and their step as a task.
      fluids: 'spatial evaluate runtime symmetry',
      // Scenes made by code, and the finding of what is on them.
      detection: 'spatial train data/synthetic data/readers runtime symmetry',
      // Many pictures, a row each.
      batch:
        'data/readers evaluate families families/family.ts nn pictures pictures/decode runtime stage symmetry',
      // Maps of scenes.
      scenes:
        'data/readers evaluate families nn pictures pictures/codecs pictures/tiff runtime stage symmetry',
      // What is removed together, and what is summed up to rank it.
      'prune/units': 'families/gcnn nn runtime symmetry',
      // Equivariant fine-tuning: penalties, cross-validation, projection to an equivariant network.
      adapt: 'prune/units train evaluate families/family.ts families data nn runtime stage symmetry',
      'prune/criteria': 'prune/units',
      'prune/neurons':
        'prune/criteria prune/units train evaluate families families/gcnn files pictures data data/split nn runtime stage symmetry',
      'prune/fields':
        'prune/criteria prune/units train evaluate families/gcnn data nn runtime stage symmetry',
      'prune/orbits': 'prune/fields prune/units families/gcnn nn symmetry',
      // Neurons of the MLPs and heads of transformers.
      'prune/blocks':
        'prune/criteria prune/neurons prune/units train evaluate families/vit data nn runtime stage symmetry',
      // Filters of networks from elsewhere, with all that residual sums tie to them.
      'prune/filters':
        'prune/blocks prune/criteria prune/units train families/imported data nn runtime stage',
      // Curves of which each stop is a network of its own, whatever its units.
      'prune/stops':
        'prune/blocks prune/filters prune/neurons prune/criteria prune/units train evaluate families files nn stage symmetry',
      // Fine-tuning what was pruned, in one step or several.
      'prune/tuning':
        'prune/fields prune/neurons prune/units train evaluate families families/gcnn data nn stage',
      // What goes wrong when symmetry is not respected.
      'prune/counterexamples':
        'prune/fields prune/neurons prune/criteria prune/units evaluate evaluate/report families/gcnn data nn runtime stage symmetry',
      // Pruning inside the convolutions, whatever the unit, as the page asks for it.
      'prune/trunk':
        'prune/counterexamples prune/tuning prune/orbits prune/fields prune/neurons prune/criteria prune/units train evaluate families/gcnn nn stage',
      // Recipes: what is done to which data, as JSON, and the doing of it.
      recipe:
        'adapt prune/counterexamples prune/trunk prune/tuning prune/blocks prune/filters prune/orbits prune/fields prune/neurons prune/criteria prune/units quantize train evaluate families families/gcnn families/imported families/vit files pictures data data/split nn runtime stage symmetry',
      // A network with all that it takes to run it without the lab.
      'files/takeAlong': 'recipe evaluate files families nn pictures runtime',
      // A network as an ONNX file, held against the lab by ONNX Runtime.
      'files/onnx':
        'recipe quantize evaluate evaluate/report families families/operators.ts files/takeAlong data nn runtime stage symmetry',
      // Networks that other programs wrote, as networks of the lab.
      'files/foreign': 'files families/gcnn families/imported nn symmetry',
      'files/foreign/onnx': 'files/foreign files/onnx files families/imported nn symmetry',
      'files/foreign/read.ts': 'files/foreign files/foreign/onnx files nn',
      // The same as a file in C.
      'files/c': 'recipe quantize files/onnx families families/operators.ts files/takeAlong nn',
      // The same as a TFLite file, held against the lab by LiteRT.
      'files/tflite': 'files/onnx files/c families families/operators.ts files/takeAlong nn stage',
      // Plain values of what may be chosen of each format.
      'files/formats.ts': 'files/onnx files/tflite files/c',
      // Sweeps over many machines, as plain values.
      sweep: '',
      // The paper's tables, and what the lab makes of them.
      reproduce:
        'sweep evaluate families adapt recipe files prune/blocks prune/fields prune/neurons prune/criteria data nn stage statistics',
      // Its other tasks, from data by code to a report.
      tasks: 'reproduce recipe files fluids detection spatial train nn stage statistics',
    },
  },

  /** Parts of charts that page and reports draw alike: pure drawings, without styles, states or a browser. */
  'src/charts': { all: 'src/lab/reproduce src/lab/tasks', tests: '', rooms: { '.': '' } },

  /** What a browser keeps: one IndexedDB. Page and workers open it alike. */
  'src/storage': {
    all: 'src/lab',
    tests: '',
    rooms: {
      // The rows as plain data. Whoever only reads them needs no database.
      'rows.ts': '',
      '.': 'rows.ts',
    },
  },

  /** Between the page and its workers. */
  'src/worker': {
    all: 'src/lab',
    tests: 'src/storage',
    rooms: {
      // What is asked and answered, and the ways in which a job fails.
      protocol: 'src/storage/rows.ts',
      // What runs in a worker: the lab's host in the browser.
      thread: 'protocol src/storage',
      // Starts the picture worker, whose messages are its own.
      page: 'protocol',
    },
  },

  /** The page's state, without a view. */
  'src/state': {
    all: 'src/lab',
    tests: 'src/storage/rows.ts src/storage/testing src/worker/protocol',
    rooms: {
      // Of the whole page: the engine, the open view and lesson, what is hidden, what is remembered.
      page: 'src/worker/protocol',
      // Of each view. They know what is kept and what is asked, and nobody who asks.
      data: 'page src/storage/rows.ts src/worker/protocol',
      prune: 'page src/storage/rows.ts src/worker/protocol',
      fields: 'page src/storage/rows.ts src/worker/protocol',
      // Pictures are brought as data sets are.
      rotate: 'data src/storage/rows.ts src/worker/protocol',
      // Many pictures classified at once; they are brought as data sets are.
      batch: 'data page src/storage/rows.ts',
      // A field's orbit: a dial turns its tile.
      orbit: 'rotate src/worker/protocol',
      train: 'src/storage/rows.ts src/worker/protocol',
      // A pipeline is a run, and begins with a training's plan.
      pipeline: 'train src/storage/rows.ts',
      // An adapting is a run, of a network that the link names as Rotate does.
      adapt: 'train rotate src/storage/rows.ts',
      // Where networks are wrong: of those on the bench, and of those that runs left.
      wrong: 'page prune pipeline src/storage/rows.ts src/worker/protocol',
      // Sweeps that are followed: what was heard of them, and of whom.
      sweep: 'page',
      // It opens them from disk.
      paper: 'sweep',
      // Flows and detection; what goes on of them is remembered.
      tasks: 'page src/worker/protocol',
      // Sentences and tables: functions of states and rows.
      words:
        'page data prune fields rotate train pipeline adapt wrong tasks src/storage/rows.ts src/worker/protocol',
      // The address bar: all that a link carries, in and out.
      address: 'page prune fields rotate orbit train pipeline adapt wrong paper tasks src/worker/protocol',
      // Who talks to the workers and to what is kept. The session begins by the address.
      drivers:
        'page data prune fields rotate batch orbit train pipeline adapt wrong tasks words address src/storage src/worker/protocol src/worker/page src/worker/thread',
      // Lessons drive the page as a person does.
      'learn/lessons': 'drivers page prune words src/worker/protocol',
      // How far one is in them, and the judging of answers by what the page holds.
      learn: 'learn/lessons drivers page prune words src/worker/protocol',
    },
  },

  /** The service worker, and the page's way to have one. Alone: it is the first that loads and the last that may break. */
  'src/offline': { all: '', tests: '', rooms: { '.': '' } },

  /** The views. What they show is in the states; what they ask for goes through the drivers; tfjs they never load. */
  'src/app': {
    all: 'src/lab src/state src/charts',
    tests: 'src/worker/protocol',
    rooms: {
      // Pictures, tables and files of what is seen.
      saving: '',
      charts: 'saving',
      // What several views show.
      parts: 'charts saving src/storage/rows.ts src/worker/protocol',
      // One filter, its turned copies and what they see, as one picture.
      orbit: 'parts',
      // Where a network is wrong: a card in each view that has networks on labelled tiles.
      wrong: 'charts parts saving src/storage/rows.ts src/worker/protocol',
      data: 'charts parts saving src/storage/rows.ts',
      prune: 'charts parts saving wrong src/worker/protocol',
      fields: 'charts orbit parts saving src/storage/rows.ts',
      rotate: 'charts orbit parts saving src/storage/rows.ts src/worker/protocol',
      // A sweep over many workers, as it goes on.
      sweep: 'charts parts saving',
      paper: 'charts parts saving sweep',
      tasks: 'charts parts saving src/worker/protocol',
      learn: 'charts orbit parts',
      // Among the data sets to train on are the synthetic tiles, which the Data view knows.
      train: 'charts data parts saving wrong src/storage/rows.ts',
      // The runs of pipelines are listed and charted as trainings are.
      pipeline: 'charts parts saving train wrong src/storage/rows.ts',
      // What is adapted is a run of stages, as pipelines are.
      adapt: 'charts parts saving train pipeline wrong src/storage/rows.ts',
      // The frame around the views.
      shell: 'parts data prune fields rotate paper tasks learn train pipeline adapt',
      // Where the page begins.
      '.': 'shell src/offline src/worker/protocol',
    },
  },

  /** The command line. */
  cli: {
    all: 'src/lab',
    tests: '',
    rooms: {
      // What any Node program needs of the lab: engine, files, data, run folders, progress.
      node: '',
      // The store that all machines of a sweep see: a folder, or storage that speaks S3.
      artefacts: 'node',
      // What verbs share: options, printing, fetching, sessions.
      '.': 'node',
      // The page that follows a sweep, on this machine: its files and the statuses.
      sweepPage: '',
      // It draws the reports' charts.
      reproduce: '. node src/charts',
      // Runs as jobs on a queue, and the workers that take them.
      sweep: '. node artefacts reproduce',
      verbs: '. node reproduce sweep sweepPage',
      // The program: a line for each verb; and as a process.
      'program.ts': 'verbs reproduce node',
      'main.ts': 'program.ts node',
    },
  },

  /** Building, starting, testing, and the networks that the page comes with. */
  scripts: { all: '', tests: '', rooms: { '.': 'src/lab cli/node' } },

  /** Figures, no verdicts. */
  bench: {
    all: 'src/lab',
    tests: '',
    rooms: {
      '.': 'cli/node scripts',
      // WebGPU, in Node, in a page, and packed for elsewhere.
      gpu: '. cli/node scripts',
      // The program: a line for each part.
      'main.ts': '. gpu',
    },
  },

  /** Walks through the built page. Of its sources they know the types of its hooks and rows. */
  e2e: {
    all: '',
    tests: 'src/lab src/storage/rows.ts cli/node cli/sweepPage',
    rooms: {
      '.': 'src/app scripts',
      // The same page in three browser engines, however each is driven.
      engines: '. scripts',
      // The page used over and over, and whether anything creeps: no suite, but asked for.
      soak: '. scripts src/lab cli/node',
    },
  },

  /** The settings of the tools. */
  '.': { all: '', tests: '', rooms: { '.': 'scripts' } },
};

/**
 * Packages that belong somewhere: only there may they be imported, but by tests. A name that ends in a sign stands for all
 * that begin so.
 */
export const PACKAGES: Readonly<Record<string, string>> = {
  '@tensorflow/': 'src/lab/runtime',
  geotiff: 'src/lab/pictures',
  zstddec: 'src/lab/pictures',
  lerc: 'src/lab/pictures cli/node',
  '@jsquash/': 'src/lab/pictures src/worker/thread',
  '@bufbuild/': 'src/lab/files/onnx',
  'onnxruntime-': 'src/lab/files/onnx src/worker/thread',
  flatbuffers: 'src/lab/files/tflite',
  '@litertjs/': 'src/lab/files/tflite src/worker/thread',
  idb: 'src/storage',
  zustand: 'src/state',
  react: 'src/app src/state src/charts',
  'react-dom': 'src/app cli/reproduce',
  '@mantine/': 'src/app',
  recharts: 'src/app',
  'workbox-': 'src/offline',
  'node:': 'cli bench scripts e2e .',
  ws: 'e2e',
  '@aws-sdk/': 'cli/artefacts',
  commander: 'cli',
  bullmq: 'cli/sweep',
  ioredis: 'cli/sweep',
  'cli-progress': 'cli',
  playwright: 'bench scripts e2e/soak',
  '@playwright/': 'e2e',
  esbuild: 'scripts bench',
  vite: 'bench scripts e2e .',
  vitest: '.',
};
