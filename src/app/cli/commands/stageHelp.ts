import {
  BEST_FOLDER,
  checkpointName,
  RUN_FIGURES,
  RUN_FILES,
  TRAINING_FOLDER,
} from '../../../engine/runs/runFolder.ts';
import type { StageName } from '../../../study/stages/stage.ts';
import type { Command, CommandRow } from '../command.ts';

export type StageHelp = Pick<CommandRow, 'summary'> & Pick<Command, 'description' | 'writes' | 'examples'>;

/** Stages with a command that does no more than run them; `korex analyze` takes runs and models beside. */
export type StageCommand = Exclude<StageName, 'analyze'>;

/** Help of the commands that run one stage. Paths are below `--out`. */
export const STAGE_HELP: Readonly<Record<StageCommand, StageHelp>> = {
  eda: {
    summary: 'stage 01: look at the rows before anything is built on them',
    description:
      'Profiles training and test rows: labels and their shift, lengths in characters and tokens (and the maximum length that follows), ' +
      'entity types, positions, relations by type pair, sources, duplicates and conflicts. Each figure comes with a sentence computed from it.',
    writes: [
      ['01_klue_re_eda/eda_summary.json', 'every fact, and what it means'],
      ['01_klue_re_eda/*.csv, *.svg', 'tables and figures'],
    ],
    examples: [
      ['korex eda', 'the boxed sample'],
      ['korex eda --data klue-re-v1.1 --lang en', 'official files in a folder'],
      ['korex eda --data rows.csv --on-bad-row skip', 'a file of your own; invalid rows go to rejected_rows.jsonl'],
    ],
  },
  dataset: {
    summary: 'stage 02: mark the entities, number the labels, check the rows',
    description:
      'Turns rows into what a model reads: entity markers in the sentence, label ids, a validation split that shares no sentence with the rest ' +
      'of the training rows. Sentences longer than the limit get a window around both entities; every check is counted.',
    writes: [
      ['02_klue_re_dataset_construction/label_mapping.json', 'label ↔ id'],
      ['02_klue_re_dataset_construction/train_sample.csv', 'rows as the model sees them'],
      ['02_klue_re_dataset_construction/quality_checks.json', 'each check with its count and examples'],
      ['02_klue_re_dataset_construction/splits.json', 'sizes, label counts and digests of the splits'],
    ],
    examples: [
      ['korex dataset', 'the boxed sample with the study’s marker'],
      ['korex dataset --marker typed-punct --max-length 128', 'another marker, shorter inputs'],
    ],
  },
  design: {
    summary: 'stage 03: follow one sentence through the application',
    description:
      'Draws the flow input → preprocess → inference → postprocess → output and traces one sentence through it with the real values of every step.',
    writes: [
      ['03_klue_re_app_design/flow.svg', 'the flow'],
      ['03_klue_re_app_design/trace.json', 'marked text, tokens, ids, logits, probabilities, relation'],
      ['03_klue_re_app_design/openapi.json', 'the API'],
    ],
    examples: [['korex design', 'with the boxed sample']],
  },
  select: {
    summary: 'stage 04: rank candidate encoders by criteria that are settings',
    description:
      'Ranks encoders, embedding models and decoders for classification into a fixed set of labels by licence, published scores and computed cost, ' +
      'with a reason for each. Speed measured on this machine stands beside the ranking, never in it.',
    writes: [
      ['04_klue_re_llm_selection/candidates.csv', 'facts and scores of each candidate'],
      ['04_klue_re_llm_selection/selection.json', 'the ranking with its reasons'],
    ],
    examples: [
      ['korex select', 'all criteria weigh the same'],
      ['korex select --selection-weights quality=2,cost=1', 'quality counts twice'],
    ],
  },
  baseline: {
    summary: 'stage 05: what can be had without training',
    description:
      'Scores the majority label, uniform guesses and guesses by the training priors (ten seeds, with the exact expectation of their accuracy): ' +
      'the floor for everything that is trained.',
    writes: [
      ['05_klue_re_no_train_baseline/metrics.csv', 'a row per system'],
      ['05_klue_re_no_train_baseline/metrics.json', 'the same, unrounded, with every seed'],
    ],
    examples: [['korex baseline --data klue-re-v1.1', 'official rows']],
  },
  train: {
    summary: 'stage 06: fine-tune the encoder',
    description:
      'Fine-tunes the encoder with a classification head, and again with class-weighted loss; keeps the weights that are best on the ' +
      'validation rows (macro-F1, or --best-metric) and evaluates it on the test rows. With --name it trains one run of that name by the options given. Ctrl-C saves; the same ' +
      'command with --resume goes on and ends in the same bytes as a run that was never interrupted.',
    writes: [
      [`${TRAINING_FOLDER}/NAME/${BEST_FOLDER}/`, 'the best model, a Hugging Face folder, with its calibration'],
      [`${TRAINING_FOLDER}/NAME/${RUN_FIGURES.reliability}.svg`, 'confidence before and after calibration'],
      [
        `${TRAINING_FOLDER}/NAME/${checkpointName('STEP')}/`,
        'newest checkpoints, for --resume, and with --keep-best the best ones',
      ],
      [`${TRAINING_FOLDER}/NAME/${RUN_FILES.log}`, 'loss and rates by step, and each validation'],
      [`${TRAINING_FOLDER}/NAME/${RUN_FILES.summary}`, 'test metrics with intervals'],
      [`${TRAINING_FOLDER}/NAME/…`, 'per-class report, confusion matrix, errors, checklist, predictions'],
      [`${TRAINING_FOLDER}/NAME-seeds.json`, 'with --seeds: each seed, mean and standard deviation'],
    ],
    examples: [
      ['korex train', 'both runs, baseline and weighted, on the boxed sample'],
      ['korex train --name tp --marker typed-punct --head entity-start', 'one run with another input and head'],
      ['korex train --name tp --marker typed-punct --head entity-start --resume', 'go on after an interruption'],
      ['korex train --data klue-re-v1.1 --train-rows 2000 --epochs 3 --out klue', 'a sample of official rows'],
      [
        'korex train --encoder klue/roberta-base --data klue --name roberta --out klue',
        'KLUE’s own encoder, downloaded at first use, on the rows of `korex data pull`',
      ],
      [
        'korex train --name tp --marker typed-punct --dry-run',
        'look at the first batches; nothing is trained or written',
      ],
      [
        'korex train --name long --epochs 20 --eval-every 100 --patience 3',
        'stop when three validations bring nothing better',
      ],
      ['korex train --name half --freeze-layers 3', 'only the upper layers: faster, less memory'],
      ['korex train --name lora --lora-rank 16 --lr 1e-3', 'low-rank adapters, merged into the saved model'],
      ['korex train --name tp --marker typed-punct --seeds 1,2,3', 'three runs, their mean and standard deviation'],
      ['korex train --name tapt --tapt-epochs 10', 'pretraining on the training sentences first'],
      ['korex train --name student --teacher tp-seed-1,tp-seed-2,tp-seed-3', 'three runs distilled into one model'],
    ],
  },
  compare: {
    summary: 'stage 07: all systems in one table, with intervals and tests',
    description:
      'Puts baselines, untrained head, frozen encoder and fine-tuned runs into one table, with bootstrap confidence intervals, McNemar’s test and a ' +
      'paired bootstrap of the fine-tuned run against each. Named runs of `korex train --name` join the table. The other run that is best on its ' +
      'validation rows is shown as the improvement, overall and by relation, and experiments below --out with their verdicts.',
    writes: [
      ['07_model_comparison/metrics_comparison.csv', 'the table'],
      ['07_model_comparison/comparison.json', 'intervals, tests, classes before and after'],
      ['07_model_comparison/improvement*.csv, .svg', 'the improvement, overall and by relation'],
      ['07_model_comparison/ablation_NAME.svg', 'an experiment’s differences and costs'],
    ],
    examples: [['korex compare', 'what is missing is run first']],
  },
  report: {
    summary: 'the report of all stages, as Markdown and as one HTML file',
    description:
      'Joins the stages into a report: purpose, why, result and interpretation of each and a conclusion, every figure read from the files of the run. ' +
      'The HTML file holds its figures and styles, loads nothing and prints on A4.',
    writes: [
      ['report/REPORT.md', 'the report'],
      ['report/index.html', 'the same, self-contained'],
    ],
    examples: [
      ['korex report', 'in Korean'],
      ['korex report --lang en', 'in English; no stage is redone for it'],
    ],
  },
};
