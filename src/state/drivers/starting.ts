/** Opens the network that a training starts from, and begins it. */
import { changePlan, type Plan, recipeOf, usePlan } from '../train/plan';
import { FRESH, FURTHER_RATE, recipeOfStart, useStart } from '../train/start';
import { explain } from '../words/explain';
import { beginOf } from './adapting';
import { keep } from './networks';
import { start, startStages, useTraining } from './training';

const { getState, setState } = useStart;

/** Chooses a network to start from, by the name that a link gives it; null: a fresh one. */
export async function startFrom(network: string | null): Promise<void> {
  setState({ ...FRESH, network });
  if (network === null) return;
  const isWanted = () => getState().network === network;
  try {
    const begin = await beginOf(network);
    if (!isWanted()) return;
    setState({ begin });
    const { rate } = usePlan.getState().plan;
    changePlan({ rate: Math.min(rate, FURTHER_RATE) });
  } catch (error) {
    if (isWanted()) setState({ refusal: explain(error) });
  }
}

/** The recipe of the form as it is. Throws `BadInput` where it is none. */
export function recipeNow(plan: Plan): ReturnType<typeof recipeOf> {
  const { begin, frozen } = getState();
  return begin ? recipeOfStart(plan, begin, frozen) : recipeOf(plan);
}

/** Begins what the form says; a network to start from is kept as a file first, so that the run finds it again. */
export async function startTraining(plan: Plan): Promise<void> {
  const { begin } = getState();
  if (!begin) return await start(plan);
  if (useTraining.getState().live) return;
  try {
    if (begin.file) await keep(begin.file, begin.name);
  } catch (error) {
    useTraining.setState({ trouble: explain(error) });
    return;
  }
  await startStages('training', recipeNow(plan), plan.data);
}
