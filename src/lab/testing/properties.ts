/**
 * Properties draw the same cases in every run of the tests, so that a run can be repeated; VITE_LAB_SEED=2 draws others.
 * How many is said here too: `npm test -- --thorough` (VITE_LAB_THOROUGH=1) draws all that a test asks for.
 */
import fc from 'fast-check';

/** Whether the tests are to take their time: more cases, larger shapes, every suite on every engine. */
export const THOROUGH = import.meta.env.VITE_LAB_THOROUGH === '1';

/** How many cases a property draws: so many where the tests are thorough, else a part. */
export const cases = (thorough: number, usual = Math.ceil(thorough / 4)): number =>
  THOROUGH ? thorough : usual;

fc.configureGlobal({ seed: Number(import.meta.env.VITE_LAB_SEED ?? 1), numRuns: cases(100) });
