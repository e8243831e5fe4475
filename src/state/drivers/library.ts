/** Notices when this browser's storage is deleted under the page, and says what was in it. */
import { countKept, watchLibrary } from '../../storage/library';
import { useDatasets } from '../data/datasets';
import { useLab } from '../page/lab';
import { type KeptCounts, useLibrary } from '../page/library';
import { deletedSentence } from '../words/library';
import { refreshDatasets } from './datasets';
import { refreshNetworks, useNetworks } from './networks';
import { refresh, useTraining } from './training';

/** How long nothing has to change before it is counted again, in milliseconds. */
const REST = 500;

let counts: KeptCounts = { runs: 0, datasets: 0, networks: 0, points: 0 };

/** From now on. Called once. */
export function followLibrary(): void {
  let resting: ReturnType<typeof setTimeout> | undefined;
  const recount = () => {
    clearTimeout(resting);
    resting = setTimeout(async () => {
      counts = await countKept().catch(() => counts);
    }, REST);
  };
  useTraining.subscribe(({ rows }, before) => rows !== before.rows && recount());
  useDatasets.subscribe(({ rows }, before) => rows !== before.rows && recount());
  useNetworks.subscribe(({ rows }, before) => rows !== before.rows && recount());
  watchLibrary(() => {
    clearTimeout(resting);
    const lost = counts;
    useLibrary.setState({ lost });
    useLab.setState({ refusal: deletedSentence(lost) });
    void refresh();
    void refreshDatasets();
    void refreshNetworks();
  });
  recount();
}
