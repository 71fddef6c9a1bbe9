import { isIP } from 'node:net';
import type { Redis } from 'ioredis';
import { failure, temporary } from '../core/errors.ts';
import { checkInstalled } from '../core/optionalPackage.ts';
import type { Reporter } from '../core/reporter.ts';
import type { Localized } from '../core/types.ts';
import type { QueueAddress } from './address.ts';

/** How long the first connection may take: later ones are waited for as long as it takes. */
const FIRST_MS = 8_000;
/** Silence after which a connection counts as dead: a peer that vanished without a word is left within this time. */
const SILENT_MS = 20_000;
const LONGEST_PAUSE_MS = 2_000;

/** Errors: `failed` where the packages of the queue are not installed, with the command that installs them. */
export const checkQueueInstalled = (): void =>
  checkInstalled(['bullmq', 'ioredis'], { en: 'Queues', ko: '작업 대기열' });

/** Named connections to a queue's Redis, which come back by themselves; what happens to them is said. */
export interface Connections {
  /** Another connection, for what blocks its own. */
  open(): Redis;
  close(): Promise<void>;
}

/**
 * Connects to a queue's Redis, once to see that it answers. From then on a lost connection is waited for, and said.
 *
 * Errors: `failed` where packages are missing or the password is refused, `temporary` where nobody answers.
 */
export async function connectQueue(address: QueueAddress, reporter: Reporter): Promise<Connections> {
  checkQueueInstalled();
  const { Redis: Client } = await import('ioredis');
  const first = new Client({
    ...optionsOf(address),
    lazyConnect: true,
    retryStrategy: () => null,
    connectTimeout: FIRST_MS,
  });
  let reason = '';
  first.on('error', (error: Error) => {
    reason = reasonOf(error);
  });
  try {
    await first.connect();
    await first.ping();
  } catch (error) {
    throw unreachable(address, reason || reasonOf(error));
  } finally {
    first.disconnect();
  }
  const clients: Redis[] = [];
  const watch = outageWatch(address, reporter);
  return {
    open() {
      const client = new Client({
        ...optionsOf(address),
        retryStrategy: (times) => Math.min(LONGEST_PAUSE_MS, 50 * 2 ** Math.min(times, 10)),
        connectTimeout: FIRST_MS,
        socketTimeout: SILENT_MS,
      });
      clients.push(client);
      watch(client);
      return client;
    },
    async close() {
      for (const client of clients) client.disconnect();
    },
  };
}

const optionsOf = ({ host, port, db, username, password, tls }: QueueAddress) => ({
  ...{ host, port, db, keepAlive: 5_000, maxRetriesPerRequest: null },
  ...(username !== undefined && { username }),
  ...(password !== undefined && { password }),
  // A name alone may be sent to the server; an address is compared with its certificate all the same.
  ...(tls && { tls: isIP(host) ? {} : { servername: host } }),
});

/** Says once that the connections are gone, and once that they are back, however many there are. */
function outageWatch({ shown }: QueueAddress, reporter: Reporter): (client: Redis) => void {
  const gone = new Set<Redis>();
  let reason = '';
  return (client) => {
    client.on('error', (error: Error) => {
      reason = reasonOf(error);
    });
    client.on('reconnecting', () => {
      if (gone.size === 0) reporter.warn(lost(shown, reason));
      gone.add(client);
    });
    client.on('ready', () => {
      if (gone.delete(client) && gone.size === 0)
        reporter.info({ en: `${shown} is back.`, ko: `${shown}에 다시 닿았다.` });
    });
    client.on('end', () => gone.delete(client));
  };
}

const lost = (shown: string, reason: string): Localized => ({
  en: `${shown} does not answer${reason && ` (${reason})`}: waiting until it does; nothing is lost.`,
  ko: `${shown}에서 답이 없다${reason && `(${reason})`}. 답할 때까지 기다린다. 잃는 것은 없다.`,
});

const unreachable = ({ shown }: QueueAddress, reason: string) =>
  /WRONGPASS|NOAUTH|NOPERM|invalid password/i.test(reason)
    ? failure(
        {
          en: `${shown} refuses the user or password: ${reason}.`,
          ko: `${shown}: 사용자나 비밀번호를 거절했다(${reason}).`,
        },
        {
          en: 'Put them into the address, or the password into KOREX_QUEUE_PASSWORD.',
          ko: '주소에 쓰거나, 비밀번호를 KOREX_QUEUE_PASSWORD에 넣는다.',
        },
      )
    : temporary(
        { en: `No Redis answers at ${shown}: ${reason}.`, ko: `${shown}: 답하는 Redis가 없다(${reason}).` },
        { en: 'Check the address, and that redis-server runs there.', ko: '주소와 redis-server가 도는지 확인한다.' },
      );

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code === 'ECONNREFUSED' ? 'connection refused' : message || code || String(error)).replace(/\.$/, '');
}
