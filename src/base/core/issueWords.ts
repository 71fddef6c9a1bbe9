import type { z } from 'zod';
import type { Localized } from './types.ts';

const KOREAN_TYPES: Readonly<Record<string, string>> = {
  ...{ string: '글', number: '수', int: '정수', boolean: 'true나 false', array: '목록', object: '객체' },
  ...{ record: '객체', null: 'null', undefined: '없음', NaN: '수가 아닌 것(NaN)', nan: '수가 아닌 것(NaN)' },
};
const typeInKorean = (type: string): string => KOREAN_TYPES[type] ?? type;

/** The words of a schema's own refinement, which `issueWords` gives back; for `refine` and, with code and path, `addIssue`. */
export const refusal = ({ en, ko }: Localized) => ({ message: en, params: { ko } });

/**
 * What a schema says of a value. English is zod's or the schema's own message; Korean is made of the issue's parts, and
 * for refinements it is theirs (`refusal`).
 */
export function issueWords(issue: z.core.$ZodIssue): Localized {
  return { en: issue.message, ko: inKorean(issue) };
}

function inKorean(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type': {
      const received = /received (\w+)/.exec(issue.message)?.[1];
      return `필요한 것은 ${typeInKorean(issue.expected)}${received === undefined ? '' : `, 있는 것은 ${typeInKorean(received)}`}`;
    }
    case 'invalid_value':
      return `쓸 수 있는 값: ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'too_small':
      return `${issue.minimum}${issue.inclusive === false ? '보다 커야 한다' : ' 이상이어야 한다'}${measure(issue.origin)}`;
    case 'too_big':
      return `${issue.maximum}${issue.inclusive === false ? '보다 작아야 한다' : ' 이하여야 한다'}${measure(issue.origin)}`;
    case 'unrecognized_keys':
      return `모르는 키: ${issue.keys.join(', ')}`;
    case 'custom':
      return typeof issue.params?.ko === 'string' ? issue.params.ko : unusable(issue);
    default:
      return unusable(issue);
  }
}

const unusable = ({ message }: z.core.$ZodIssue): string => `쓸 수 없는 값이다(${message})`;

/** What a bound counts, where it is not the value itself. */
const measure = (origin: string): string => (origin === 'string' ? '(글자 수)' : origin === 'array' ? '(항목 수)' : '');
