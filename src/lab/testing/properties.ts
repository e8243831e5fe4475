/** Properties draw the same cases in every run of the tests, so that a run can be repeated; VITE_LAB_SEED=2 draws others. */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(import.meta.env.VITE_LAB_SEED ?? 1) });
