/** How long everything takes that has to do with a queue. Tests have less patience than machines far apart. */

export interface Settings {
  /** What every key in Redis begins with. */
  readonly prefix: string;
  /** A job whose worker says nothing for so long is another's. Long: a machine may be busy, and a network away. */
  readonly lockMs: number;
  /** How often a worker says that it is still at a job. */
  readonly renewMs: number;
  /** How often jobs without a worker are looked for. */
  readonly stalledMs: number;
  /** A job that has lost so many workers brings them down itself. */
  readonly mostStalls: number;
  /** How often a job is tried that failed by a fault which may pass, and how long it waits before the second time. */
  readonly attempts: number;
  readonly backoffMs: number;
  /** How often an idle worker looks for jobs, and a submitter for what has become of them. */
  readonly pollMs: number;
  readonly followMs: number;
  /** How often a worker tells of itself, looks for new sweeps, and for those that were cancelled. */
  readonly beatMs: number;
  /** How long a link waits before it looks again whether its network is there; normally it is called. */
  readonly recheckMs: number;
  /** How long a worker whose store does not take anything waits before it tries again, and a job of a paused sweep. */
  readonly troubleMs: number;
  readonly pausedMs: number;
}

export const SETTINGS: Settings = {
  prefix: 'orbit-lab',
  ...{ lockMs: 60_000, renewMs: 15_000, stalledMs: 30_000, mostStalls: 25 },
  ...{ attempts: 3, backoffMs: 5_000 },
  ...{ pollMs: 500, followMs: 1_000, beatMs: 5_000, recheckMs: 15_000, troubleMs: 30_000, pausedMs: 10_000 },
};

/** The settings, those that `LAB_SWEEP_SETTINGS` names as JSON replaced: for tests, which start workers as processes. */
export function settingsHere(): Settings {
  const given = process.env.LAB_SWEEP_SETTINGS;
  return given ? { ...SETTINGS, ...(JSON.parse(given) as Partial<Settings>) } : SETTINGS;
}
