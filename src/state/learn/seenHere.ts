/** What a lesson looks at, gathered from the stores; null until networks are open. */
import type { BackendReport } from '../../lab/runtime/backend';
import type { Opened } from '../../worker/protocol/protocol';
import { type BrokenState, brokenAt, useBroken } from '../drivers/broken';
import { type RaceState, raceAt, useRace } from '../drivers/race';
import { useLab } from '../page/lab';
import { finetuningOf, settingKey, useExperiment } from '../prune/experiment';
import { useNeuron } from '../prune/neuron';
import { type Sheets, useSheets } from '../prune/sheets';
import { useTile } from '../prune/tile';
import type { Seen } from './lessons/lesson';

/** The stores that are looked at. */
export const SEEN_STORES = [
  useSheets,
  useLab,
  useExperiment,
  useNeuron,
  useTile,
  useBroken,
  useRace,
] as const;

interface Parts extends Pick<Seen, 'settled' | 'tuned' | 'unit' | 'tile'> {
  readonly sheet: Sheets['main'];
  readonly peer: Sheets['peer'];
  readonly opened: Opened | null;
  /** Of whatever network and setting. */
  readonly broken: BrokenState;
  readonly raced: RaceState;
  readonly backend: BackendReport | null;
}

export function seenFrom({ broken, raced, backend, ...parts }: Parts): Seen | null {
  const { sheet, peer, opened, settled } = parts;
  // Curves of both, so that no sentence is about one network that was meant about two.
  if (!sheet || !opened || (opened.nets.peer && !peer)) return null;
  const measured = { broken: brokenAt(broken, opened, settled), race: raceAt(raced, opened, backend) };
  return { ...parts, sheet, opened, ...measured };
}

export function seenHere(): Seen | null {
  const { main: sheet, peer } = useSheets.getState();
  const { opened, backend } = useLab.getState();
  const experiment = useExperiment.getState();
  const { settled } = experiment;
  const tuned = finetuningOf(experiment, settled);
  const { unit } = useNeuron.getState();
  const { tile } = useTile.getState();
  const measured = { broken: useBroken.getState(), raced: useRace.getState(), backend };
  return seenFrom({ sheet, peer, opened, settled, tuned, unit, tile, ...measured });
}

/** What is looked at, named: the networks and the setting that an answer is about. */
export const aboutOf = ({ opened: { subject, seed }, settled }: Seen): string =>
  `${JSON.stringify(subject)} ${seed} ${settingKey(settled)}`;
