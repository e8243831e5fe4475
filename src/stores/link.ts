/** The experiment in the address bar: sending the link sends the experiment. */
import { BACKENDS, type BackendPreference, type Setting, settingSchema } from '../worker/protocol';
import { DEFAULT_SETTING } from './experiment';

/** `#method=l2&compensation=none&removed=40&scope=head`; what is missing or misspelt takes its default. */
export function settingFrom(hash: string): Setting {
  const given = Object.fromEntries(new URLSearchParams(hash.replace(/^#/, '')));
  const { shape } = settingSchema;
  const removed = shape.removed.safeParse(Number(given.removed ?? Number.NaN));
  return {
    method: shape.method.catch(DEFAULT_SETTING.method).parse(given.method),
    compensation: shape.compensation.catch(DEFAULT_SETTING.compensation).parse(given.compensation),
    removed: removed.success ? removed.data : DEFAULT_SETTING.removed,
    scope: shape.scope.catch(DEFAULT_SETTING.scope).parse(given.scope),
  };
}

/** The inverse of `settingFrom`. */
export function hashOf(setting: Setting): string {
  const entries = Object.entries(setting).map(([key, value]) => [key, String(value)]);
  return `#${new URLSearchParams(entries)}`;
}

export interface Flags {
  /** A pair of the catalogue; null for the first. */
  readonly pair: string | null;
  readonly backend: BackendPreference;
}

/** `?pair=tiny&backend=webgpu`. */
export function flagsFrom(search: string): Flags {
  const given = new URLSearchParams(search);
  const backend = BACKENDS.find((name) => name === given.get('backend')) ?? 'auto';
  return { pair: given.get('pair'), backend };
}
