import { pValue, signed } from '../../core/format.ts';
import type { Language, Localized } from '../../core/types.ts';
import type { AblationResults, TechniqueSummary, Verdict } from './results.ts';

export const VERDICT_TEXT: Readonly<Record<Verdict, Localized>> = {
  gain: { ko: '향상', en: 'gain' },
  'no difference': { ko: '차이 없음', en: 'no difference' },
  loss: { ko: '하락', en: 'loss' },
};

/** Techniques that have a difference, the largest first; then those that have none yet, in the order given. */
export function ranked(techniques: readonly TechniqueSummary[]): TechniqueSummary[] {
  const differenceOf = ({ against }: TechniqueSummary) => against?.macro_f1.difference ?? Number.NEGATIVE_INFINITY;
  return [...techniques].sort((a, b) => (differenceOf(a) === differenceOf(b) ? 0 : differenceOf(b) - differenceOf(a)));
}

const HEADERS: Readonly<Record<Language, readonly string[]>> = {
  ko: [
    ...['기법', '판정', 'macro-F1', '차이 [95% 구간]', '보정 p', 'micro-F1', 'micro-F1 차이', 'AUPRC', 'AUPRC 차이'],
    ...['분', '비용'],
  ],
  en: [
    ...['Technique', 'Verdict', 'Macro-F1', 'Difference [95%]', 'Corrected p', 'Micro-F1', 'Micro-F1 diff.', 'AUPRC'],
    ...['AUPRC diff.', 'Minutes', 'Cost'],
  ],
};

/** Columns of the table that fit on a page: without differences in micro-F1 and AUPRC, and without minutes. */
const PAGE = [0, 1, 2, 3, 4, 5, 7, 10];

/** The ablation as a table of texts: the baseline first, then the techniques by their difference in macro-F1. */
export function ablationTable(
  { baseline, techniques }: Pick<AblationResults, 'baseline' | 'techniques'>,
  lang: Language,
): { readonly header: readonly string[]; readonly rows: readonly (readonly string[])[] } {
  return { header: HEADERS[lang], rows: [baseline, ...ranked(techniques)].map((row) => cells(row, lang)) };
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

function cells(row: TechniqueSummary, lang: Language): string[] {
  const { technique, against, mean, deviation, corrected_p: p, minutes, cost } = row;
  const spread = (name: 'macro_f1' | 'micro_f1' | 'auprc') => {
    const [value, by] = [mean[name], deviation[name]];
    if (value === null) return '–';
    return by === null ? value.toFixed(4) : `${value.toFixed(4)} ± ${by.toFixed(4)}`;
  };
  const macro = against?.macro_f1;
  return [
    technique,
    verdictText(row, lang),
    spread('macro_f1'),
    macro ? `${signed(macro.difference)} [${signed(macro.low)}, ${signed(macro.high)}]` : '–',
    p === null ? '–' : pValue(p),
    spread('micro_f1'),
    against ? signed(against.micro_f1.difference) : '–',
    spread('auprc'),
    against && against.auprc !== null ? signed(against.auprc) : '–',
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
