import type { Language } from '../../src/base/core/types.ts';
import { RELATION_GUIDE } from '../../src/base/data/relationGuide.ts';
import { entityTypeName, KLUE_LABELS, relationDescription, relationName } from '../../src/base/data/relations.ts';
import { traitsOf } from '../../src/base/data/relationTraits.ts';

const WORDS = {
  en: {
    title: 'The relations of KLUE-RE',
    head: '[korex](../README.md) › [Guide](README.md) · **English** · [한국어](relations.ko.md)',
    intro: [
      'What each of the 30 relations means, what it joins, what counts and what does not: for those who annotate, and for those who wonder at an answer. After KLUE (Park et al., 2021), with what its annotators made of the labels; the examples are invented.',
      'Conventions for a text in which all pairs are annotated: what the text states or entails counts, for each mention of an entity; a pair has one relation; where a relation has an inverse, both directions are annotated. What somebody only claims is left open.',
    ],
    columns: ['relation', 'says of its subject', 'subject → object', 'other direction'],
    none: 'none',
    own: 'the same',
    example: 'Example',
    file: 'This page is made from `src/base/data/relationGuide.ts` and the tables beside it: `npx vitest run test/relationGuide.test.ts --update`.',
  },
  ko: {
    title: 'KLUE-RE의 관계',
    head: '[korex](../README.ko.md) › [안내](README.ko.md) · [English](relations.md) · **한국어**',
    intro: [
      '관계 30개의 뜻, 잇는 유형, 해당하는 것과 해당하지 않는 것이다. 주석하는 사람과 모델의 답이 궁금한 사람을 위한 안내이다. KLUE(Park et al., 2021)의 정의와 주석자들이 실제로 쓴 방식을 따랐고, 예문은 모두 지어낸 것이다.',
      '글의 모든 쌍을 주석할 때의 규칙: 글이 말하거나 글에서 따라 나오는 것을 엔티티가 나올 때마다 적는다. 한 쌍에는 관계가 하나이다. 반대 방향의 관계가 있으면 두 방향을 모두 적는다. 누군가의 주장일 뿐인 것은 정하지 않고 남긴다.',
    ],
    columns: ['관계', '주어에 대해 말하는 것', '주어 → 목적어', '반대 방향'],
    none: '없음',
    own: '같은 관계',
    example: '예',
    file: '이 문서는 `src/base/data/relationGuide.ts`와 그 옆의 표에서 만든다: `npx vitest run test/relationGuide.test.ts --update`.',
  },
} as const;

/** The guide's page on KLUE's relations, made from the tables. */
export function relationsPage(lang: Language): string {
  const words = WORDS[lang];
  const typesOf = (label: string) => {
    const types = traitsOf(label)?.types;
    if (!types) return '–';
    const objects = types.map((pair) => pair.split('>')[1]!).map((type) => `${type} ${entityTypeName(type, lang)}`);
    return `${types[0]!.split('>')[0]} → ${objects.join(', ')}`;
  };
  const inverseOf = (label: string) => {
    const inverse = traitsOf(label)?.inverse ?? null;
    return inverse === null ? words.none : inverse === label ? words.own : `\`${inverse}\``;
  };
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const table = KLUE_LABELS.map((label) =>
    row([`\`${label}\``, relationDescription(label, lang), typesOf(label), inverseOf(label)]),
  );
  const sections = KLUE_LABELS.map((label) => {
    const { when, example } = RELATION_GUIDE[label]!;
    const { sentence, subject, object } = example;
    return [
      `## ${label} (${relationName(label, lang)})`,
      when[lang],
      `${words.example}: ${sentence} — ${subject} → ${object}`,
    ].join('\n\n');
  });
  return `${[
    `# ${words.title}`,
    words.head,
    ...words.intro,
    [row(words.columns), row(words.columns.map(() => '---')), ...table].join('\n'),
    ...sections,
    words.file,
  ].join('\n\n')}\n`;
}
