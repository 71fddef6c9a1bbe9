import { DEFAULT_SETTINGS, flagOf, SETTING_NAMES } from '../core/settings.ts';
import type { TrainingPlan } from '../train/plan.ts';
import { dataSourceOf } from './licences.ts';

/** The `korex train` that a plan came from: settings other than the defaults, with `auto` as what it was taken for. */
export function trainingCommand(plan: TrainingPlan, dataset: string | undefined): string {
  const official = dataSourceOf(dataset)?.hubId ? 'klue' : dataset;
  const flags = SETTING_NAMES.flatMap((name) => {
    if (name === 'data' || !Object.hasOwn(plan, name)) return [];
    const value: unknown = plan[name as keyof TrainingPlan];
    return value === null || value === DEFAULT_SETTINGS[name] || value === false
      ? []
      : [value === true ? flagOf(name) : `${flagOf(name)} ${value}`];
  });
  return ['korex train', ...(official === undefined ? [] : [`--data ${official}`]), ...flags].join(' ');
}
