import { counted, grouped, percent, score } from '../../../base/core/format.ts';
import type { Localized } from '../../../base/core/types.ts';
import { entityTypeName, relationName } from '../../../base/data/relations.ts';
import { lengths, maxLength, studyLength } from './interpretLengths.ts';
import type { EdaFacts, EdaInterpretations } from './summary.ts';
import { pairName } from './typePairs.ts';

/** What the figures mean, in a few sentences each. Every number and every judgement is computed from the facts. */
export function interpretEda(facts: EdaFacts): EdaInterpretations {
  return {
    labels: labels(facts),
    prior_shift: priorShift(facts),
    lengths: lengths(facts),
    max_length: maxLength(facts),
    study_length: studyLength(facts),
    entity_types: entityTypes(facts),
    positions: positions(facts),
    type_pairs: typePairs(facts),
    sources: sources(facts),
    duplicates: duplicates(facts),
    shared_sentences: sharedSentences(facts),
    conclusion: conclusion(facts),
  };
}

/** Above it the most frequent label outweighs the rarest so much that accuracy misleads. */
const IMBALANCED = 5;
/** Total variation distance above which two distributions count as different. */
const SHIFTED = 0.05;

/** Instead of a comparison, where the data has one side only. */
const NO_TEST: Localized = {
  ko: '평가 행이 없으므로 학습과 비교하지 않는다.',
  en: 'There are no test rows to compare the training rows with.',
};
const SCORED: Readonly<Record<EdaFacts['dataset']['scored_on'], Localized>> = {
  train: { ko: '학습', en: 'training' },
  test: { ko: '평가', en: 'test' },
};

/** A relation's Korean name with its label; a label that is not KLUE's alone. */
function korean(label: string): string {
  const name = relationName(label, 'ko');
  return name === label ? `\`${label}\`` : `${name}(\`${label}\`)`;
}

const labelRow = ({ labels }: EdaFacts, label: string) => labels.rows.find((row) => row.label === label)!;

function labels(facts: EdaFacts): Localized {
  const { rows, largest, smallest, imbalance, labels_for_80_percent: few, effective_labels } = facts.labels;
  const [most, least] = [labelRow(facts, largest).train, labelRow(facts, smallest).train];
  const effective = effective_labels.toFixed(1);
  const imbalanced = imbalance >= IMBALANCED;
  return {
    ko:
      `라벨 ${rows.length}개 가운데 최다 라벨 ${korean(largest)}의 학습 행은 ${grouped(most.count)}개(${percent(most.share)}), ` +
      `최소 라벨 ${korean(smallest)}의 학습 행은 ${grouped(least.count)}개(${percent(least.share, 2)})로 ${grouped(imbalance)}배 차이가 난다. ` +
      `상위 ${few}개 라벨이 학습 행의 80%를 차지하며, 엔트로피로 환산한 유효 라벨 수는 ${effective}개이다. ` +
      (imbalanced
        ? '분포가 크게 치우쳐 있어 모델은 다수 라벨을 답하는 쪽으로 기울기 쉽다.'
        : '분포가 비교적 고르므로 불균형의 영향은 작다.'),
    en:
      `Of ${rows.length} labels the most frequent, \`${largest}\`, has ${grouped(most.count)} training rows (${percent(most.share)}), ` +
      `the rarest, \`${smallest}\`, has ${grouped(least.count)} (${percent(least.share, 2)}): a factor of ${grouped(imbalance)}. ` +
      `The ${few} largest labels hold 80% of the training rows, and the entropy is that of ${effective} equally frequent labels. ` +
      (imbalanced
        ? 'The distribution is so uneven that a model easily drifts towards the frequent labels.'
        : 'The distribution is fairly even, so imbalance matters little.'),
  };
}

function priorShift(facts: EdaFacts): Localized {
  if (facts.dataset.test_rows === 0) return NO_TEST;
  const { rows, prior_shift: distance, largest } = facts.labels;
  const { train, test, ratio } = labelRow(facts, largest);
  const falls = rows
    .filter((row) => row.ratio !== null && row.train.share >= 0.01)
    .sort((a, b) => (a.ratio ?? 0) - (b.ratio ?? 0));
  const fall = falls[0];
  const times = (row: (typeof rows)[number]) => `×${(row.ratio ?? 0).toFixed(2)}`;
  const shifted = distance >= SHIFTED;
  return {
    ko:
      `${korean(largest)}의 비율은 학습 ${percent(train.share)}, 평가 ${percent(test.share)}이고(×${(ratio ?? 0).toFixed(2)}), ` +
      `두 분포의 총변동 거리는 ${distance.toFixed(3)}이다. ` +
      (shifted
        ? `학습과 평가의 사전 확률이 다르므로 학습 분포를 그대로 따르는 모델은 평가에서 불리하다. ${fall ? `학습 비율이 1% 이상인 라벨 중 가장 많이 줄어든 라벨: ${korean(fall.label)}, ${times(fall)}.` : ''}`
        : '학습과 평가의 사전 확률은 거의 같다.'
      ).trim(),
    en:
      `\`${largest}\` makes up ${percent(train.share)} of the training rows and ${percent(test.share)} of the test rows (×${(ratio ?? 0).toFixed(2)}); ` +
      `the total variation distance of both distributions is ${distance.toFixed(3)}. ` +
      (shifted
        ? `The priors differ, so a model that follows the training distribution is at a disadvantage on the test rows. ${fall ? `Of the labels with at least 1% of the training rows, \`${fall.label}\` (${times(fall)}) shrinks most.` : ''}`
        : 'The priors of both sides are almost the same.'
      ).trim(),
  };
}

function entityTypes({ entities: { types } }: EdaFacts): Localized {
  const of = (role: 'subject' | 'object') => types.filter((row) => row.role === role && row.train.count > 0);
  const [subjects, objects] = [of('subject'), of('object')];
  const list = (rows: typeof types, lang: 'ko' | 'en') =>
    rows
      .slice(0, 3)
      .map(({ type, train }) => {
        const name = entityTypeName(type, lang);
        return `${name === type ? type : lang === 'ko' ? `${name}(${type})` : `${name} (${type})`} ${percent(train.share)}`;
      })
      .join(', ');
  return {
    ko: `주체의 유형은 ${subjects.length}종(${list(subjects, 'ko')}), 객체의 유형은 ${objects.length}종(${list(objects, 'ko')})이다. 두 역할의 분포가 다르므로 주체와 객체를 서로 다른 마커로 구분한다.`,
    en: `Subjects have ${subjects.length} types (${list(subjects, 'en')}), objects ${objects.length} (${list(objects, 'en')}). The two roles differ, so each has its own marker.`,
  };
}

function positions({ entities: { distances, positions: at, subject_first } }: EdaFacts): Localized {
  const first = percent(subject_first.train.share);
  const mixed = subject_first.train.share > 0.05 && subject_first.train.share < 0.95;
  return {
    ko:
      `학습 행의 ${first}에서 주체가 객체보다 앞에 온다. 시작 위치의 중앙값은 주체가 문장의 ${percent(at.subject.train.median, 0)} 지점, 객체가 ${percent(at.object.train.median, 0)} 지점이고, ` +
      `두 엔티티 사이의 거리는 중앙값 ${distances.train.median}자, 99% 분위 ${distances.train.p99}자이다. ` +
      (mixed
        ? '순서만으로 역할을 알 수 없으므로 마커가 위치와 함께 역할도 알려야 한다.'
        : '순서가 거의 고정되어 있어 역할은 순서만으로도 드러난다.'),
    en:
      `In ${first} of the training rows the subject comes before the object. Subjects start at ${percent(at.subject.train.median, 0)} of the sentence (median), objects at ${percent(at.object.train.median, 0)}; ` +
      `${distances.train.median} characters (median) are between them, ${distances.train.p99} at the 99th percentile. ` +
      (mixed
        ? 'The order does not identify the roles, so the markers have to.'
        : 'The order is almost fixed and gives the roles away.'),
  };
}

function typePairs({ type_pairs: { rows, rule }, labels: { majority }, dataset }: EdaFacts): Localized {
  const mean = (rows.reduce((sum, row) => sum + row.relations, 0) / Math.max(1, rows.length)).toFixed(1);
  const sharp = [...rows].filter((row) => row.share >= 0.01).sort((a, b) => b.top_share - a.top_share)[0];
  const pair = (lang: 'ko' | 'en') =>
    sharp && pairName(entityTypeName(sharp.subject_type, lang), entityTypeName(sharp.object_type, lang));
  const better = rule.macro_f1 > majority.macro_f1;
  return {
    ko:
      `학습 행에는 유형 쌍이 ${rows.length}종 있고 한 쌍에 평균 ${mean}개의 관계가 나타난다.${sharp ? ` 관계가 가장 뚜렷한 쌍은 ${pair('ko')}이며, ${korean(sharp.top_label)}의 비율이 ${percent(sharp.top_share)}이다.` : ''} ` +
      `쌍마다 최빈 관계를 답하는 규칙의 ${SCORED[dataset.scored_on].ko} 점수는 정확도 ${score(rule.accuracy)}, macro-F1 ${score(rule.macro_f1)}이다(다수 라벨만 답하면 ${score(majority.accuracy)}, ${score(majority.macro_f1)}). ` +
      (better
        ? '유형은 후보를 좁혀 주지만 관계를 정하지는 못하므로 문장을 읽어야 한다.'
        : '유형만으로는 관계를 알 수 없으므로 문장을 읽어야 한다.'),
    en:
      `The training rows have ${rows.length} type pairs with ${mean} relations each on average.${sharp ? ` The clearest is ${pair('en')}, with ${percent(sharp.top_share)} \`${sharp.top_label}\`.` : ''} ` +
      `Answering the most frequent relation of each pair gives an accuracy of ${score(rule.accuracy)} and a macro-F1 of ${score(rule.macro_f1)} on the ${SCORED[dataset.scored_on].en} rows (the majority label alone: ${score(majority.accuracy)}, ${score(majority.macro_f1)}). ` +
      (better
        ? 'Types narrow the candidates but do not determine the relation: the sentence has to be read.'
        : 'Types alone do not determine the relation: the sentence has to be read.'),
  };
}

function sources({ sources: rows, dataset }: EdaFacts): Localized {
  if (dataset.test_rows === 0) return sourcesOfTraining(rows);
  const distance = rows.reduce((sum, { train, test }) => sum + Math.abs(train.share - test.share), 0) / 2;
  const list = rows
    .map(({ source, train, test }) => `${source} ${percent(train.share)} · ${percent(test.share)}`)
    .join(', ');
  const shifted = distance >= SHIFTED;
  return {
    ko: `출처는 ${rows.length}종이다(학습 · 평가: ${list}). 두 분포의 총변동 거리는 ${distance.toFixed(3)}이다. ${shifted ? '문체의 차이도 성능에 영향을 줄 수 있다.' : '학습과 평가의 출처는 거의 같다.'}`,
    en: `Rows come from ${counted(rows.length, 'source')} (train · test: ${list}). The total variation distance is ${distance.toFixed(3)}: ${shifted ? 'different styles may matter as well.' : 'almost the same on both sides.'}`,
  };
}

function sourcesOfTraining(rows: EdaFacts['sources']): Localized {
  const list = rows.map(({ source, train }) => `${source} ${percent(train.share)}`).join(', ');
  return {
    ko: `학습 행의 출처는 ${rows.length}종이다(${list}).`,
    en: `Training rows come from ${counted(rows.length, 'source')} (${list}).`,
  };
}

function duplicates({ repetition: { duplicates: same, conflicts }, dataset }: EdaFacts): Localized {
  const [groups, rows] = [same.train.groups + same.test.groups, same.train.rows + same.test.rows];
  const [clashes, clashRows] = [
    conflicts.train.groups + conflicts.test.groups,
    conflicts.train.rows + conflicts.test.rows,
  ];
  if (groups === 0)
    return {
      ko: '같은 문장의 같은 엔티티 쌍이 두 번 나오는 경우는 학습에도 평가에도 없다.',
      en: 'No entity pair of a sentence occurs twice, neither in training nor in test rows.',
    };
  const share = percent(rows / (dataset.train_rows + dataset.test_rows), 2);
  return {
    ko:
      `같은 문장의 같은 엔티티 쌍이 두 번 이상 나오는 행이 ${grouped(groups)}묶음 ${grouped(rows)}행(${share}) 있다. ` +
      (clashes === 0
        ? '라벨이 엇갈리는 묶음은 없다.'
        : `그중 ${grouped(clashes)}묶음 ${grouped(clashRows)}행은 라벨이 엇갈려, 어떤 모델도 모두 맞힐 수 없다.`),
    en:
      `${counted(rows, 'row')} in ${counted(groups, 'group')} (${share}) have an entity pair and a sentence that occur more than once. ` +
      (clashes === 0
        ? 'None of the groups disagrees on the label.'
        : `Of these, ${counted(clashes, 'group')} with ${counted(clashRows, 'row')} disagree on the label: no model can get them all right.`),
  };
}

function sharedSentences({ repetition: { shared }, dataset }: EdaFacts): Localized {
  if (dataset.test_rows === 0) return NO_TEST;
  if (shared.sentences === 0)
    return {
      ko: '평가 문장 가운데 학습에도 있는 문장은 없으므로, 이 경로의 누수는 없다.',
      en: 'No test sentence occurs in the training rows: nothing leaks this way.',
    };
  return {
    ko:
      `평가 문장 ${grouped(shared.sentences)}개(${grouped(shared.rows)}행, 평가의 ${percent(shared.row_share, 2)})가 학습에도 나온다. ` +
      (shared.same_question === 0
        ? '엔티티 쌍까지 같은 행은 없어, 정답이 그대로 누출되지는 않는다. '
        : `그중 엔티티 쌍까지 같은 행은 ${grouped(shared.same_question)}개, 라벨까지 같은 행은 ${grouped(shared.same_answer)}개이다. `) +
      '공식 분할을 그대로 쓰되, 검증 분할은 문장 단위로 묶어 같은 누수를 피한다.',
    en:
      `Test sentences that also occur in the training rows: ${grouped(shared.sentences)} (${counted(shared.rows, 'row')}, ${percent(shared.row_share, 2)} of the test rows). ` +
      (shared.same_question === 0
        ? 'None of these rows has the same entity pair, so no answer leaks directly. '
        : `Same entity pair in the training rows: ${counted(shared.same_question, 'row')}; same label as well: ${grouped(shared.same_answer)}. `) +
      'The splits are used as published; the validation split groups rows by sentence to avoid the same leak.',
  };
}

function conclusion(facts: EdaFacts): Localized {
  const { majority, largest, rows } = facts.labels;
  const times = majority.macro_f1 > 0 ? (majority.accuracy / majority.macro_f1).toFixed(0) : '∞';
  const misleading = majority.accuracy >= 3 * majority.macro_f1;
  return {
    ko:
      `모든 행에 ${korean(largest)}만 답하는 규칙의 정확도는 ${score(majority.accuracy)}이지만 macro-F1은 ${score(majority.macro_f1)}이다(${times}배 차이). ` +
      (misleading
        ? `정확도는 관계를 하나도 배우지 않고도 높을 수 있지만, macro-F1은 라벨 ${rows.length}개에 같은 무게를 두므로 그런 모델에서는 낮게 나온다. 따라서 macro-F1을 대표 지표로 삼고 정확도, micro-F1, AUPRC를 함께 본다.`
        : `이 데이터에서는 두 지표의 차이가 작지만, 라벨마다 같은 무게를 두는 macro-F1을 대표 지표로 삼고 정확도, micro-F1, AUPRC를 함께 본다.`),
    en:
      `Answering \`${largest}\` for every row gives an accuracy of ${score(majority.accuracy)}, but a macro-F1 of ${score(majority.macro_f1)} (a factor of ${times}). ` +
      (misleading
        ? `Accuracy can be high without a single relation learned; macro-F1 gives all ${rows.length} labels the same weight and stays low for such a model. So macro-F1 is the main metric, together with accuracy, micro-F1 and AUPRC.`
        : 'The two differ little here; still macro-F1, which gives all labels the same weight, is the main metric, together with accuracy, micro-F1 and AUPRC.'),
  };
}
