export function ensureOneFile(entry: string, file: string): Promise<void>;
