import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { findChromium, softwareGpu } from './scripts/chromium.mjs';
import { ensureKernels } from './scripts/kernels.mjs';

await ensureKernels();

const isThorough = process.env.VITE_LAB_THOROUGH === '1';

/**
 * What is made of operations that are tested on WebGPU one by one, and tested itself in Node: on an emulated GPU, which
 * compiles programs for minutes, only on request.
 */
const COMPOSED = [
  'src/lab/{detection,fluids,spatial}/**',
  'src/lab/adapt/penalties*',
  'src/lab/evaluate/{fieldMaps,orbit}*',
  'src/lab/families/{families,thirdFamily}*',
  'src/lab/families/mobile/**',
  'src/lab/files/**',
  'src/lab/prune/{counterexamples,criteria,fields,orbits,stops,trunk,tuning}/**',
  'src/lab/prune/blocks/sheet*',
  'src/lab/prune/neurons/figures*',
  'src/lab/recipe/{chain,continue,pruning,study,trying}*',
  'src/lab/scenes/**',
  'src/lab/train/{distil,pace,race}*',
];

/**
 * Suites that change the world around them, or count on nobody having done so: storage, workers, numbers of threads, memory,
 * the environment, modules put in the place of others.
 */
const WORLDLY = [
  'src/{storage,worker}/**/*.test.ts',
  'cli/{cost,main,officialParts}.test.ts',
  'cli/artefacts/s3.test.ts',
  'cli/node/{backend,channelKernels,cycles,kernels,numeric}.test.ts',
  'cli/reproduce/jobs.test.ts',
  'cli/sweep/*.test.ts',
];

const inNode = {
  environment: 'node' as const,
  exclude: ['**/*.browser.test.*'],
  setupFiles: ['cli/testing/node.ts', 'src/lab/testing/properties.ts'],
  // Two suites at once are enough for two cores; threads change no result.
  env: { LAB_THREADS: process.env.LAB_THREADS ?? '1' },
  pool: 'forks' as const,
  maxWorkers: 2,
  // A machine that does other things beside takes several times as long.
  testTimeout: 120_000,
  hookTimeout: 120_000,
};

/**
 * Three projects. `node` and `lab` run every `*.test.ts` in Node, on the plain and the WASM backend: those of `node` each in a
 * process of its own, those of `lab` one after the other in two processes, for loading the engines takes longer than most of
 * their suites. `webgpu` runs the numeric suites (`*.numeric.test.ts`) once more inside Chromium, on WebGPU emulated in software.
 */
export default defineConfig({
  test: {
    projects: [
      { test: { ...inNode, name: 'node', include: WORLDLY } },
      {
        test: {
          ...inNode,
          name: 'lab',
          include: ['{cli,scripts,e2e/soak}/**/*.test.ts', 'src/**/*.test.{ts,tsx}'],
          exclude: [...inNode.exclude, ...WORLDLY],
          isolate: false,
        },
      },
      {
        extends: './vite.config.ts',
        test: {
          name: 'webgpu',
          include: ['src/**/*.numeric.test.ts', 'src/**/*.browser.test.ts'],
          exclude: isThorough ? [] : COMPOSED,
          setupFiles: ['src/worker/testing/browser.ts', 'src/lab/testing/properties.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          browser: {
            enabled: true,
            headless: true,
            // One frame for all: programs that are compiled once serve every suite after.
            isolate: false,
            screenshotFailures: false,
            instances: [{ browser: 'chromium' }],
            provider: playwright({ launchOptions: { executablePath: findChromium(), args: softwareGpu } }),
          },
        },
      },
    ],
  },
});
