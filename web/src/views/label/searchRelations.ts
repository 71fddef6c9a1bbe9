import type { LabelRelation } from '../../../../src/inference/predict/api/labelSchema.ts';

const INITIALS = [...'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ'];
const FIRST_SYLLABLE = 0xac00;
/** Syllables that begin with the same consonant. */
const PER_INITIAL = 588;

/** The first consonants of a text's syllables: 배우자 → ㅂㅇㅈ. */
const consonants = (text: string): string =>
  [...text]
    .map((letter) =>
      /[가-힣]/.test(letter) ? INITIALS[Math.floor((letter.charCodeAt(0) - FIRST_SYLLABLE) / PER_INITIAL)]! : letter,
    )
    .join('');

/**
 * The relations that a query names, in Korean, by first consonants (ㅂㅇㅈ), in English, by label or by the initials of its words
 * (pb: place_of_birth); the nearest first, else in their order.
 */
export function searchRelations(relations: readonly LabelRelation[], query: string): LabelRelation[] {
  const wanted = normal(query);
  if (wanted === '') return [...relations];
  return relations
    .map((relation) => ({ relation, rank: rankOf(relation, wanted) }))
    .filter(({ rank }) => rank < NEVER)
    .sort((a, b) => a.rank - b.rank)
    .map(({ relation }) => relation);
}

const NEVER = 9;
const normal = (text: string): string => text.normalize('NFC').toLowerCase().replace(/\s+/g, '');

function rankOf({ name, title }: LabelRelation, wanted: string): number {
  const bare = name.slice(name.indexOf(':') + 1).toLowerCase();
  const names = [normal(title.ko), normal(title.en), normal(bare), normal(name)];
  const words = [title.en, bare].flatMap((text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u)).filter(Boolean);
  const initials = bare
    .split(/[^\p{L}\p{N}]+/u)
    .map((word) => word[0] ?? '')
    .join('');
  if (names.includes(wanted)) return 0;
  if (initials === wanted) return 1;
  if (consonants(normal(title.ko)).startsWith(wanted) || names.some((text) => text.startsWith(wanted))) return 2;
  if (words.some((word) => word.startsWith(wanted))) return 3;
  if (isSubsequence(wanted, initials)) return 4;
  if (names.some((text) => text.includes(wanted)) || consonants(normal(title.ko)).includes(wanted)) return 5;
  return NEVER;
}

function isSubsequence(part: string, whole: string): boolean {
  let at = 0;
  for (const letter of whole) if (letter === part[at]) at++;
  return at === part.length;
}
