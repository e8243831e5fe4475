/** What a stream delivers; it is cancelled when the loop is left. (Safari's streams are not iterable.) */
export async function* readChunks<T>(stream: ReadableStream<T>): AsyncGenerator<T> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {}); // After an error there is nothing left to cancel.
  }
}
