/** Scripts that are loaded with an engine and only there: the engine's own, and what other rooms have for it. */
type Load = () => Promise<unknown>;

const loads = new Map<string, Load[]>();

/** Has a script loaded before an engine starts. */
export function loadWith(engine: string, load: Load): void {
  loads.set(engine, [...(loads.get(engine) ?? []), load]);
}

/** Loads what there is for an engine, in the order in which it was told of. */
export async function loadFor(engine: string): Promise<void> {
  for (const load of loads.get(engine) ?? []) await load();
}
