/** Measured prunings as the Fields view names them and tells them apart: pure functions. */
import type { TrunkChoice, Tuning } from '../../lab/prune/trunk/choice';
import type { TrunkPoint } from '../../storage/rows';
import type { MeasuredTrunk, Opened } from '../../worker/protocol/results';

/** The same id for points that were measured in the same way. fingerprint: of the unpruned network. */
export const pointId = (fingerprint: string, choice: TrunkChoice, tuning: Tuning | null): string =>
  JSON.stringify([fingerprint, choice, tuning]);

/** What a network shares with those that differ from it in their seed alone. */
export function familyOf({ subject, recipe, dataset }: Opened): string {
  return recipe ? JSON.stringify([{ ...recipe, seed: 0, name: '' }, dataset.ref]) : `pair ${subject.id}`;
}

/** A measurement as it is kept. engine: in words. */
export function pointOf(
  { fingerprint, key, result }: MeasuredTrunk,
  choice: TrunkChoice,
  tuning: Tuning | null,
  opened: Opened,
  engine: string,
): TrunkPoint {
  const { recipe, nets } = opened;
  const network = {
    title: nets.main.title,
    fingerprint,
    family: familyOf(opened),
    seed: recipe?.seed ?? null,
  };
  const id = pointId(fingerprint, choice, tuning);
  return { id, network, choice, tuning, key, result, engine, created: Date.now() };
}

/** Whether two openings are of the same network: a worker that is started again opens it anew. */
export const isSame = (a: Opened, b: Opened): boolean =>
  a === b || JSON.stringify([a.subject, a.seed]) === JSON.stringify([b.subject, b.seed]);
