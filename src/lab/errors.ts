import { plainSentence } from './plain';

/**
 * Errors a person can act on. `BadInput` is the caller's to mend (exit code 2 on the command line);
 * everything else is ours. The message is one clear sentence: what happened, what was kept, what to do.
 */
export class BadInput extends Error {
  override readonly name: string = 'BadInput';
  /** It may name what stands in a stranger's file: shown as one plain line everywhere. */
  constructor(message: string, options?: ErrorOptions) {
    super(plainSentence(message), options);
  }
}

/** The message of anything thrown, for logs and for crossing the worker boundary. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
