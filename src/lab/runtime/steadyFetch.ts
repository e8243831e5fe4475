/**
 * Fetches that end: a server, or a service worker, that says nothing for long is asked once more and then given up, however
 * large the file is.
 */

/** The longest silence, in milliseconds. */
export const SILENCE = 30_000;

/**
 * The bytes at an address. Throws `Unanswered` where its status is an error or nothing came for so long, and what `fetch`
 * throws where there is nobody to ask.
 */
export async function bytesAt(address: string, silence = SILENCE): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await asked(address, silence);
  } catch (error) {
    if (!(error instanceof Silence)) throw error;
    return asked(address, silence);
  }
}

async function asked(address: string, silence: number): Promise<Uint8Array<ArrayBuffer>> {
  const giveUp = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(
      () => giveUp.abort(new Silence(`the server said nothing for ${Math.round(silence / 1000)} seconds`)),
      silence,
    );
  };
  heard();
  try {
    const response = await fetch(address, { signal: giveUp.signal });
    if (!response.ok) throw new Unanswered(`the server answered ${response.status}`);
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    for (const reader = response.body!.getReader(); ; ) {
      heard();
      const { done, value } = await reader.read();
      if (done) break;
      pieces.push(value);
    }
    return new Uint8Array(await new Blob(pieces).arrayBuffer());
  } finally {
    clearTimeout(timer);
  }
}

/** Its message is a clause. */
export class Unanswered extends Error {
  override readonly name: string = 'Unanswered';
}

class Silence extends Unanswered {
  override readonly name = 'Silence';
}
