/**
 * `tsx scripts/paintedTiles.ts FILE`: the synthetic tiles as the page for tests has them, painted once when it is built.
 * Most of what opening a page costs is painting them; a test run opens some two hundred.
 */
import { writeFileSync } from 'node:fs';
import { SYNTHETIC_SEED, syntheticDataset } from '../src/lab/data/synthetic';

writeFileSync(process.argv[2], syntheticDataset({ seed: SYNTHETIC_SEED }).pixels);
