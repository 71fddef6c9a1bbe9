import { figureFile } from '../../../base/charts/figure.ts';
import { grouped, percent, score } from '../../../base/core/format.ts';
import type { Language } from '../../../base/core/types.ts';
import { METRIC_NAMES } from '../../../base/eval/metrics.ts';
import { systemName } from '../../../base/eval/systems.ts';
import type { ErrorRow } from '../../../engine/runs/evaluation.ts';
import type { FineTunedRecord } from '../../../engine/runs/record.ts';
import { RUN_FIGURES, TRAINING_FOLDER } from '../../../engine/runs/runFolder.ts';
import type { RunSummary } from '../../../engine/runs/summary.ts';
import { code, joinBlocks, linesBlock, list, markdownTable } from '../markdown.ts';
import { calibrationBlocks } from './calibration.ts';
import { described, markedSentence, plain, relationText } from './sentenceBlock.ts';
import { epochRows, extremeClasses, shownErrors, type TrainingFacts, trainingFacts } from './trainingFacts.ts';
import { evidenceText, findings } from './trainingFindings.ts';
import { type SettingKey, TRAINING_WORDS, type TrainingWords } from './trainingWords.ts';

/** Stage 06 in the report: Markdown from the files of its runs. Errors: those of reading them. */
export async function trainingSection(out: string, lang: Language): Promise<string> {
  const facts = await trainingFacts(out);
  const words = TRAINING_WORDS[lang];
  const [lead] = facts.detailed;
  const missing = facts.missing.map((name) => systemName(name)[lang]).join(', ');
  return joinBlocks([
    words.heading,
    ...words.purpose,
    ...words.why,
    words.result,
    missing === '' ? '' : words.missing(missing),
    ...(lead ? resultBlocks(facts, lead, lang) : [words.noRun, ...scoreBlocks(facts, lang)]),
    ...(lead ? [words.interpretation, list(findings(facts, lead, lang))] : []),
  ]);
}

const scoreOrDash = (value: number | null): string => (value === null ? '–' : score(value));

function resultBlocks(facts: TrainingFacts, lead: FineTunedRecord, lang: Language): string[] {
  const words = TRAINING_WORDS[lang];
  const { detailed, others } = facts;
  const nameOf = ({ name }: FineTunedRecord): string => systemName(name)[lang];
  const figure = (run: FineTunedRecord, name: string, alt: (run: string) => string): string =>
    `![${alt(nameOf(run))}](../${TRAINING_FOLDER}/${run.name}/${figureFile(name, lang)} "${nameOf(run)}")`;
  const { best, worst } = extremeClasses(lead);
  return [
    words.settings,
    words.settingsText(
      lead.summary.trained_rows,
      lead.summary.choice.recipe[lang],
      lead.summary.choice.given.map(code).join(', '),
    ),
    settingTable(detailed, words),
    words.curve,
    ...detailed.map((run) => figure(run, RUN_FIGURES.curve, words.curveAlt)),
    words.epochText,
    epochTable(detailed, words),
    ...scoreBlocks(facts, lang),
    ...calibrationBlocks(detailed, (run, name, alt) => figure(run, name, () => alt), lang),
    ...(others.length > 0 ? [words.others, otherTable(others, words)] : []),
    words.classes,
    words.best(nameOf(lead)),
    classTable(best, lang),
    ...(worst.length > 0 ? [words.worst, classTable(worst, lang)] : []),
    words.confusion,
    figure(lead, RUN_FIGURES.confusionShares, words.confusionAlt),
    ...confusionBlocks(lead, lang),
    words.errors,
    ...(lead.errors.length === 0
      ? [words.noErrors]
      : [words.errorsText, ...shownErrors(lead).map((row) => errorBlock(row, lang))]),
    words.checklist,
    checklistTable(detailed, lang),
  ];
}

function settingTable(runs: readonly FineTunedRecord[], words: TrainingWords): string {
  const cellOf = (key: SettingKey, { summary: { plan } }: FineTunedRecord): string => {
    const value = plan[key];
    if (value === null) return key === 'encoderLayers' ? words.all : key === 'dropout' ? words.own : '–';
    if (typeof value === 'boolean') return value ? words.on : words.off;
    return typeof value === 'number' ? `${value}` : code(value);
  };
  return markdownTable(
    [...words.settingHeader, ...runs.map(({ name }) => name)],
    Object.entries(words.settingMeanings).map(([key, meaning]) => [
      code(key),
      meaning,
      ...runs.map((run) => cellOf(key as SettingKey, run)),
    ]),
    2,
  );
}

const epochTable = (runs: readonly FineTunedRecord[], words: TrainingWords): string =>
  markdownTable(
    words.epochHeader,
    runs.flatMap((run) =>
      epochRows(run).map(({ epoch, step, loss, validation, isBest }) =>
        [
          run.name,
          `${epoch}`,
          grouped(step),
          score(loss),
          ...METRIC_NAMES.map((metric) => scoreOrDash(validation[metric])),
        ].map((cell) => (isBest ? `**${cell}**` : cell)),
      ),
    ),
  );

/** The figures of all runs. Their intervals come from the same bootstrap. */
function scoreBlocks({ runs }: TrainingFacts, lang: Language): string[] {
  const words = TRAINING_WORDS[lang];
  const [first] = runs;
  if (!first) return [];
  const { metrics, bootstrap } = first.record;
  return [
    words.test,
    words.testText(metrics.n, percent(bootstrap.level, 0), grouped(bootstrap.resamples)),
    markdownTable(
      words.testHeader,
      runs.map(({ name, record }) => [
        systemName(name)[lang],
        ...METRIC_NAMES.map((metric) => withInterval(record, metric)),
      ]),
    ),
  ];
}

function withInterval({ metrics, intervals }: RunSummary, metric: (typeof METRIC_NAMES)[number]): string {
  const interval = intervals[metric];
  const ends = interval ? ` [${interval.map((end) => end.toFixed(3)).join(', ')}]` : '';
  return `${scoreOrDash(metrics[metric])}${ends}`;
}

const otherTable = (runs: readonly FineTunedRecord[], words: TrainingWords): string =>
  markdownTable(
    words.otherHeader,
    runs.map(({ name, summary: { plan, validation } }) => [
      name,
      ...[plan.marker ?? '–', plan.head, plan.loss].map(code),
      `${plan.epochs}`,
      scoreOrDash(validation?.macro_f1 ?? null),
    ]),
    4,
  );

const classTable = (classes: FineTunedRecord['classes'], lang: Language): string =>
  markdownTable(
    TRAINING_WORDS[lang].classHeader,
    classes.map(({ label, support, precision, recall, f1, auprc }) => [
      relationText(label, lang),
      grouped(support),
      ...[precision, recall, f1, auprc].map(scoreOrDash),
    ]),
  );

function confusionBlocks({ summary }: FineTunedRecord, lang: Language): string[] {
  const top = summary.top_confusions.slice(0, 5);
  if (top.length === 0) return [];
  const items = top.map(
    ({ gold, predicted, count, share }) =>
      `${described(gold, lang)} → ${described(predicted, lang)}: ${TRAINING_WORDS[lang].rows(count)} (${percent(share)})`,
  );
  return [TRAINING_WORDS[lang].confusions, list(items)];
}

/** An error with what was probable instead. */
function errorBlock(row: ErrorRow, lang: Language): string {
  const words = TRAINING_WORDS[lang].sample;
  const probability = (p: number | null): string => (p === null ? '' : `, ${words.probability} ${p.toFixed(3)}`);
  const label = (name: string, p: number | null): string => `${described(name, lang, plain)}${probability(p)}`;
  const entity = (word: string, type: string | null, start: number) => ({ word, type, start });
  return linesBlock([
    [
      words.sentence,
      markedSentence(
        {
          sentence: row.sentence,
          subject: entity(row.subject, row.subject_type, row.subject_start),
          object: entity(row.object, row.object_type, row.object_start),
        },
        lang,
      ),
    ],
    [words.gold, label(row.gold, row.p_gold)],
    [words.predicted, label(row.predicted, row.confidence)],
    ...(row.runner_up === null ? [] : [[words.runnerUp, label(row.runner_up, row.p_runner_up)] as const]),
  ]);
}

function checklistTable(runs: readonly FineTunedRecord[], lang: Language): string {
  const words = TRAINING_WORDS[lang];
  return markdownTable(
    words.checkHeader,
    runs.flatMap(({ name, checklist }) =>
      checklist.map((item) => [words.checks[item.check], name, words.statuses[item.status], evidenceText(item, lang)]),
    ),
    4,
  );
}
