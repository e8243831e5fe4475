/** Scripts that are loaded with an engine and only there: the engine's own, and what other rooms have for it. */
type Load = () => Promise<unknown>;

const engines = new Map<string, Load>();
const loads = new Map<string, Load[]>();

/** Says what an engine itself is loaded by: what others have for it may replace parts of it, so it comes first. */
export function loadAs(engine: string, load: Load): void {
  engines.set(engine, load);
}

/** Has a script loaded with an engine, before it starts. */
export function loadWith(engine: string, load: Load): void {
  loads.set(engine, [...(loads.get(engine) ?? []), load]);
}

/** Loads an engine, and then what there is for it, whichever file told of its part first. */
export async function loadFor(engine: string): Promise<void> {
  await engines.get(engine)?.();
  for (const load of loads.get(engine) ?? []) await load();
}
