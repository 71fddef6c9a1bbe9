import type { Language } from '../../../src/base/core/types.ts';
import { relationName } from '../../../src/base/data/relations.ts';

/** What of a chart's axis the names of its data decide. */
export interface AxisNames {
  labelExpr?: string;
  labelFontSize?: number;
  labelLineHeight?: number;
}

/** What a relation is called where there is little room: in English its label says as much as a name would. */
export const shortName = (label: string, lang: Language): string => (lang === 'ko' ? relationName(label, lang) : label);

/** The same on a chart's axis. */
export const relationAxis = (labels: readonly string[], lang: Language, isNarrow = false): AxisNames =>
  namedAxis(
    labels.map((label) => [label, shortName(label, lang)]),
    isNarrow,
  );

/** An axis with other names than its data has; in narrow places long ones take two lines. */
export function namedAxis(names: readonly (readonly [key: string, name: string])[], isNarrow: boolean): AxisNames {
  const shown = names.map(([key, name]) => [key, isNarrow ? inTwoLines(name) : name] as const);
  if (shown.every(([key, name]) => key === name)) return {};
  const name = `(${JSON.stringify(Object.fromEntries(shown))}[datum.label] || datum.label)`;
  const hasLines = shown.some(([, text]) => text.includes('\n'));
  return {
    labelExpr: hasLines ? `split(${name}, '\\n')` : name,
    ...(isNarrow && { labelFontSize: 10.5, labelLineHeight: 11 }),
  };
}

/** Widths that fit beside a chart on a phone, where a Latin letter counts 1 and a Hangul syllable 2. */
const MOST_WIDTH = 18;

/** Broken where its parts meet, as near to the middle as can be. */
function inTwoLines(name: string): string {
  const width = (text: string) => [...text].reduce((sum, char) => sum + (/[\u1100-\uffdc]/.test(char) ? 2 : 1), 0);
  if (width(name) <= MOST_WIDTH) return name;
  const breaks = [...name.matchAll(/(?<=[:/_·\s])|(?=→)/g)].map(({ index }) => index);
  const lopsided = (at: number) => Math.abs(width(name.slice(0, at)) - width(name.slice(at)));
  const best = breaks.reduce<number | null>(
    (kept, at) => (kept === null || lopsided(at) < lopsided(kept) ? at : kept),
    null,
  );
  return best === null ? name : `${name.slice(0, best).trimEnd()}\n${name.slice(best)}`;
}
