import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { usageError } from '../../base/core/errors.ts';
import { readFailure } from '../../base/core/files.ts';
import { RequestProblem } from './problem.ts';

/** Who a request of a label project is from. */
export interface Identity {
  /** Keys of people; with some, requests need one of them. */
  readonly keys: readonly PersonKey[];
  /** The header in which a proxy that people log in at says who it is; null without such a proxy. */
  readonly header: string | null;
}

export interface PersonKey {
  readonly name: string;
  readonly key: string;
}

/** In which a client says its name where nothing else does. Percent-encoded, since headers are Latin-1. */
const OWN_NAME = 'x-korex-person';
/** Who labels alone. */
const ALONE = 'me';
const MOST_NAME = 60;

/** Whether clients may choose who they are: where neither keys nor a proxy say so. */
export const mayChooseName = ({ keys, header }: Identity): boolean => keys.length === 0 && header === null;

/** The key that a request brings, by either header; null without one. */
export function givenKey(headers: Headers): string | null {
  const bearer = /^bearer\s+(\S+)\s*$/i.exec(headers.get('authorization') ?? '')?.[1];
  return bearer ?? headers.get('x-api-key');
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares keys in a time that does not depend on where they differ. */
export const isKey = (given: string, key: string): boolean => timingSafeEqual(digest(given), digest(key));

/** Errors: `unauthorized` where a proxy should have said who it is and did not; `invalid-request` for a name that is none. */
export function personOf(headers: Headers, { keys, header }: Identity): string {
  if (keys.length > 0) {
    const given = givenKey(headers) ?? '';
    const person = keys.find(({ key }) => isKey(given, key));
    if (person) return person.name;
    throw new RequestProblem('unauthorized', 'The request has no key of a person.');
  }
  const said = headers.get(header ?? OWN_NAME);
  if (said === null && header === null) return ALONE;
  if (said === null)
    throw new RequestProblem('unauthorized', `The request has no ${header} header.`, {
      hint: 'Requests must come through the proxy that people log in at.',
    });
  const name = decoded(said).normalize('NFC').trim();
  if (name !== '' && [...name].length <= MOST_NAME && !/\p{C}/u.test(name)) return name;
  throw new RequestProblem(
    'invalid-request',
    `A name has 1 to ${MOST_NAME} characters, none of them a control character.`,
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The people of a file, each a line `NAME KEY`. Errors: `usage` with the line. */
export async function readPeople(path: string): Promise<PersonKey[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw readFailure(path, error);
  });
  const people = text.split(/\r?\n/).flatMap((line, i): PersonKey[] => {
    if (line.trim() === '' || line.startsWith('#')) return [];
    const [, name, key] = /^\s*(\S.*?)\s+(\S{8,})\s*$/.exec(line) ?? [];
    if (name !== undefined && key !== undefined) return [{ name: name.normalize('NFC'), key }];
    throw usageError(
      { en: `${path}, line ${i + 1}: expected NAME KEY.`, ko: `${path}, ${i + 1}줄: 이름과 키가 있어야 한다.` },
      {
        en: 'A key has eight characters or more, e.g. of `openssl rand -hex 16`.',
        ko: '키는 여덟 글자 이상이다. 예: `openssl rand -hex 16`.',
      },
    );
  });
  const twice = people.find(({ name, key }, i) =>
    people.some((other, j) => j < i && (other.name === name || other.key === key)),
  );
  if (twice)
    throw usageError({
      en: `${path} names ${twice.name}, or this key, twice.`,
      ko: `${path}: ${twice.name} 또는 그 키가 두 번 있다.`,
    });
  if (people.length > 0) return people;
  throw usageError(
    { en: `${path} names nobody.`, ko: `${path}: 사람이 없다.` },
    { en: 'Write a line NAME KEY for each person.', ko: '사람마다 한 줄에 이름과 키를 쓴다.' },
  );
}
