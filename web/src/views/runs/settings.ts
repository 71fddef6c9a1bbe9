import type { RunEntry } from '../../../../src/app/serve/page/shapes.ts';

export interface SettingRow {
  readonly name: string;
  /** Beside the runs; null where a run has none. */
  readonly values: readonly (string | null)[];
  readonly differs: boolean;
}

/** What decided the runs, a row for each setting by the name of its option. */
export function settingRows(runs: readonly RunEntry[]): SettingRow[] {
  const plans = runs.map(({ plan, trained_rows, dataset }) => ({ ...plan, dataset, trainedRows: trained_rows }));
  const names = [...new Set(plans.flatMap((plan) => Object.keys(plan)))].filter((name) => name !== 'data');
  return names.map((name) => {
    const values = plans.map((plan) => shown((plan as Readonly<Record<string, unknown>>)[name]));
    return { name: optionOf(name), values, differs: new Set(values).size > 1 };
  });
}

const shown = (value: unknown): string | null => (value === null || value === undefined ? null : String(value));

/** `batchSize` → `--batch-size`; what is no option keeps its words. */
const optionOf = (name: string): string => {
  const words = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return name === 'trainedRows' ? 'training rows' : name === 'dataset' ? 'data set' : `--${words}`;
};
