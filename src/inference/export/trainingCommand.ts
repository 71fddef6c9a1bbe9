import { DEFAULT_SETTINGS, flagOf, SETTING_NAMES } from '../../base/core/settings.ts';
import type { TrainingPlan } from '../../engine/runs/plan.ts';
import { dataSourceOf } from './licences.ts';
import type { RunFacts } from './runFacts.ts';

/**
 * The `korex train` that a plan came from: settings other than the defaults, with the values that `auto` became.
 *
 * @param run what a plan does not hold: names of data and teachers, and how rows were chosen
 */
export function trainingCommand(
  plan: TrainingPlan,
  { dataset, teachers, row_settings: chosen = {} }: Pick<RunFacts, 'dataset' | 'teachers' | 'row_settings'>,
): string {
  const official = plan.task === 'relation' && dataSourceOf(dataset)?.hubId ? 'klue' : dataset;
  const flags = SETTING_NAMES.flatMap((name) => {
    // A head of its own comes with the task.
    if (name === 'data' || (name === 'head' && plan.task === 'entities') || !Object.hasOwn(plan, name)) return [];
    const value: unknown = plan[name as keyof TrainingPlan];
    return value === null || value === DEFAULT_SETTINGS[name] || value === false
      ? []
      : [value === true ? flagOf(name) : `${flagOf(name)} ${value}`];
  });
  const data = official === undefined ? [] : [`--data ${official}`];
  const rows = Object.entries(chosen).map(([name, value]) => `${flagOf(name)} ${value}`);
  const distillation = teachers.length > 0 ? [`--teacher ${teachers.join(',')}`] : [];
  return ['korex train', ...data, ...rows, ...flags, ...distillation].join(' ');
}
