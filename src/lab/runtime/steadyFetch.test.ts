import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { bytesAt, Unanswered } from './steadyFetch';

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const SILENCE = 300;

test('a file that comes slowly, but comes, is read whole; an error and nobody there are told apart', async () => {
  const address = await serve(async ({ url }, response) => {
    if (url === '/missing') return response.writeHead(404).end();
    for (let i = 0; i < 4; i++) {
      response.write(Uint8Array.of(i));
      await new Promise((resolve) => setTimeout(resolve, SILENCE / 3));
    }
    response.end();
  });
  expect(await bytesAt(address, SILENCE)).toEqual(Uint8Array.of(0, 1, 2, 3));
  await expect(bytesAt(`${address}missing`)).rejects.toThrow(new Unanswered('the server answered 404'));
  const error = await bytesAt('http://127.0.0.1:9/').catch((thrown) => thrown);
  expect(error).not.toBeInstanceOf(Unanswered);
});

test('a server that falls silent, before it answers or in between, is asked once more, and then given up', async () => {
  for (const begun of [false, true]) {
    let asked = 0;
    const address = await serve((_, response) => {
      asked++;
      if (begun) response.write('a');
    });
    await expect(bytesAt(address, SILENCE)).rejects.toThrow(/^the server said nothing for 0 seconds$/);
    expect(asked).toBe(2);
  }
  let asked = 0;
  const once = await serve((_, response) => {
    if (++asked > 1) response.end('b');
  });
  expect(await bytesAt(once, SILENCE)).toEqual(Uint8Array.of(98));
});
