/** The way to Redis (or Valkey): by its address; user and password come from the environment, which no other user sees. */
import { isIP } from 'node:net';
import type { Redis } from 'ioredis';
import { BadInput, messageOf } from '../../src/lab/errors';

const USER = 'ORBIT_LAB_REDIS_USERNAME';
const PASSWORD = 'ORBIT_LAB_REDIS_PASSWORD';
/** What a process that never talks to Redis need not know. */
export const SECRETS: readonly string[] = [USER, PASSWORD];

const CONNECT_MS = 10_000;
const LONGEST_PAUSE_MS = 5_000;
/** Longer than any request waits for an answer on purpose. */
const SILENCE_MS = 30_000;

/** Told, in a sentence, when Redis is gone and when it is back. */
type Say = (sentence: string) => void;

interface Address {
  readonly host: string;
  readonly port: number;
  readonly db: number;
  readonly tls: boolean;
}

/** Throws `BadInput` for what is no address, and for one with a secret in it. */
export function readAddress(text: string): Address {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '') {
    throw new BadInput(
      `A queue is named by the address of its Redis, such as redis://host:6379/0 (rediss:// by TLS), not "${withoutSecret(text)}".`,
    );
  }
  if (url.password !== '' || url.username !== '') {
    throw new BadInput(
      'An address on the command line is seen by every user of this machine, so it takes no user name and no password: ' +
        `leave them out of it, and set ${PASSWORD} (and ${USER}) in the environment.`,
    );
  }
  if (url.search !== '' || url.hash !== '')
    throw new BadInput(
      `The address of a Redis ends with the number of its database, such as redis://${url.host}/0: nothing is read behind that ("${url.search}${url.hash}").`,
    );
  const db = url.pathname.replace(/^\//, '') || '0';
  if (!/^\d{1,5}$/.test(db))
    throw new BadInput(`Behind the host, the address of a Redis has the number of a database, not "${db}".`);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return { host, port: Number(url.port || 6379), db: Number(db), tls: url.protocol === 'rediss:' };
}

const withoutSecret = (text: string): string => text.replace(/\/\/[^@/]*@/, '//…@');

/**
 * A connection that lasts: Redis may go away and come back. Throws `BadInput` where there is none at first, or it does not
 * let us in.
 */
export async function connect(address: string, say: Say): Promise<Redis> {
  const { host, port, db, tls } = readAddress(address);
  let wasThere = false;
  // Here and not at the head: every verb that has no queue starts without it.
  const ioredis = await import('ioredis');
  const redis = new ioredis.Redis({
    ...{ host, port, db },
    ...(process.env[USER] && { username: process.env[USER] }),
    ...(process.env[PASSWORD] && { password: process.env[PASSWORD] }),
    // A certificate of an address is checked as well, but an address is never asked for by name (RFC 6066).
    ...(tls && { tls: isIP(host) === 0 ? { servername: host } : {} }),
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    // One that takes what it is asked and says nothing is as good as gone.
    socketTimeout: SILENCE_MS,
    // Whatever is asked while Redis is away is asked when it is back.
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (wasThere ? Math.min(100 * 2 ** times, LONGEST_PAUSE_MS) : null),
  });
  let last: unknown;
  redis.on('error', (error) => {
    last = error;
  });
  try {
    await within(CONNECT_MS, async () => {
      await redis.connect();
      // Where that is refused, the connection stays at the first database and says nothing of it.
      await redis.select(db);
      // What BullMQ asks first: who may not is told before anything is put anywhere.
      await redis.info('server');
    });
  } catch (error) {
    redis.disconnect();
    throw refusal(address, last ?? error);
  }
  wasThere = true;
  let isAway = false;
  let isOver = false;
  redis.on('end', () => {
    isOver = true;
  });
  redis.on('close', () => {
    if (isAway || isOver || redis.status === 'end') return;
    isAway = true;
    say(`Redis at ${address} is gone; waiting for it to come back. What is being computed goes on.`);
  });
  redis.on('ready', () => {
    if (isAway) say(`Redis at ${address} is back.`);
    isAway = false;
  });
  return redis;
}

/** Rejects where something takes longer. */
async function within<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it takes what it is asked, and says nothing')), milliseconds);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}

function refusal(address: string, error: unknown): BadInput {
  const message = messageOf(error);
  if (/NOPERM/.test(message))
    return new BadInput(
      `Redis at ${address} does not let its user do what a sweep takes (${message}): docs/sweeps.md says what that user must be allowed.`,
      { cause: error },
    );
  if (/NOAUTH|WRONGPASS|invalid password|without any password/i.test(message)) {
    const given = process.env[PASSWORD] ? `the password in ${PASSWORD} is not taken` : 'it wants a password';
    return new BadInput(
      `Redis at ${address} does not let us in: ${given}. Set ${PASSWORD} (and ${USER}, where it has users) in the environment.`,
      { cause: error },
    );
  }
  if (/DB index is out of range/i.test(message))
    return new BadInput(`Redis at ${address} has no database of that number.`, { cause: error });
  if (/certificate|altname|unable to (get|verify)/i.test(message))
    return new BadInput(
      `The certificate of Redis at ${address} is not trusted (${message}): name a file with its authority in NODE_EXTRA_CA_CERTS.`,
      { cause: error },
    );
  if (/wrong version number|SSL|EPROTO/i.test(message))
    return new BadInput(
      `Redis at ${address} does not speak TLS (${message}): without it its address begins with redis://.`,
      { cause: error },
    );
  if (/Unknown RESP type|Protocol error|ECONNRESET|EPIPE|Connection is closed|says nothing/i.test(message))
    return new BadInput(
      `Something listens at ${address}, and does not answer as a Redis does (${message}): see that it is one, and whether it speaks ` +
        'TLS (rediss://) or not (redis://).',
      { cause: error },
    );
  return new BadInput(
    `No Redis answers at ${address} (${message || 'it says nothing'}): start one there, such as "redis-server --appendonly yes", ` +
      'or name another address.',
    { cause: error },
  );
}
