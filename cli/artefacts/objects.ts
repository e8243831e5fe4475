/** What a store of artefacts needs of the place it lies in: named pieces of bytes, each there as a whole or not at all. */
import { BadInput } from '../../src/lab/errors';

export interface Objects {
  /** The place, for people; it holds no secret. */
  readonly place: string;
  /** The bytes of an object, or null where there is none of that name. */
  get(name: string): Promise<Uint8Array | null>;
  /** Whether there is an object of that name. */
  head(name: string): Promise<boolean>;
  /** Keeps bytes under a name. Until this is done a reader sees what was there before; of two at once, one stays. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** Keeps bytes under a name, unless something is there under it already. */
  create(name: string, bytes: Uint8Array): Promise<void>;
  /** Removes an object; one that is not there is none. */
  remove(name: string): Promise<void>;
  close(): Promise<void>;
}

/** A store that does not do what it was asked, in one sentence that says what to do. */
export class StoreError extends BadInput {
  override readonly name = 'StoreError';
  /** Whether it may pass by itself: a network or a server that is away. A refusal stays one until a person mends it. */
  readonly mayPass: boolean;

  constructor(message: string, options: ErrorOptions & { readonly mayPass: boolean }) {
    super(message, options);
    this.mayPass = options.mayPass;
  }
}
