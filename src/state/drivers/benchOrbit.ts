/**
 * The orbit of a filter of the network on the bench: asked for while it is shown, again when another network is opened, and
 * again without the seats that are torn off. The last wish wins.
 */
import { JobCancelled, WorkerLost } from '../../worker/protocol/jobErrors';
import type { Opened } from '../../worker/protocol/results';
import { type BenchOrbitState, missingOrbit, NO_BENCH_ORBIT, useBenchOrbit, withOrbit } from '../orbit/orbit';
import { fittingWish } from '../orbit/place';
import { useLab } from '../page/lab';
import { explain } from '../words/explain';
import { client } from './session';

const { getState, setState } = useBenchOrbit;

let following = false;
let asking = false;
/** The network that is shown, as the lab opened it. */
let shownOf: Opened | null = null;

/** Called when it is first shown. */
export function followBenchOrbit(): void {
  if (following) return void converge();
  following = true;
  useBenchOrbit.subscribe(({ field, torn }, before) => {
    if (field !== before.field || torn !== before.torn) void converge();
  });
  useLab.subscribe(({ status, opened }, before) => {
    if (status !== before.status || opened !== before.opened) void converge();
  });
  void converge();
}

export function retryBenchOrbit(): void {
  setState({ trouble: null });
  void converge();
}

async function converge(): Promise<void> {
  if (asking) return;
  asking = true;
  try {
    for (;;) {
      const { status, opened } = useLab.getState();
      if (opened !== shownOf) {
        // What a link wishes is of the first network.
        const { field, torn, mirrored, angle } = getState();
        const wish = shownOf === null ? { field, torn, mirrored, angle } : {};
        shownOf = opened;
        setState({ ...NO_BENCH_ORBIT, ...wish });
      }
      const state = fitting(getState(), opened);
      if (status !== 'ready' || !opened || !canTurn(opened) || state.trouble) return;
      const wish = missingOrbit(state);
      if (!wish) return;
      const tell = (busy: string | null) => setState({ busy });
      const found = await client.run(
        'benchOrbit',
        { net: 'main', tile: state.tile?.tile ?? null, field: wish.field, torn: [...wish.torn] },
        (event) => {
          if (event.type === 'progress') tell(event.what);
        },
      ).result;
      if (useLab.getState().opened !== opened) continue;
      const { orbit, ...tile } = found;
      setState((before) => ({
        ...withOrbit(orbit, before),
        tile: { ...tile, found: tile.found ?? before.tile?.found ?? null },
        busy: null,
      }));
    }
  } catch (error) {
    // A worker that ended took nothing with it that is not asked for again.
    if (!(error instanceof JobCancelled || error instanceof WorkerLost))
      setState({ trouble: explain(error) });
  } finally {
    asking = false;
    setState({ busy: null });
  }
}

/** What a link wishes may be of another network: seats that are not there are none. */
function fitting(state: BenchOrbitState, opened: Opened | null): BenchOrbitState {
  const torn = opened ? fittingWish(state, opened.nets.main.group) : state.torn;
  if (torn !== state.torn) setState({ torn });
  return getState();
}

/** Whether a network has filters in turned copies. */
export const canTurn = ({ nets: { main } }: Opened): boolean =>
  main.group !== 'C1' && main.spec.family === undefined;
