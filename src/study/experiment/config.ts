import { z } from 'zod';
import { usageError } from '../../base/core/errors.ts';
import { readJson } from '../../base/core/files.ts';
import { issueWords } from '../../base/core/issueWords.ts';
import { nearest } from '../../base/core/nearest.ts';
import {
  DEFAULT_SETTINGS,
  SETTINGS,
  type SettingName,
  type Settings,
  type TaskName,
  withSettings,
} from '../../base/core/settings.ts';
import { BASELINE, NAME } from '../../base/eval/ablation/results.ts';
import type { Technique } from '../../base/eval/ablation/summarize.ts';
import { PLANNED_SETTINGS } from '../../engine/runs/plan.ts';

/**
 * The settings that base and techniques may give: all those that decide what a training ends in. Seeds, names and numbers of
 * rows are the experiment's own; where and how fast it runs changes nothing.
 */
export const VARIED_SETTINGS: readonly SettingName[] = [...PLANNED_SETTINGS, 'teacher'];

const name = z.string().regex(NAME, { error: 'expected letters, digits, ".", "_" and "-"' });
const description = z.strictObject({ ko: z.string().min(1), en: z.string().min(1) });
const given = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
const seed = z.number().int().min(0);

const configSchema = z.strictObject({
  name,
  description: description.optional(),
  /** As `--data` names it. */
  data: z.string().min(1).default('sample'),
  rows: z.strictObject({
    train: z.number().int().min(1),
    judged: z.number().int().min(1),
    seed: seed.default(DEFAULT_SETTINGS.seed),
  }),
  base: given,
  seeds: z.array(seed).min(1),
  techniques: z.array(z.strictObject({ name, description: description.optional(), settings: given })).min(1),
});

/** The keys that the file may have, by their place, for "did you mean". */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  '': ['name', 'description', 'data', 'rows', 'base', 'seeds', 'techniques'],
  description: ['ko', 'en'],
  rows: ['train', 'judged', 'seed'],
  techniques: ['name', 'description', 'settings'],
  'techniques.description': ['ko', 'en'],
};

type Config = z.output<typeof configSchema>;

/** An experiment as its file describes it, every setting checked. */
export interface Experiment extends Pick<Config, 'name' | 'data' | 'rows' | 'seeds'> {
  /** What all its runs are trained for, by the base's `task`. */
  readonly task: TaskName;
  readonly description: Technique['description'];
  /** The base alone, under the name `baseline`. */
  readonly baseline: Technique;
  /** Each with the base's settings under its own. */
  readonly techniques: readonly Technique[];
}

/** Reads a configuration. Errors: `usage`, with the file, the key, and what was expected. */
export async function readExperiment(path: string): Promise<Experiment> {
  const parsed = configSchema.safeParse(await readJson(path));
  if (!parsed.success) throw configError(path, parsed.error.issues);
  const { name: experiment, description: about = null, data, rows, base, seeds, techniques } = parsed.data;
  checkSettings(base, `${path}: base`);
  for (const [i, { settings }] of techniques.entries()) checkSettings(settings, `${path}: techniques[${i}].settings`);
  const { task } = settingsOf(base);
  for (const [i, { settings }] of techniques.entries()) checkTask(settings, task, `${path}: techniques[${i}].settings`);
  checkUnique(seeds, `${path}: seeds`);
  checkUnique([BASELINE, ...techniques.map((technique) => technique.name)], `${path}: techniques`);
  return {
    name: experiment,
    task,
    description: about,
    data,
    rows,
    seeds,
    baseline: { technique: BASELINE, description: BASELINE_TEXT, settings: base },
    techniques: techniques.map((technique) => ({
      technique: technique.name,
      description: technique.description ?? null,
      settings: { ...base, ...technique.settings },
    })),
  };
}

const BASELINE_TEXT = { ko: '기준 설정', en: 'the base settings' };

/** The settings of a run: the given ones over the defaults. They are checked. */
export const settingsOf = (given: Technique['settings']): Settings =>
  withSettings(DEFAULT_SETTINGS, given, 'the experiment');

function checkSettings(values: Readonly<Record<string, unknown>>, origin: string): void {
  for (const key of Object.keys(values)) {
    if (VARIED_SETTINGS.some((setting) => setting === key)) continue;
    if (Object.hasOwn(SETTINGS, key))
      throw usageError(
        { en: `${origin}: ${key} cannot vary here.`, ko: `${origin}: ${key}은(는) 여기서 바꿀 수 없다.` },
        {
          en: `What decides a training can: ${VARIED_SETTINGS.join(', ')}. Seeds and numbers of rows have keys of their own.`,
          ko: `학습을 정하는 것만 바꿀 수 있다: ${VARIED_SETTINGS.join(', ')}. 시드와 행 수에는 따로 키가 있다.`,
        },
      );
    const near = nearest(key, VARIED_SETTINGS);
    throw usageError(
      { en: `${origin}: there is no setting "${key}".`, ko: `${origin}: 없는 설정 "${key}".` },
      near
        ? {
            en: `Did you mean "${near}"? \`korex config\` lists all.`,
            ko: `혹시 "${near}"? \`korex config\`가 모두 보인다.`,
          }
        : { en: '`korex config` lists all settings.', ko: '`korex config`가 모든 설정을 보인다.' },
    );
  }
  withSettings(DEFAULT_SETTINGS, values, origin);
}

/** All runs of an experiment are judged by the same figures. */
function checkTask(settings: Technique['settings'], task: TaskName, origin: string): void {
  if ((settings.task ?? task) === task) return;
  throw usageError(
    {
      en: `${origin}: task is ${settings.task}, that of the base ${task}.`,
      ko: `${origin}: task가 ${settings.task}인데 바탕의 것은 ${task}이다.`,
    },
    {
      en: 'Give the task under "base": all runs of an experiment have the same.',
      ko: 'task는 "base"에 적는다. 한 실험의 학습은 모두 과제가 같다.',
    },
  );
}

function checkUnique(values: readonly (string | number)[], origin: string): void {
  const twice = values.find((value, i) => values.indexOf(value) < i);
  if (twice === undefined) return;
  throw usageError(
    { en: `${origin}: ${twice} is given twice.`, ko: `${origin}: ${twice}이(가) 두 번 있다.` },
    twice === BASELINE
      ? { en: `"${BASELINE}" is the name of the base alone.`, ko: `"${BASELINE}"은(는) 바탕만의 이름이다.` }
      : { en: 'Each needs a name or number of its own.', ko: '저마다 이름이나 번호가 달라야 한다.' },
  );
}

function configError(path: string, issues: readonly z.core.$ZodIssue[]) {
  // A misspelt key is also a missing one: the misspelling is the better message.
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]!;
  const place = issue.path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`),
    '',
  );
  const where = place === '' ? path : `${path}: ${place}`;
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0]!;
    const keys = KEYS[issue.path.filter((step) => typeof step !== 'number').join('.')] ?? [];
    const near = nearest(key, keys);
    return usageError(
      { en: `${where}: there is no key "${key}" here.`, ko: `${where}: 여기에 없는 키 "${key}".` },
      near
        ? { en: `Did you mean "${near}"?`, ko: `혹시 "${near}"?` }
        : { en: `Expected ${keys.join(', ')}.`, ko: `쓸 수 있는 것: ${keys.join(', ')}.` },
    );
  }
  const words = issueWords(issue);
  return usageError({ en: `${where}: ${words.en}.`, ko: `${where}: ${words.ko}.` }, EXAMPLE);
}

const MINIMAL =
  '{"name": "mine", "data": "sample", "rows": {"train": 600, "judged": 400}, "base": {"epochs": 3}, "seeds": [1, 2, 3], "techniques": [{"name": "weighted", "settings": {"loss": "weighted"}}]}';
const EXAMPLE = { en: `Expected e.g. ${MINIMAL}.`, ko: `예: ${MINIMAL}` };
