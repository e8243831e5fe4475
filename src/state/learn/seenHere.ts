/** What a lesson looks at, gathered from the stores; null until networks are open. */
import { shallow } from 'zustand/shallow';
import type { BackendReport } from '../../lab/runtime/backend';
import type { Opened } from '../../worker/protocol/results';
import { type BrokenState, brokenAt, useBroken } from '../drivers/broken';
import { type MindsState, mindsAt, useMinds } from '../drivers/minds';
import { type RaceState, raceAt, useRace } from '../drivers/race';
import { type RoundingState, roundingAt, useRounding } from '../drivers/rounding';
import { type UprightState, useUpright } from '../drivers/upright';
import { useLab } from '../page/lab';
import { finetuningOf, settingKey, useExperiment } from '../prune/experiment';
import { useNeuron } from '../prune/neuron';
import { type Sheets, useSheets } from '../prune/sheets';
import { useTile } from '../prune/tile';
import { useBoardTile } from './lessons/boardTile';
import type { Seen } from './lessons/lesson';

/** The stores that are looked at. */
export const SEEN_STORES = [
  useSheets,
  useLab,
  useExperiment,
  useNeuron,
  useTile,
  useBroken,
  useBoardTile,
  useMinds,
  useRace,
  useRounding,
  useUpright,
] as const;

interface Parts extends Pick<Seen, 'settled' | 'tuned' | 'unit' | 'tile' | 'turns'> {
  readonly sheet: Sheets['main'];
  readonly peer: Sheets['peer'];
  readonly opened: Opened | null;
  /** Of whatever network and setting. */
  readonly broken: BrokenState;
  readonly compared: MindsState;
  readonly raced: RaceState;
  readonly rounding: RoundingState;
  readonly painted: UprightState;
  readonly backend: BackendReport | null;
}

export function seenFrom({
  broken,
  compared,
  raced,
  rounding,
  painted,
  backend,
  ...parts
}: Parts): Seen | null {
  const { sheet, peer, opened, settled } = parts;
  // Curves of both, so that no sentence is about one network that was meant about two.
  if (!sheet || !opened || (opened.nets.peer && !peer)) return null;
  const measured = {
    broken: brokenAt(broken, opened, settled),
    compared: mindsAt(compared, opened),
    race: raceAt(raced, opened, backend),
    rounded: roundingAt(rounding, opened),
    upright: painted.upright,
  };
  return { ...parts, sheet, opened, ...measured };
}

/** What is in the stores, of which it is made. */
function partsHere(): Parts {
  const { main: sheet, peer } = useSheets.getState();
  const { opened, backend } = useLab.getState();
  const experiment = useExperiment.getState();
  const { settled } = experiment;
  return {
    ...{ sheet, peer, opened, settled },
    tuned: finetuningOf(experiment, settled),
    unit: useNeuron.getState().unit,
    tile: useTile.getState().tile,
    turns: useBoardTile.getState().turns,
    broken: useBroken.getState(),
    compared: useMinds.getState(),
    raced: useRace.getState(),
    rounding: useRounding.getState(),
    painted: useUpright.getState(),
    backend,
  };
}

/** The newest: while its parts stay what they are it is one and the same. */
let newest: { readonly parts: Parts; readonly seen: Seen | null } | null = null;

export function seenHere(): Seen | null {
  const parts = partsHere();
  if (!newest || !shallow(newest.parts, parts)) newest = { parts, seen: seenFrom(parts) };
  return newest.seen;
}

/** Calls at every change of what is looked at; returns how to end that. */
export function followSeen(changed: () => void): () => void {
  const ends = SEEN_STORES.map((store) => store.subscribe(changed));
  return () => {
    for (const end of ends) end();
  };
}

/** What is looked at, named: the networks and the setting that an answer is about. */
export const aboutOf = ({ opened: { subject, seed }, settled }: Seen): string =>
  `${JSON.stringify(subject)} ${seed} ${settingKey(settled)}`;
