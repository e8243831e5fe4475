/** What storage that speaks S3 refuses, in one sentence that says what to do. No answer of a server is printed: it may hold anything. */
import { StoreError } from './objects';

export interface S3Place {
  /** `s3://bucket/prefix`. */
  readonly place: string;
  readonly bucket: string;
  /** Who was asked. */
  readonly endpoint: string;
}

interface Refusal {
  /** The error's code, as S3's documents and Node's name them. */
  readonly names: readonly string[];
  readonly mayPass?: true;
  readonly say: (at: S3Place) => string;
}

const REFUSALS: readonly Refusal[] = [
  {
    names: ['NoSuchBucket'],
    say: ({ bucket, endpoint }) =>
      `${endpoint} has no bucket "${bucket}": make it, or see whether AWS_ENDPOINT_URL_S3 and AWS_REGION name the right server.`,
  },
  {
    names: [
      'InvalidAccessKeyId',
      'SignatureDoesNotMatch',
      'InvalidClientTokenId',
      'UnrecognizedClientException',
    ],
    say: ({ place, endpoint }) =>
      `${endpoint} does not accept the keys for ${place}: see AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment.`,
  },
  {
    names: ['ExpiredToken', 'InvalidToken', 'TokenRefreshRequired', 'ExpiredTokenException'],
    say: ({ place }) =>
      `The session token for ${place} has run out or is none: get new keys, and set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.`,
  },
  {
    names: ['AccessDenied', 'AllAccessDisabled', 'AccountProblem', 'Forbidden', '403'],
    say: ({ place }) =>
      `The keys are known, but may not do this in ${place}: allow them s3:ListBucket on the bucket, and s3:GetObject, s3:PutObject and s3:DeleteObject in it.`,
  },
  {
    names: ['RequestTimeTooSkewed', 'RequestExpired', 'RequestInTheFuture'],
    say: ({ endpoint }) =>
      `This machine's clock differs too much from that of ${endpoint} (here it is ${new Date().toISOString().slice(0, 16)}Z): set it, for example by turning on NTP.`,
  },
  {
    names: ['PermanentRedirect', 'AuthorizationHeaderMalformed', 'IllegalLocationConstraintException', '301'],
    say: ({ bucket }) => `The bucket "${bucket}" lies in another region: set AWS_REGION to its own.`,
  },
  {
    names: [
      'QuotaExceeded',
      'XMinioStorageFull',
      'XMinioAdminBucketQuotaExceeded',
      'InsufficientStorage',
      '507',
    ],
    say: ({ place }) =>
      `${place} is full; what was finished before is kept. Make room there and start again.`,
  },
  {
    names: ['BadDigest', 'XAmzContentSHA256Mismatch', 'IncompleteBody'],
    mayPass: true,
    say: ({ place }) =>
      `What arrived in ${place} was not what was sent, and was not kept: see the network, then start again.`,
  },
  {
    names: ['ENOTFOUND', 'EAI_AGAIN'],
    mayPass: true,
    say: ({ endpoint }) =>
      `There is no machine called ${endpoint} to be found: see AWS_ENDPOINT_URL_S3, and whether this machine has a network.`,
  },
  {
    names: ['ECONNREFUSED'],
    mayPass: true,
    say: ({ endpoint }) =>
      `Nothing listens at ${endpoint}: start the storage there, or mend AWS_ENDPOINT_URL_S3.`,
  },
  {
    names: ['ENETUNREACH', 'EHOSTUNREACH', 'ENETDOWN', 'EHOSTDOWN'],
    mayPass: true,
    say: ({ endpoint }) => `No network leads to ${endpoint}: see this machine's connection.`,
  },
  {
    names: ['TimeoutError', 'RequestTimeout', 'ETIMEDOUT', 'ECONNRESET', 'EPIPE', 'BrokenOff', 'AbortError'],
    mayPass: true,
    say: ({ endpoint }) => `${endpoint} does not answer, or breaks off: see the network and the server.`,
  },
  {
    names: [
      'CERT_HAS_EXPIRED',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'ERR_TLS_CERT_ALTNAME_INVALID',
    ],
    say: ({ endpoint }) =>
      `The certificate of ${endpoint} is not one that this machine trusts: mend it, or name its authority in NODE_EXTRA_CA_CERTS.`,
  },
  {
    names: ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
    say: ({ endpoint }) =>
      `The certificate of ${endpoint} is not one that this machine trusts: name its authority in NODE_EXTRA_CA_CERTS.`,
  },
  {
    names: ['EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'HPE_INVALID_CONSTANT'],
    say: ({ endpoint }) =>
      `${endpoint} does not speak as its address says: see whether AWS_ENDPOINT_URL_S3 begins with http or https rightly.`,
  },
];

interface Told {
  readonly name?: string;
  readonly code?: string;
  readonly Code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** The refusal in words. The error itself is left behind: it holds what was sent and answered. */
export function refusalOf(error: unknown, at: S3Place): StoreError {
  if (error instanceof StoreError) return error;
  const { name, code, Code, $metadata } = (error ?? {}) as Told;
  const status = $metadata?.httpStatusCode;
  const among = (...names: readonly (string | undefined)[]) =>
    REFUSALS.find((refusal) => names.some((each) => each !== undefined && refusal.names.includes(each)));
  // The code first: of an answer without a body there is the status alone.
  const known = among(code, Code, name) ?? among(status?.toString());
  if (known) return new StoreError(known.say(at), { mayPass: known.mayPass ?? false });
  const what = [code ?? name, status].filter((each) => each !== undefined && each !== 'Error').join(', ');
  if ((status ?? 0) >= 500 || status === 429)
    return new StoreError(
      `${at.endpoint} is overloaded or out of order (${what}): ${at.place} is asked in vain. Wait, and start again.`,
      { mayPass: true },
    );
  return new StoreError(`${at.endpoint} refuses what was asked of ${at.place} (${what || 'no reason'}).`, {
    mayPass: false,
  });
}
