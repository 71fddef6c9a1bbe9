import { fieldError } from '../../base/core/errors.ts';
import type { Entity, Localized } from '../../base/core/types.ts';
import { normalText, type Place, placesOf } from '../../base/data/normalForm.ts';
import { codePointLength, codePointsBefore } from '../../base/data/span.ts';
import { utf16Index } from '../../base/text/codePoints.ts';
import type { EntityInput } from './schema.ts';

/** Places that an error lists at most. */
const SHOWN_PLACES = 6;
/** Characters around a place that an error shows. */
const CONTEXT = 8;

/**
 * The entity that a request means, in code points, end inclusive; its word is as the sentence writes it.
 *
 * A word that the sentence has in another Unicode normal form (NFC, NFD) is found where it occurs as whole characters.
 *
 * @param field JSON pointer of the input, for errors
 * Errors: `usage` with the field: a word that is not in the sentence, or is there more than once without `occurrence`;
 * offsets outside of the sentence, within a character, or whose text is not the word.
 */
export function resolveEntity(input: EntityInput, sentence: string, field: string): Entity {
  const { from, to } =
    input.start === undefined || input.end === undefined
      ? placeOfWord(input, sentence, field)
      : placeOfOffsets({ ...input, start: input.start, end: input.end }, sentence, field);
  const start = codePointsBefore(sentence, from);
  const word = sentence.slice(from, to);
  return { word, start, end: start + codePointLength(word) - 1, type: input.type ?? null };
}

function placeOfWord({ word, occurrence }: EntityInput, sentence: string, field: string): Place {
  if (word === undefined || word === '')
    throw fieldError(
      `${field}/word`,
      { en: 'The word of the entity is missing.', ko: '엔티티의 단어가 없다.' },
      { en: 'Give the word, or start, end and offsets.', ko: '단어, 또는 start, end, offsets를 준다.' },
    );
  const places = placesOf(word, sentence);
  if (places.length === 0)
    throw fieldError(
      `${field}/word`,
      { en: `"${word}" is not in the sentence.`, ko: `"${word}": 문장에 없는 단어다.` },
      nearMiss(word, sentence) ?? {
        en: 'Write the entity exactly as the sentence does.',
        ko: '엔티티를 문장에 쓰인 그대로 쓴다.',
      },
    );
  if (occurrence === undefined && places.length > 1)
    throw fieldError(
      `${field}/word`,
      {
        en: `"${word}" occurs ${places.length} times in the sentence: ${listed(places, sentence)}.`,
        ko: `"${word}": 문장에 ${places.length}번 나온다(${listed(places, sentence)}).`,
      },
      {
        en: `Say which is meant: occurrence 1 to ${places.length}, or start, end and offsets.`,
        ko: `어느 것인지 정한다: occurrence 1부터 ${places.length}까지, 또는 start, end, offsets.`,
      },
    );
  const place = places[(occurrence ?? 1) - 1];
  if (place === undefined)
    throw fieldError(
      `${field}/occurrence`,
      {
        en: `occurrence is ${occurrence}, but "${word}" occurs ${places.length === 1 ? 'once' : `${places.length} times`} in the sentence: ${listed(places, sentence)}.`,
        ko: `occurrence가 ${occurrence}인데, "${word}"은(는) 문장에 ${places.length}번 나온다: ${listed(places, sentence)}.`,
      },
      {
        en: `Occurrences count from 1; at most ${places.length} here.`,
        ko: `occurrence는 1부터 센다. 여기서는 ${places.length}까지이다.`,
      },
    );
  return place;
}

/** What the sentence has in place of a word that it lacks, where only spaces or letter case differ. */
function nearMiss(word: string, sentence: string): Localized | null {
  const trimmed = word.trim();
  if (trimmed !== '' && trimmed !== word && sentence.includes(trimmed))
    return {
      en: `The sentence has "${trimmed}", without the spaces around it.`,
      ko: `문장에는 앞뒤 공백이 없는 "${trimmed}"이(가) 있다.`,
    };
  const lower = sentence.toLowerCase();
  const at = lower.length === sentence.length ? lower.indexOf(word.toLowerCase()) : -1;
  if (at < 0) return null;
  const other = sentence.slice(at, at + word.length);
  return {
    en: `The sentence has "${other}", in other letter case.`,
    ko: `문장에는 대소문자가 다른 "${other}"이(가) 있다.`,
  };
}

function placeOfOffsets(
  { word, start, end, offsets }: EntityInput & { readonly start: number; readonly end: number },
  sentence: string,
  field: string,
): Place {
  if (offsets === undefined)
    throw fieldError(
      `${field}/offsets`,
      {
        en: 'offsets is missing: how do start and end count?',
        ko: 'offsets가 없다. start와 end를 어떻게 셌는지 알 수 없다.',
      },
      {
        en: '"codepoint" (end inclusive, as KLUE) or "utf16" (end exclusive, as JavaScript).',
        ko: '"codepoint"(KLUE처럼 end 포함)나 "utf16"(자바스크립트처럼 end 제외)으로 쓴다.',
      },
    );
  const length = offsets === 'utf16' ? sentence.length : codePointLength(sentence);
  const last = offsets === 'utf16' ? end - 1 : end;
  const inside = {
    en: `the sentence has ${length} ${offsets === 'utf16' ? 'UTF-16 units' : 'code points'}, counted from 0`,
    ko: `문장은 ${offsets === 'utf16' ? 'UTF-16 단위' : '코드 포인트'} ${length}개이고 0부터 센다`,
  };
  if (start >= length)
    throw fieldError(`${field}/start`, {
      en: `start is ${start}; ${inside.en}.`,
      ko: `start가 ${start}이다. ${inside.ko}.`,
    });
  if (last < start)
    throw fieldError(
      `${field}/end`,
      {
        en: `end is ${end}, before start ${start}${offsets === 'utf16' ? ' or at it' : ''}: the entity is empty.`,
        ko: `end ${end}이(가) start ${start}보다 ${offsets === 'utf16' ? '크지 않아' : '작아'} 엔티티가 비어 있다.`,
      },
      offsets === 'utf16'
        ? { en: 'With utf16, end is exclusive.', ko: 'utf16에서 end는 포함하지 않는다.' }
        : { en: 'With codepoint, end is inclusive.', ko: 'codepoint에서 end는 포함한다.' },
    );
  if (last >= length)
    throw fieldError(`${field}/end`, { en: `end is ${end}; ${inside.en}.`, ko: `end가 ${end}이다. ${inside.ko}.` });
  const place =
    offsets === 'utf16'
      ? { from: start, to: end }
      : { from: utf16Index(sentence, start), to: utf16Index(sentence, end + 1) };
  for (const [name, at] of [
    ['start', place.from],
    ['end', place.to],
  ] as const)
    if (splitsCharacter(sentence, at))
      throw fieldError(
        `${field}/${name}`,
        {
          en: `${name} ${name === 'start' ? start : end} is within a character: between the halves of a surrogate pair.`,
          ko: `${name} ${name === 'start' ? start : end}: 글자 안, 곧 서러게이트 쌍의 가운데이다.`,
        },
        {
          en: 'Offsets that count code points are "codepoint".',
          ko: '코드 포인트로 센 위치라면 offsets는 "codepoint"이다.',
        },
      );
  const actual = sentence.slice(place.from, place.to);
  if (word !== undefined && normalText(word) !== normalText(actual))
    throw fieldError(
      `${field}/word`,
      {
        en: `The word is "${word}", but at ${start} to ${end} (${offsets}) the sentence has "${actual}".`,
        ko: `단어는 "${word}"인데, 문장의 ${start}부터 ${end}까지(${offsets})는 "${actual}"이다.`,
      },
      otherConvention(word, start, end, offsets, sentence),
    );
  return place;
}

const splitsCharacter = (text: string, at: number): boolean =>
  at > 0 && at < text.length && /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(at - 1, at + 1));

/** A hint where the offsets fit the word as the other convention, or where an end was meant otherwise. */
function otherConvention(
  word: string,
  start: number,
  end: number,
  offsets: 'codepoint' | 'utf16',
  sentence: string,
): Localized {
  const other =
    offsets === 'codepoint'
      ? sentence.slice(start, end)
      : sentence.slice(utf16Index(sentence, start), utf16Index(sentence, end + 1));
  if (other !== word)
    return { en: 'Leave the word out, or give its offsets.', ko: '단어를 빼거나 그 단어의 위치를 준다.' };
  return offsets === 'codepoint'
    ? {
        en: 'With "codepoint", end is inclusive; these offsets are "utf16".',
        ko: '"codepoint"에서 end는 포함한다. 이 위치는 "utf16"으로 센 것이다.',
      }
    : {
        en: 'With "utf16", end is exclusive; these offsets are "codepoint".',
        ko: '"utf16"에서 end는 포함하지 않는다. 이 위치는 "codepoint"로 센 것이다.',
      };
}

/** Places with the text around them: `1: …는 [가온]에서 …`. */
function listed(places: readonly Place[], sentence: string): string {
  const lines = places.slice(0, SHOWN_PLACES).map(({ from, to }, i) => {
    const before = Array.from(sentence.slice(0, from));
    const after = Array.from(sentence.slice(to));
    const left = `${before.length > CONTEXT ? '…' : ''}${before.slice(-CONTEXT).join('')}`;
    const right = `${after.slice(0, CONTEXT).join('')}${after.length > CONTEXT ? '…' : ''}`;
    return `${i + 1}: ${left}[${sentence.slice(from, to)}]${right}`;
  });
  return [...lines, ...(places.length > SHOWN_PLACES ? ['…'] : [])].join('; ');
}
