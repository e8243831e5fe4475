export const root: string;
export function ensureBuilt(mode?: 'production' | 'testing'): void;
