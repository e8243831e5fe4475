/** Storage that speaks S3 and refuses, fails for a while, or is not there: each in a sentence, and no key in any of them. */

import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import * as aws from '@aws-sdk/client-s3';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { StoreError } from './objects';
import { openArtefacts } from './open';
import { bucketOf, s3Objects } from './s3';
import { refusalOf } from './s3Words';
import { type Fault, HASTY, refuse, startServer } from './testing/server';

const server = await startServer();
await server.bucket('here');
afterAll(() => server.stop());
beforeEach(() => {
  server.fault = undefined;
  server.seen.length = 0;
});

const bytes = Uint8Array.from({ length: 5000 }, (_, i) => i % 251);
const objects = (environment: Readonly<Record<string, string | undefined>> = {}, reference = 's3://here/a') =>
  s3Objects(aws, reference, { ...server.environment, ...environment }, HASTY);

/** The sentence that something ends with, and whether it may pass. */
async function refusal(work: Promise<unknown>): Promise<[sentence: string, mayPass: boolean]> {
  const error = await work.then(
    () => null,
    (each: unknown) => each,
  );
  expect(error).toBeInstanceOf(StoreError);
  const { message, mayPass, cause } = error as StoreError;
  expect([message, cause]).toEqual([expect.not.stringMatching(/S3RVER|wr0ng/), undefined]);
  return [message, mayPass];
}

/** Answers so to the first requests of a kind. */
function first(count: number, method: string, answer: Fault): Fault {
  let left = count;
  return (asked, response) => asked.method === method && left-- > 0 && answer(asked, response);
}

const slowDown: Fault = (request, response) => {
  request.resume();
  refuse(response, 503, 'SlowDown');
  return true;
};

describe('a reference', () => {
  test('names a bucket, and a place in it', () => {
    expect(bucketOf('s3://sweeps')).toEqual({ bucket: 'sweeps', prefix: '' });
    expect(bucketOf('s3://my.sweeps/of/2026/')).toEqual({ bucket: 'my.sweeps', prefix: 'of/2026/' });
  });

  test.each(['s3://', 's3://UPPER', 's3://a', 's3://here/../there', 's3://here/a b'])(
    '%s is refused',
    (wrong) => expect(() => bucketOf(wrong)).toThrow(/names no bucket/),
  );

  test.each(['s3://key:wr0ng@here/a', 's3://here/a?secret=wr0ng'])(
    '%s holds a key, which is not said again',
    (wrong) => {
      expect(() => bucketOf(wrong)).toThrow(/Keys and endpoint are taken from the environment/);
      expect(() => bucketOf(wrong)).not.toThrow(/wr0ng/);
    },
  );
});

describe('the environment', () => {
  test('without keys is told', () =>
    expect(() => objects({ AWS_ACCESS_KEY_ID: '' })).toThrow(
      /no keys for "s3:\/\/here\/a": set AWS_ACCESS_KEY_ID/,
    ));

  test.each(['nonsense', 'ftp://host', 'http://key:wr0ng@host'])(
    'with the endpoint %s is told',
    (AWS_ENDPOINT_URL_S3) => {
      expect(() => objects({ AWS_ENDPOINT_URL_S3 })).toThrow(/AWS_ENDPOINT_URL_S3 .* is no address/);
      expect(() => objects({ AWS_ENDPOINT_URL_S3 })).not.toThrow(/wr0ng/);
    },
  );

  test('may name the endpoint for all of Amazon’s services', async () => {
    const { AWS_ENDPOINT_URL_S3: AWS_ENDPOINT_URL, ...rest } = server.environment;
    const place = s3Objects(aws, 's3://here/b', { ...rest, AWS_ENDPOINT_URL }, HASTY);
    await place.put('x', bytes);
    expect(await place.get('x')).toEqual(bytes);
  });

  test('with a session token sends it', async () => {
    const tokens: unknown[] = [];
    server.fault = (request) => {
      tokens.push(request.headers['x-amz-security-token']);
      return false;
    };
    await objects({ AWS_SESSION_TOKEN: 'a-token' }).get('x');
    expect(tokens).toEqual(['a-token']);
  });
});

describe('a refusal', () => {
  test('of a bucket that is not there', async () => {
    const none = objects({}, 's3://nowhere/a');
    const words = /has no bucket "nowhere": make it/;
    expect(await refusal(none.get('x'))).toEqual([expect.stringMatching(words), false]);
    expect(await refusal(none.put('x', bytes))).toEqual([expect.stringMatching(words), false]);
    Object.assign(process.env, server.environment);
    expect(await refusal(openArtefacts('s3://nowhere/a'))).toEqual([expect.stringMatching(words), false]);
  });

  test('of keys that are not known, or do not belong together', async () => {
    const words = /does not accept the keys for s3:\/\/here\/a: see AWS_ACCESS_KEY_ID/;
    for (const wrong of [{ AWS_ACCESS_KEY_ID: 'wr0ng' }, { AWS_SECRET_ACCESS_KEY: 'wr0ng' }])
      expect(await refusal(objects(wrong).get('x'))).toEqual([expect.stringMatching(words), false]);
  });

  test.each([
    [403, 'AccessDenied', /may not do this in s3:\/\/here\/a: allow them s3:ListBucket/, false],
    [400, 'ExpiredToken', /session token .* has run out/, false],
    [403, 'RequestTimeTooSkewed', /clock differs too much .* NTP/, false],
    [301, 'PermanentRedirect', /lies in another region: set AWS_REGION/, false],
    [507, 'XMinioStorageFull', /is full; what was finished before is kept/, false],
    [400, 'BadDigest', /was not what was sent/, true],
    [503, 'SlowDown', /overloaded or out of order \(SlowDown, 503\)/, true],
    [500, 'InternalError', /overloaded or out of order/, true],
    [418, 'Teapot', /refuses what was asked of s3:\/\/here\/a \(Teapot, 418\)/, false],
  ] as const)('with status %i, %s', async (status, code, words, mayPass) => {
    server.fault = (request, response) => {
      request.resume();
      refuse(response, status, code);
      return true;
    };
    expect(await refusal(objects().put('x', bytes))).toEqual([expect.stringMatching(words), mayPass]);
  });

  test('of a server that is not there, of a name that nobody has, of another protocol', async () => {
    const at = (AWS_ENDPOINT_URL_S3: string) => refusal(objects({ AWS_ENDPOINT_URL_S3 }).get('x'));
    expect(await at('http://127.0.0.1:9')).toEqual([
      expect.stringMatching(/Nothing listens at http:\/\/127\.0\.0\.1:9: start the storage/),
      true,
    ]);
    expect(await at('http://no-such-machine.invalid')).toEqual([
      expect.stringMatching(/no machine called http:\/\/no-such-machine\.invalid/),
      true,
    ]);
    const [words] = await at(`https://127.0.0.1:${server.port}`);
    expect(words).toMatch(/begins with http or https rightly/);
  });

  test('of a certificate that this machine does not trust', () =>
    expect(
      refusalOf(
        { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
        { place: 's3://b', bucket: 'b', endpoint: 'https://h' },
      ).message,
    ).toMatch(/NODE_EXTRA_CA_CERTS/));
});

describe('what passes is waited for', () => {
  test.each(['GET', 'HEAD', 'PUT', 'DELETE'])('a server that is overloaded twice: %s', async (method) => {
    await objects().put('kept', bytes);
    server.seen.length = 0;
    server.fault = first(2, method, slowDown);
    const place = objects();
    if (method === 'GET') expect(await place.get('kept')).toEqual(bytes);
    if (method === 'HEAD') expect(await place.head('kept')).toBe(true);
    if (method === 'PUT') await place.put('kept', bytes);
    if (method === 'DELETE') await place.remove('kept');
    expect(server.seen).toHaveLength(3);
  });

  test('a connection that is cut, and an answer that breaks off in its midst', async () => {
    await objects().put('kept', bytes);
    server.fault = first(1, 'GET', (request) => {
      request.socket.destroy();
      return true;
    });
    expect(await objects().get('kept')).toEqual(bytes);
    server.fault = first(2, 'GET', (_, response) => {
      response.writeHead(200, { 'content-length': bytes.length });
      response.write(bytes.subarray(0, 100), () => response.destroy());
      return true;
    });
    expect(await objects().get('kept')).toEqual(bytes);
  });

  test('a server that says nothing, which is asked again', async () => {
    await objects().put('kept', bytes);
    server.fault = first(1, 'GET', () => true);
    expect(await objects().get('kept')).toEqual(bytes);
    server.fault = () => true;
    expect(await refusal(objects().get('kept'))).toEqual([
      expect.stringMatching(/does not answer, or breaks off/),
      true,
    ]);
  });

  test('a clock that is an hour off is corrected by the server’s', async () => {
    await objects().put('kept', bytes);
    const hour = 3600e3;
    server.fault = (request, response) => {
      const [, year, month, day, h, m, s] = /(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(
        String(request.headers['x-amz-date']),
      )!;
      const said = Date.parse(`${year}-${month}-${day}T${h}:${m}:${s}Z`);
      const now = Date.now() + hour;
      response.setHeader('date', new Date(now).toUTCString());
      if (Math.abs(said - now) > 15 * 60e3) refuse(response, 403, 'RequestTimeTooSkewed');
      else response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
      return true;
    };
    expect(await objects().get('kept')).toEqual(bytes);
    expect(server.seen.filter((each) => each.startsWith('GET'))).toHaveLength(2);
  });
});

test('an upload that is cut off leaves nothing', async () => {
  const path = '/here/a/torn';
  const upload = request({ port: server.port, method: 'PUT', path, headers: { 'content-length': 100 } });
  upload.on('error', () => {});
  upload.write('half');
  while (server.seen.length === 0) await pause(5);
  upload.destroy();
  await pause(50);
  expect(await objects().get('torn')).toBeNull();
});
