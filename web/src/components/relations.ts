import type { Language } from '../../../src/base/core/types.ts';
import { relationName } from '../../../src/base/data/relations.ts';

/** What a relation is called where there is little room: in English its label says as much as a name would. */
export const shortName = (label: string, lang: Language): string => (lang === 'ko' ? relationName(label, lang) : label);

/** The same on a chart's axis. */
export function relationAxis(labels: readonly string[], lang: Language): { labelExpr?: string } {
  const names = labels.map((label) => [label, shortName(label, lang)] as const);
  if (names.every(([label, name]) => label === name)) return {};
  return { labelExpr: `${JSON.stringify(Object.fromEntries(names))}[datum.label] || datum.label` };
}
