/** What the view shows, as its address holds it: a link shows the same to others. */

export const SECTIONS = [
  'choose',
  'metrics',
  'curves',
  'settings',
  'classes',
  'confusions',
  'answers',
  'analysis',
  'calibration',
] as const;
export type SectionId = (typeof SECTIONS)[number];

export const CURVE_MEASURES = ['macro_f1', 'micro_f1', 'accuracy', 'loss'] as const;
export type CurveMeasure = (typeof CURVE_MEASURES)[number];

export interface RunsState {
  /** Names of the runs that are ticked; null leaves the choice to the page. */
  readonly runs: readonly string[] | null;
  /** The section in sight. */
  readonly at: SectionId | null;
  readonly measure: CurveMeasure;
  /** Whether settings that are the same are shown, too. */
  readonly allSettings: boolean;
  readonly cells: 'counts' | 'shares';
  readonly answers: AnswersWanted;
  /** The list of sentences of the error analysis; null for the largest class. */
  readonly cases: string | null;
}

/** Which rows are shown; null takes any. */
export interface AnswersWanted {
  readonly gold: string | null;
  readonly predicted: string | null;
  /** The run that answered `predicted`; null for any of them. */
  readonly by: string | null;
  /** A digit a run, 1 where it is right; `differ`; `all`. Null: what tells most of the runs that are ticked. */
  readonly outcome: string | null;
  readonly text: string;
}

export const ANY_ANSWER: AnswersWanted = { gold: null, predicted: null, by: null, outcome: null, text: '' };

export function parseState(params: URLSearchParams): RunsState {
  const among = <T extends string>(key: string, values: readonly T[]): T | null =>
    values.find((value) => value === params.get(key)) ?? null;
  const outcome = params.get('outcome');
  return {
    runs: params.has('run') ? params.getAll('run').filter((name) => name !== '') : null,
    at: among('at', SECTIONS),
    measure: among('measure', CURVE_MEASURES) ?? 'macro_f1',
    allSettings: params.get('settings') === 'all',
    cells: among('cells', ['counts', 'shares']) ?? 'counts',
    answers: {
      gold: params.get('gold'),
      predicted: params.get('predicted'),
      by: params.get('by'),
      outcome: outcome !== null && /^(all|differ|[01]+)$/.test(outcome) ? outcome : null,
      text: params.get('q') ?? '',
    },
    cases: params.get('cases'),
  };
}

export function formatState({ runs, at, measure, allSettings, cells, answers, cases }: RunsState): URLSearchParams {
  const { gold, predicted, by, outcome, text } = answers;
  const names = runs === null ? [] : runs.length === 0 ? [''] : runs;
  const params = new URLSearchParams(names.map((name) => ['run', name]));
  const set = (key: string, value: string | null) => value !== null && value !== '' && params.set(key, value);
  set('at', at);
  set('measure', measure === 'macro_f1' ? null : measure);
  set('settings', allSettings ? 'all' : null);
  set('cells', cells === 'counts' ? null : cells);
  set('gold', gold);
  set('predicted', predicted);
  set('by', by);
  set('outcome', outcome);
  set('q', text);
  set('cases', cases);
  return params;
}
