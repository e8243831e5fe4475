/** The end of the name of a file that is not whole yet. */
export const UNFINISHED: RegExp;
/** What a file is called until it is whole. */
export function unfinishedName(file: string, pid?: number): string;
/** Removes what dead processes of this machine left half-written in a folder. Never fails. */
export function sweepUnfinished(folder: string): Promise<void>;
