/** How fast the network on the bench trains beside a plain one, measured when a person asks for it. */
import { create } from 'zustand';
import type { BackendReport } from '../../lab/runtime/backend';
import type { Race } from '../../lab/train/race';
import type { Opened } from '../../worker/protocol/results';
import { useLab } from '../page/lab';
import { type Measured, measure, measuredOn, NONE, networkOf } from './measured';
import { client } from './session';

export interface RaceState {
  readonly race: Measured<Race>;
}

export const useRace = create<RaceState>()(() => ({ race: NONE }));

/** On another engine it is another race. */
const raceOn = (opened: Opened, engine: BackendReport | null): string =>
  `${networkOf(opened)} on ${engine?.backend} (${engine?.adapter})`;

/** What is known of the network on the bench, as it runs now. */
export const raceAt = ({ race }: RaceState, opened: Opened, engine: BackendReport | null): Measured<Race> =>
  measuredOn(race, raceOn(opened, engine));

/** Some seconds of training of both, in turn. */
export function runRace(): Promise<void> {
  const { opened, backend } = useLab.getState();
  if (!opened) return Promise.resolve();
  return measure(
    () => client.run('race', {}),
    (race) => useRace.setState({ race }),
    raceOn(opened, backend),
  );
}
