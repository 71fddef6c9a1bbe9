import { join } from 'node:path';
import { writeFileAtomic } from '../../src/base/core/files.ts';
import type { SettingName } from '../../src/base/core/settings.ts';
import type { Dataset } from '../../src/base/core/types.ts';
import type { StageTable } from '../../src/study/pipeline/runner.ts';
import type { Stage, StageContext, StageName } from '../../src/study/stages/stage.ts';

/** A table of stages that only write a file, and note in `ran` that they ran. */
export function fakeStages(
  ran: string[],
  change: Partial<Record<StageName, (context: StageContext) => void>> = {},
): StageTable {
  const stage = (name: StageName, number: string, needs: StageName[], settings: SettingName[]): Stage => ({
    name,
    number,
    folder: `${number}_${name}`,
    title: { ko: `${name} 단계`, en: `stage ${name}` },
    needs,
    settings,
    run: async (context) => {
      ran.push(name);
      change[name]?.(context);
      const text = settings.map((setting) => `${setting}=${context.settings[setting]}`).join(' ');
      await writeFileAtomic(join(context.out, `${number}_${name}`, 'result.txt'), `${name} ${text}\n`);
      return name === 'compare' ? { table: TABLE } : { rows: context.dataset.train.length };
    },
  });
  const train = stage('train', '06', [], ['epochs', 'loss', 'name']);
  return {
    eda: stage('eda', '01', [], ['marker']),
    dataset: stage('dataset', '02', ['eda'], ['maxLength']),
    design: stage('design', '03', [], []),
    select: stage('select', '04', [], ['selectionWeights']),
    baseline: stage('baseline', '05', [], ['seed']),
    train: {
      ...train,
      owns: ({ name }) => (name === null ? ['baseline', 'weighted'] : [name]),
      run: async ({ settings, out }) => {
        ran.push(`train ${settings.name ?? 'both'}`);
        for (const run of settings.name === null ? ['baseline', 'weighted'] : [settings.name]) {
          await writeFileAtomic(join(out, '06_train', run, 'best', 'model.txt'), `${run} ${settings.epochs}\n`);
          await writeFileAtomic(join(out, '06_train', run, 'checkpoint-3', 'state.txt'), 'state\n');
        }
        return {};
      },
    },
    compare: stage('compare', '07', ['baseline', 'train'], []),
    analyze: stage('analyze', '08', ['train'], []),
    report: stage(
      'report',
      '09',
      ['eda', 'dataset', 'design', 'select', 'baseline', 'train', 'compare', 'analyze'],
      ['lang'],
    ),
  };
}

const TABLE = [
  { name: { ko: '다수 클래스', en: 'Majority label' }, accuracy: 0.5, macro_f1: 0.0123456, auprc: null },
  { name: { ko: '미세조정', en: 'Fine-tuned' }, accuracy: 1, macro_f1: 0.75, auprc: 0.5 },
];

export const fakeDataset = (digest = 'rows'): Dataset => ({
  name: 'fake',
  labelSet: { labels: ['no_relation', 'a'], noRelation: 'no_relation' },
  entityTypes: [],
  train: [],
  test: [],
  files: [],
  digest,
});
