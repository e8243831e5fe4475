/**
 * Objects in storage that speaks S3: Amazon's, or MinIO, Ceph, Garage, R2, Google's and others behind an endpoint of
 * their own. The client is Amazon's, which corrects a clock that is off, and asks again, ever more slowly, where a server
 * is overloaded or away. What has to be known is taken from the environment alone.
 */
import { createHash } from 'node:crypto';
import type * as Library from '@aws-sdk/client-s3';
import { type Objects, StoreError } from './objects';
import { refusalOf } from './s3Words';

/** How patient the client is. */
export interface Patience {
  /** How often a request is made before it is given up. */
  readonly attempts: number;
  readonly connectMs: number;
  /** Without a byte in or out. */
  readonly silenceMs: number;
}

/** About twenty seconds of pauses: as long as a server takes to restart. */
const PATIENCE: Patience = { attempts: 9, connectMs: 5_000, silenceMs: 30_000 };

type Environment = Readonly<Record<string, string | undefined>>;

export interface Bucket {
  readonly bucket: string;
  /** Empty, or with a slash at its end. */
  readonly prefix: string;
}

/** Reads `s3://bucket` or `s3://bucket/prefix`; throws `StoreError`, which never says what stood there in the place of keys. */
export function bucketOf(reference: string): Bucket {
  const [, bucket, rest = ''] =
    /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(reference) ?? [];
  const names = rest.split('/').filter((name) => name !== '');
  if (reference.includes('@') || reference.includes('?'))
    throw refused(
      'A store in S3 is named as s3://bucket/prefix and nothing more. Keys and endpoint are taken from the environment: ' +
        'AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_ENDPOINT_URL_S3. Do not write keys where others can read them.',
    );
  if (bucket === undefined || names.some((name) => !/^[\w.-]+$/.test(name) || /^\.+$/.test(name)))
    throw refused(
      `"${reference}" names no bucket: write s3://bucket or s3://bucket/prefix, the bucket in small letters, digits, dots ` +
        'and dashes, the prefix in letters, digits, dots, dashes and underscores.',
    );
  return { bucket, prefix: names.map((name) => `${name}/`).join('') };
}

/** The objects of a bucket, below the reference's prefix. s3: Amazon's client, loaded by whoever needs it. Throws `StoreError` where the environment lacks what is needed. */
export function s3Objects(
  s3: typeof Library,
  reference: string,
  environment: Environment = process.env,
  patience: Patience = PATIENCE,
): Objects {
  const { bucket, prefix } = bucketOf(reference);
  const endpoint = endpointOf(environment);
  const client = clientFor(s3, reference, endpoint, environment, patience);
  const place = `s3://${bucket}${prefix === '' ? '' : `/${prefix.slice(0, -1)}`}`;
  const at = { place, bucket, endpoint: endpoint?.origin ?? 'Amazon S3' };
  const named = (name: string) => ({ Bucket: bucket, Key: prefix + name });

  /** What the request gives; null where there is no such object. The bodies of answers are read here, where they are asked for again. */
  const ask = async <T>(request: () => Promise<T>): Promise<T | null> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await request();
      } catch (error) {
        if (isAbsent(error)) return null;
        // The client repeats requests; an answer that breaks off in the midst of its body it does not.
        if (!(error instanceof BrokenOff) || attempt === patience.attempts) throw refusalOf(error, at);
      }
    }
  };
  return {
    place,
    get: (name) => ask(async () => bodyOf(await client.send(new s3.GetObjectCommand(named(name))))),
    head: async (name) =>
      (await ask(async () => client.send(new s3.HeadObjectCommand(named(name))))) !== null,
    async put(name, bytes) {
      await existing(
        ask(() => client.send(new s3.PutObjectCommand({ ...named(name), Body: bytes, ...checksum(bytes) }))),
      );
    },
    async create(name, bytes) {
      const once = { ...named(name), Body: bytes, ...checksum(bytes), IfNoneMatch: '*' };
      await existing(
        ask(() =>
          client.send(new s3.PutObjectCommand(once)).catch((error) => {
            if (!isTaken(error)) throw error;
            return true;
          }),
        ),
      );
    },
    async remove(name) {
      await ask(() => client.send(new s3.DeleteObjectCommand(named(name))));
    },
    async close() {
      client.destroy();
    },
  };

  /** Of what is written there is no "no such object": the bucket is not there. */
  async function existing(asked: Promise<unknown>): Promise<void> {
    if ((await asked) === null) throw refusalOf({ name: 'NoSuchBucket' }, at);
  }
}

function endpointOf(environment: Environment): URL | undefined {
  const text = environment.AWS_ENDPOINT_URL_S3 || environment.AWS_ENDPOINT_URL;
  if (!text) return undefined;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search)
    throw refused(
      'The endpoint in AWS_ENDPOINT_URL_S3 (or AWS_ENDPOINT_URL) is no address: write it as https://host or http://host:port, without keys.',
    );
  return url;
}

function clientFor(
  s3: typeof Library,
  reference: string,
  endpoint: URL | undefined,
  environment: Environment,
  { attempts, connectMs, silenceMs }: Patience,
): Library.S3Client {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment;
  if (!accessKeyId || !secretAccessKey)
    throw refused(
      `There are no keys for "${reference}": set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN, ` +
        'where there is one) in the environment.',
    );
  // It speaks of versions to come, and this one is exact.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const sessionToken = environment.AWS_SESSION_TOKEN || undefined;
  return new s3.S3Client({
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
    region: environment.AWS_REGION || environment.AWS_DEFAULT_REGION || 'us-east-1',
    // Servers of one's own have no name for each bucket.
    ...(endpoint ? { endpoint: endpoint.href, forcePathStyle: true } : { followRegionRedirects: true }),
    maxAttempts: attempts,
    retryMode: 'standard',
    defaultsMode: 'standard',
    // Not all servers know Amazon's newer checksums; each upload carries an MD5, which all know, and all content a seal.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: connectMs, socketTimeout: silenceMs },
  });
}

const checksum = (bytes: Uint8Array) => ({
  ContentLength: bytes.length,
  ContentMD5: createHash('md5').update(bytes).digest('base64'),
});

/** An answer that ended before its body did. */
class BrokenOff extends Error {
  override readonly name = 'BrokenOff';
}

async function bodyOf({ Body, ContentLength }: Library.GetObjectCommandOutput): Promise<Uint8Array> {
  const bytes = await Body!.transformToByteArray().catch((error: unknown) => {
    throw new BrokenOff('The answer broke off.', { cause: error });
  });
  if (ContentLength !== undefined && bytes.length !== ContentLength)
    throw new BrokenOff('The answer is short.');
  return bytes;
}

/** Of a look without a body (HEAD) only the status is told: the bucket itself was looked for when the store was opened. */
const isAbsent = (error: unknown): boolean =>
  ['NoSuchKey', 'NotFound'].includes((error as Error | undefined)?.name ?? '');

/** Whether an object was there before; or whether two made it at the same time, which some servers say in another way. */
const isTaken = (error: unknown): boolean =>
  ['PreconditionFailed', 'ConditionalRequestConflict'].includes((error as Error | undefined)?.name ?? '');

const refused = (message: string): StoreError => new StoreError(message, { mayPass: false });
