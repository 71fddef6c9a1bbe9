/** What keeps a server of finite memory and patience alive; `docs/api.md` has them for people. */
export const SERVER_LIMITS = {
  /** How long a whole JSON body may take. */
  bodyMs: 30_000,
  /** How long a batch may send nothing, or read nothing of its answers. */
  idleMs: 60_000,
  /** How long the headers of a request may take. */
  headersMs: 10_000,
  /** How long a connection without a request is kept: longer than proxies keep theirs, so that they close first. */
  keepAliveMs: 75_000,
  /** Bytes of a request's headers. */
  headerBytes: 16_384,
  connections: 4_096,
  /** Requests on one connection, after which it is closed, so that balancers get to spread clients anew. */
  requestsPerConnection: 100_000,
  /** Batches at a time. */
  batches: 16,
  /** Answers of a batch that wait for a slow reader. */
  batchBufferBytes: 4 * 2 ** 20,
  /** How long running requests may take to end after SIGTERM. */
  drainMs: 20_000,
} as const;

/** Limits as tests may set them. */
export type ServerLimits = { readonly [Name in keyof typeof SERVER_LIMITS]: number };
