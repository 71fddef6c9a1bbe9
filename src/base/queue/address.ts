import { usageError } from '../core/errors.ts';
import { isLoopback } from '../core/loopback.ts';

/** Where a queue is: a Redis (or Valkey), and what its keys begin with. */
export interface QueueAddress {
  readonly host: string;
  readonly port: number;
  /** Number of the database. */
  readonly db: number;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** TLS, its certificate checked against the system's authorities and those of `NODE_EXTRA_CA_CERTS`. */
  readonly tls: boolean;
  readonly prefix: string;
  /** As it is shown to people: without the password. */
  readonly shown: string;
}

export interface AddressOptions {
  /** Lets texts and password go to another machine in the clear. */
  readonly insecure: boolean;
  /** What all keys begin with. */
  readonly prefix: string;
  /** The password where the address holds none, so that no list of processes shows it. */
  readonly password: string | undefined;
}

export const DEFAULT_PREFIX = 'korex';
const DEFAULT_PORT = 6379;

/**
 * A queue's address from `redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE]`, or `rediss://` for TLS.
 *
 * Errors: `usage` for anything else, and for another machine than this without TLS unless `insecure`.
 */
export function queueAddress(text: string, { insecure, prefix, password }: AddressOptions): QueueAddress {
  const url = URL.canParse(text) ? new URL(text) : null;
  const database = /^\/?(\d{0,5})$/.exec(url?.pathname ?? '');
  if (url === null || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '' || database === null)
    throw usageError(
      {
        en: `--queue is no address of a Redis: ${hidden(text)}.`,
        ko: `--queue의 값이 Redis 주소가 아니다: ${hidden(text)}`,
      },
      {
        en: 'Write redis://HOST:PORT, or rediss://USER:PASSWORD@HOST:PORT/DATABASE for TLS.',
        ko: 'redis://HOST:PORT, TLS라면 rediss://USER:PASSWORD@HOST:PORT/DATABASE로 쓴다.',
      },
    );
  if (!/^[\w.-]{1,64}$/.test(prefix))
    throw usageError(
      { en: `--queue-prefix is "${prefix}".`, ko: `--queue-prefix의 값이 "${prefix}"이다.` },
      { en: 'Write letters, digits, ".", "-" and "_".', ko: '영문자, 숫자, ".", "-", "_"로 쓴다.' },
    );
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const tls = url.protocol === 'rediss:';
  const port = url.port === '' ? DEFAULT_PORT : Number(url.port);
  if (!tls && !insecure && !isLoopback(host))
    throw usageError(
      {
        en: `${url.protocol}//${url.host} is another machine, and redis:// sends texts and passwords there in the clear.`,
        ko: `${url.protocol}//${url.host}: 다른 컴퓨터인데 redis://는 글과 비밀번호를 암호화하지 않고 보낸다.`,
      },
      {
        en: 'Use rediss:// (TLS), or --insecure-queue where the network between is your own.',
        ko: 'rediss://(TLS)를 쓰거나, 그 사이의 네트워크를 믿을 수 있으면 --insecure-queue를 준다.',
      },
    );
  const given = decodeURIComponent(url.password);
  return {
    ...{ host, port, tls, prefix, db: Number(database[1] || 0) },
    username: url.username === '' ? undefined : decodeURIComponent(url.username),
    password: given === '' ? password : given,
    shown: `${url.protocol}//${url.host}${url.pathname === '/' ? '' : url.pathname}`,
  };
}

/** Whatever stands before an @ may be a password. */
const hidden = (text: string): string => JSON.stringify(text.replace(/\/\/[^/]*@/, '//…@'));
