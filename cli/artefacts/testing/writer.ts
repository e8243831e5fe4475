/** A process that writes stages into a store until it is killed. Arguments: the store's reference, and how many hidden neurons. */
import { tinyModel } from '../../../src/lab/testing/tiny';
import { openArtefacts } from '../open';
import { checkpointOf, idOf, recordOf } from './stages';

const [reference, hidden] = process.argv.slice(2);
const store = await openArtefacts(reference);
const model = tinyModel({ hidden: Number(hidden), seed: 1 });
process.stdout.write('ready\n');
for (let i = 0; ; i = (i + 1) % 5) {
  const id = idOf(['killed', i]);
  await store.saveCheckpoint(id, checkpointOf(i));
  await store.saveStage(recordOf(id), model);
  process.stdout.write(`${i}\n`);
}
