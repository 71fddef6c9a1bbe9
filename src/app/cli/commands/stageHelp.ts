import {
  BEST_FOLDER,
  checkpointName,
  RUN_FIGURES,
  RUN_FILES,
  TRAINING_FOLDER,
} from '../../../engine/runs/runFolder.ts';
import type { StageName } from '../../../study/stages/stage.ts';
import type { Command } from '../command.ts';

export type StageHelp = Pick<Command, 'description' | 'writes' | 'examples'>;

/** Stages with a command that does no more than run them; `korex analyze` takes runs and models beside. */
export type StageCommand = Exclude<StageName, 'analyze'>;

/** Help of the commands that run one stage. Paths are below `--out`. */
export const STAGE_HELP: Readonly<Record<StageCommand, StageHelp>> = {
  eda: {
    description: {
      en:
        'Profiles training and test rows: labels and their shift, lengths in characters and tokens (and the maximum length that follows), ' +
        'entity types, positions, relations by type pair, sources, duplicates and conflicts. Each figure comes with a sentence computed from it.',
      ko: '학습과 평가 행을 살핀다: 라벨과 그 차이, 글자와 토큰의 길이(와 거기서 나오는 최대 길이), 엔티티 유형, 위치, 유형 쌍별 관계, 출처, 중복과 충돌. 값마다 계산된 설명이 붙는다.',
    },
    writes: [
      ['01_klue_re_eda/eda_summary.json', { en: 'every fact, and what it means', ko: '모든 사실과 그 뜻' }],
      ['01_klue_re_eda/*.csv, *.svg', { en: 'tables and figures', ko: '표와 그림' }],
    ],
    examples: [
      ['korex eda', { en: 'the bundled sample', ko: '함께 들어 있는 표본' }],
      ['korex eda --data klue-re-v1.1 --lang en', { en: 'official files in a folder', ko: '폴더에 있는 공식 파일' }],
      [
        'korex eda --data rows.csv --on-bad-row skip',
        {
          en: 'a file of your own; invalid rows go to rejected_rows.jsonl',
          ko: '직접 만든 파일. 잘못된 행은 rejected_rows.jsonl로',
        },
      ],
    ],
  },
  dataset: {
    description: {
      en:
        'Turns rows into what a model reads: entity markers in the sentence, label ids, a validation split that shares no sentence with the rest ' +
        'of the training rows. Sentences longer than the limit get a window around both entities; every check is counted.',
      ko: '행을 모델이 읽는 것으로 바꾼다: 문장의 엔티티 마커, 라벨 번호, 나머지 학습 행과 문장이 겹치지 않는 검증 행. 한도보다 긴 문장은 두 엔티티 둘레만 남긴다. 모든 점검을 센다.',
    },
    writes: [
      ['02_klue_re_dataset_construction/label_mapping.json', { en: 'label ↔ id', ko: '라벨 ↔ 번호' }],
      [
        '02_klue_re_dataset_construction/train_sample.csv',
        { en: 'rows as the model sees them', ko: '모델이 보는 대로의 행' },
      ],
      [
        '02_klue_re_dataset_construction/quality_checks.json',
        { en: 'each check with its count and examples', ko: '점검마다 수와 예' },
      ],
      [
        '02_klue_re_dataset_construction/splits.json',
        { en: 'sizes, label counts and digests of the splits', ko: '나눈 행의 크기, 라벨 수, 다이제스트' },
      ],
    ],
    examples: [
      ['korex dataset', { en: 'the bundled sample with the study’s marker', ko: '함께 들어 있는 표본과 연구의 마커' }],
      [
        'korex dataset --marker typed-punct --max-length 128',
        { en: 'another marker, shorter inputs', ko: '다른 마커, 더 짧은 입력' },
      ],
    ],
  },
  design: {
    description: {
      en: 'Draws the flow input → preprocess → inference → postprocess → output and traces one sentence through it with the real values of every step.',
      ko: '입력 → 전처리 → 추론 → 후처리 → 출력의 흐름을 그리고, 한 문장을 단계마다의 실제 값으로 따라간다.',
    },
    writes: [
      ['03_klue_re_app_design/flow.svg', { en: 'the flow', ko: '흐름' }],
      [
        '03_klue_re_app_design/trace.json',
        {
          en: 'marked text, tokens, ids, logits, probabilities, relation',
          ko: '표시된 글, 토큰, 번호, 로짓, 확률, 관계',
        },
      ],
      ['03_klue_re_app_design/openapi.json', { en: 'the API', ko: 'API' }],
    ],
    examples: [['korex design', { en: 'with the bundled sample', ko: '함께 들어 있는 표본으로' }]],
  },
  select: {
    description: {
      en:
        'Ranks encoders, embedding models and decoders for classification into a fixed set of labels by licence, published scores and computed cost, ' +
        'with a reason for each. Speed measured on this machine is shown beside the ranking and is no part of it.',
      ko: '인코더, 임베딩 모델, 디코더를 라이선스, 발표된 점수, 계산한 비용으로 정해진 라벨의 분류에 견주고 이유를 붙인다. 이 컴퓨터에서 잰 속도는 순위 옆에 보이고 순위에는 넣지 않는다.',
    },
    writes: [
      [
        '04_klue_re_llm_selection/candidates.csv',
        { en: 'facts and scores of each candidate', ko: '후보마다 사실과 점수' },
      ],
      ['04_klue_re_llm_selection/selection.json', { en: 'the ranking with its reasons', ko: '순위와 이유' }],
    ],
    examples: [
      ['korex select', { en: 'all criteria weigh the same', ko: '모든 기준을 같게' }],
      ['korex select --selection-weights quality=2,cost=1', { en: 'quality counts twice', ko: '품질을 두 배로' }],
    ],
  },
  baseline: {
    description: {
      en:
        'Scores the majority label, uniform guesses and guesses by the training priors (ten seeds, with the exact expectation of their accuracy): ' +
        'the floor for everything that is trained.',
      ko: '가장 많은 라벨, 고른 추측, 학습 비율에 따른 추측을 채점한다(시드 열 개와 정확도의 정확한 기댓값): 학습한 모든 것의 바닥이다.',
    },
    writes: [
      ['05_klue_re_no_train_baseline/metrics.csv', { en: 'a row per system', ko: '시스템마다 한 행' }],
      [
        '05_klue_re_no_train_baseline/metrics.json',
        { en: 'the same, unrounded, with every seed', ko: '같은 내용을 반올림 없이, 모든 시드까지' },
      ],
    ],
    examples: [['korex baseline --data klue-re-v1.1', { en: 'official rows', ko: '공식 행' }]],
  },
  train: {
    description: {
      en:
        'Fine-tunes the encoder with a classification head, and again with class-weighted loss; keeps the weights that are best on the ' +
        'validation rows (macro-F1, or --best-metric) and evaluates it on the test rows. With --name it trains one run of that name by the options given. Ctrl-C saves; the same ' +
        'command with --resume goes on and ends in the same bytes as a run that was never interrupted. With --task entities it trains a model that finds the ' +
        'entities of sentences, on KLUE-NER, konne, CoNLL or documents.',
      ko: '인코더를 분류 헤드와 함께 미세조정하고, 클래스 가중 손실로 한 번 더 한다. 검증 행에서 가장 좋은 가중치를 남기고(macro-F1, 또는 --best-metric) 평가 행에서 평가한다. --name이 있으면 주어진 옵션으로 그 이름의 학습을 한 번 한다. Ctrl-C는 저장하고, 같은 명령에 --resume을 붙이면 이어 가며, 중단하지 않은 것과 같은 바이트로 끝난다. --task entities는 KLUE-NER, konne, CoNLL, 문서에서 문장의 엔티티를 찾는 모델을 학습한다.',
    },
    writes: [
      [
        `${TRAINING_FOLDER}/NAME/${BEST_FOLDER}/`,
        {
          en: 'the best model, a Hugging Face folder, with its calibration',
          ko: '가장 좋은 모델, 보정이 든 Hugging Face 폴더',
        },
      ],
      [
        `${TRAINING_FOLDER}/NAME/${RUN_FIGURES.reliability}.svg`,
        { en: 'confidence before and after calibration', ko: '보정 전과 후의 신뢰도' },
      ],
      [
        `${TRAINING_FOLDER}/NAME/${checkpointName('STEP')}/`,
        {
          en: 'checkpoints to continue from while it trains; with --keep-checkpoints and --keep-best some stay',
          ko: '학습 중에 이어 가기 위한 체크포인트. 끝나면 --keep-checkpoints와 --keep-best가 있을 때만 남는다',
        },
      ],
      [
        `${TRAINING_FOLDER}/NAME/${RUN_FILES.log}`,
        { en: 'loss and rates by step, and each validation', ko: '스텝별 손실과 속도, 각 검증' },
      ],
      [
        `${TRAINING_FOLDER}/NAME/${RUN_FILES.summary}`,
        { en: 'test metrics with intervals', ko: '구간을 곁들인 평가 지표' },
      ],
      [
        `${TRAINING_FOLDER}/NAME/…`,
        {
          en: 'per-class report, confusion matrix, errors, checklist, predictions',
          ko: '라벨별 보고서, 혼동 행렬, 오류, 점검표, 예측',
        },
      ],
      [
        `${TRAINING_FOLDER}/NAME-seeds.json`,
        {
          en: 'with --seeds: each seed, mean and standard deviation',
          ko: '--seeds가 있으면 시드마다의 값, 평균, 표준편차',
        },
      ],
    ],
    examples: [
      [
        'korex train --task entities --data klue-ner.tsv --name ner',
        { en: 'a model that finds entities', ko: '엔티티를 찾는 모델' },
      ],
      [
        'korex train',
        {
          en: 'both runs, baseline and weighted, on the bundled sample',
          ko: '두 학습 baseline과 weighted를 함께 들어 있는 표본으로',
        },
      ],
      [
        'korex train --name tp --marker typed-punct --head entity-start',
        { en: 'one run with another input and head', ko: '다른 입력과 헤드로 한 번' },
      ],
      [
        'korex train --name tp --marker typed-punct --head entity-start --resume',
        { en: 'go on after an interruption', ko: '중단한 뒤 이어 간다' },
      ],
      [
        'korex train --data klue-re-v1.1 --train-rows 2000 --epochs 3 --out klue',
        { en: 'a sample of official rows', ko: '공식 행의 표본' },
      ],
      [
        'korex train --encoder klue/roberta-base --data klue --name roberta --out klue',
        {
          en: 'KLUE’s own encoder, downloaded at first use, on the rows of `korex data pull`',
          ko: 'KLUE의 인코더를(처음에 내려받는다) `korex data pull`의 행으로',
        },
      ],
      [
        'korex train --name tp --marker typed-punct --dry-run',
        {
          en: 'look at the first batches; nothing is trained or written',
          ko: '첫 배치를 본다. 학습하거나 쓰지 않는다',
        },
      ],
      [
        'korex train --name long --epochs 20 --eval-every 100 --patience 3',
        { en: 'stop when three validations bring nothing better', ko: '검증이 세 번 나아지지 않으면 멈춘다' },
      ],
      [
        'korex train --name half --freeze-layers 3',
        { en: 'only the upper layers: faster, less memory', ko: '위쪽 층만: 더 빠르고 메모리를 덜 쓴다' },
      ],
      [
        'korex train --name lora --lora-rank 16 --lr 1e-3',
        { en: 'low-rank adapters, merged into the saved model', ko: '저랭크 어댑터. 저장할 때 합친다' },
      ],
      [
        'korex train --name tp --marker typed-punct --seeds 1,2,3',
        { en: 'three runs, their mean and standard deviation', ko: '세 번 학습하고 평균과 표준편차를' },
      ],
      [
        'korex train --name tapt --tapt-epochs 10',
        { en: 'pretraining on the training sentences first', ko: '먼저 학습 문장으로 사전학습' },
      ],
      [
        'korex train --name student --teacher tp-seed-1,tp-seed-2,tp-seed-3',
        { en: 'three runs distilled into one model', ko: '세 학습을 모델 하나로 증류' },
      ],
    ],
  },
  compare: {
    description: {
      en:
        'Puts baselines, untrained head, frozen encoder and fine-tuned runs into one table, with bootstrap confidence intervals, McNemar’s test and a ' +
        'paired bootstrap of the fine-tuned run against each. Named runs of `korex train --name` join the table. The other run that is best on its ' +
        'validation rows is shown as the improvement, overall and by relation, and experiments below --out with their verdicts.',
      ko: '기준선, 학습하지 않은 헤드, 고정한 인코더, 미세조정한 학습을 한 표에 넣는다: 부트스트랩 신뢰 구간, McNemar 검정, 미세조정한 학습과 나머지 각각의 쌍체 부트스트랩. `korex train --name`의 학습도 표에 들어간다. 다른 학습 가운데 검증 행에서 가장 좋은 것을 개선으로 보이고(전체와 관계별), --out 아래 실험의 판정도 보인다.',
    },
    writes: [
      ['07_model_comparison/metrics_comparison.csv', { en: 'the table', ko: '표' }],
      [
        '07_model_comparison/comparison.json',
        { en: 'intervals, tests, classes before and after', ko: '구간, 검정, 라벨별 전과 후' },
      ],
      [
        '07_model_comparison/improvement*.csv, .svg',
        { en: 'the improvement, overall and by relation', ko: '개선, 전체와 관계별' },
      ],
      [
        '07_model_comparison/ablation_NAME.svg',
        { en: 'an experiment’s differences and costs', ko: '실험의 차이와 비용' },
      ],
    ],
    examples: [['korex compare', { en: 'what is missing is run first', ko: '빠진 것을 먼저 한다' }]],
  },
  report: {
    description: {
      en:
        'Joins the stages into a report: purpose, why, result and interpretation of each and a conclusion, every figure read from the files of the run. ' +
        'The HTML file holds its figures and styles, loads nothing and prints on A4.',
      ko: '단계를 보고서로 잇는다: 단계마다 목적, 이유, 결과, 해석, 그리고 결론. 모든 값은 실행이 남긴 파일에서 읽는다. HTML 파일은 그림과 스타일을 담고, 아무것도 불러오지 않으며, A4로 인쇄된다.',
    },
    writes: [
      ['report/REPORT.md', { en: 'the report', ko: '보고서' }],
      ['report/index.html', { en: 'the same, self-contained', ko: '같은 내용을 파일 하나로' }],
    ],
    examples: [
      ['korex report', { en: 'in Korean', ko: '한국어로' }],
      [
        'korex report --lang en',
        { en: 'in English; no stage is redone for it', ko: '영어로. 이 때문에 다시 하는 단계는 없다' },
      ],
    ],
  },
};
