import { pValue, signed } from '../../core/format.ts';
import type { TaskName } from '../../core/settings.ts';
import type { Language, Localized } from '../../core/types.ts';
import { ANSWER_KINDS, type AnswerKind } from './answers.ts';
import type { AblationResults, TechniqueSummary, Verdict } from './results.ts';

export const VERDICT_TEXT: Readonly<Record<Verdict, Localized>> = {
  gain: { ko: '향상', en: 'gain' },
  'no difference': { ko: '차이 없음', en: 'no difference' },
  loss: { ko: '하락', en: 'loss' },
};

/** Techniques that have a difference, the largest first; then those that have none yet, in the order given. */
export function ranked(
  techniques: readonly TechniqueSummary[],
  { leading }: Pick<AnswerKind, 'leading'> = ANSWER_KINDS.relation,
): TechniqueSummary[] {
  const differenceOf = ({ against }: TechniqueSummary) => against?.[leading].difference ?? Number.NEGATIVE_INFINITY;
  return [...techniques].sort((a, b) => (differenceOf(a) === differenceOf(b) ? 0 : differenceOf(b) - differenceOf(a)));
}

function headerOf({ leading, other, titles, hasArea }: AnswerKind, lang: Language): string[] {
  const titled = (name: 'leading' | 'other') => titles[{ leading, other }[name]][lang];
  if (lang === 'ko')
    return [
      ...['기법', '판정', titled('leading'), '차이 [95% 구간]', '보정 p', titled('other'), `${titled('other')} 차이`],
      ...[...(hasArea ? ['AUPRC', 'AUPRC 차이'] : []), '분', '비용'],
    ];
  const [first, second] = [titled('leading'), titled('other')].map((text) => text[0]!.toUpperCase() + text.slice(1));
  return [
    ...['Technique', 'Verdict', first!, 'Difference [95%]', 'Corrected p', second!, `${second} diff.`],
    ...[...(hasArea ? ['AUPRC', 'AUPRC diff.'] : []), 'Minutes', 'Cost'],
  ];
}

/** Columns of the table of relations that fit on a page: without differences in micro-F1 and AUPRC, and without minutes. */
const PAGE = [0, 1, 2, 3, 4, 5, 7, 10];

/** The ablation as a table of texts: the baseline first, then the techniques by their difference in the figure that leads. */
export function ablationTable(
  { baseline, techniques }: Pick<AblationResults, 'baseline' | 'techniques'>,
  lang: Language,
  task: TaskName = 'relation',
): { readonly header: readonly string[]; readonly rows: readonly (readonly string[])[] } {
  const kind = ANSWER_KINDS[task];
  const rows = [baseline, ...ranked(techniques, kind)].map((row) => cells(row, kind, lang));
  return { header: headerOf(kind, lang), rows };
}

/** The same for Markdown, as wide as a page; names as code, verdicts in one line, deviations of macro-F1 alone. */
export function ablationPageTable(
  summary: Pick<AblationResults, 'baseline' | 'techniques'>,
  lang: Language,
): ReturnType<typeof ablationTable> {
  const { header, rows } = ablationTable(summary, lang);
  const chosen = (row: readonly string[]) => PAGE.map((column) => row[column]!);
  return {
    header: chosen(header),
    rows: rows.map((row) => {
      const [name, verdict, macro, ...others] = chosen(row);
      return [
        `\`${name}\``,
        verdict!.replaceAll(' ', '\u00a0'),
        macro!,
        ...others.map((cell) => cell.split(' ± ')[0]!),
      ];
    }),
  };
}

function cells(row: TechniqueSummary, { leading, other, hasArea }: AnswerKind, lang: Language): string[] {
  const { technique, against, mean, deviation, corrected_p: p, minutes, cost } = row;
  const spread = (name: 'macro_f1' | 'micro_f1' | 'auprc') => {
    const [value, by] = [mean[name], deviation[name]];
    if (value === null) return '–';
    return by === null ? value.toFixed(4) : `${value.toFixed(4)} ± ${by.toFixed(4)}`;
  };
  const first = against?.[leading];
  return [
    technique,
    verdictText(row, lang),
    spread(leading),
    first ? `${signed(first.difference)} [${signed(first.low)}, ${signed(first.high)}]` : '–',
    p === null ? '–' : pValue(p),
    spread(other),
    against ? signed(against[other].difference) : '–',
    ...(hasArea ? [spread('auprc'), against && against.auprc !== null ? signed(against.auprc) : '–'] : []),
    minutes === null ? '–' : minutes.toFixed(1),
    cost === null ? '–' : `×${cost.toFixed(2)}`,
  ];
}

/** The verdict, or why there is none yet. */
export function verdictText({ against, verdict, finished, failed, missing }: TechniqueSummary, lang: Language): string {
  if (verdict !== null) return VERDICT_TEXT[verdict][lang];
  const all = finished.length + failed.length + missing.length;
  if (failed.length > 0) return { ko: `실패 ${failed.length}/${all}`, en: `failed ${failed.length} of ${all}` }[lang];
  if (against === null && missing.length === 0) return '–';
  return { ko: `시드 ${finished.length}/${all}`, en: `${finished.length} of ${all} seeds` }[lang];
}
