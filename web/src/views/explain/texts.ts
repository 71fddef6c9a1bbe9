import { counted } from '../../../../src/base/core/format.ts';
import { texts } from '../../i18n/texts.ts';

export const explainTexts = texts({
  ko: {
    choosePair: '주체와 객체로 살펴볼 엔티티 두 개를 고르세요.',
    needPair: '엔티티를 두 개 표시하면, 문장을 조금씩 바꾸어 물은 결과를 보여 줍니다.',
    working: '문장을 바꾸어 가며 답을 구하는 중…',
    asked: (count: number) => `모델에 ${count}번 물었습니다.`,
    textDiffers: '한 쌍을 위한 설정의 답이라, “글”의 판정과 다를 수 있습니다.',
    answer: '모델의 답',
    reading: '요약',
    variants: '문장을 바꾸면',
    words: '중요한 낱말',
    wordsLead: '낱말을 하나씩 빼고 다시 물었습니다. 뺐을 때 답의 확률이 많이 떨어지는 낱말일수록 진하게 칠합니다.',
    variant: '바꾼 것',
    given: '모델이 읽은 입력',
    says: '그때의 답',
    sameRelation: '처음 답의 확률',
    change: '변화',
    original: '원래 문장',
    masked: '이름을 가리면',
    entities_only: '이름만 주면(문장 없이)',
    types_swapped: '유형을 맞바꾸면',
    roles_swapped: '주체와 객체를 바꾸면',
    subject_type: (type: string) => `주체의 유형: ${type}`,
    object_type: (type: string) => `객체의 유형: ${type}`,
    typesTitle: '유형을 다르게 적으면',
    noTypes: '이 모델은 유형을 읽지 않으므로 유형을 바꾸어도 답이 같습니다.',
    word: '낱말',
    drop: '확률이 떨어진 정도',
    newAnswer: '뺐을 때의 답',
    dropChart: (relation: string) => `낱말을 뺐을 때 ${relation}의 확률이 떨어진 정도`,
    heatLow: '빼면 오름',
    heatHigh: '빼면 떨어짐',
    names_suffice: (p: string) =>
      `문장 없이 이름 두 개만 주어도 같은 답을 합니다(${p}). 문장을 읽기보다 이름을 보고 답한다는 신호입니다.`,
    sentence_needed: (relation: string, p: string) =>
      `이름만 주었을 때의 답은 ${relation}, 처음 답의 확률은 ${p}입니다. 문장의 내용이 필요했다는 뜻입니다.`,
    context_suffices: (p: string) => `이름을 가려도 같은 답을 합니다(${p}). 주변 글에서 관계를 읽어 냅니다.`,
    names_needed: (relation: string, p: string) =>
      `이름을 가렸을 때의 답은 ${relation}, 처음 답의 확률은 ${p}입니다. 이름 자체가 답에 큰 영향을 줍니다.`,
    direction_ignored: (p: string) =>
      `주체와 객체를 바꾸어도 같은 답을 합니다(${p}). 어느 쪽이 주체인지 제대로 구별하지 못합니다.`,
    types_decide: (changed: number, of: number) =>
      `유형을 다르게 적은 ${of}가지 가운데 ${changed}가지에서 답이 바뀝니다. 유형이 답을 크게 좌우합니다.`,
    types_ignored: (of: number) => `유형을 ${of}가지로 바꾸어도 답이 그대로입니다. 유형에 기대지 않습니다.`,
    key_word: (word: string, p: string) => `가장 중요한 부분은 “${word}”입니다. 빼면 확률이 ${p} 떨어집니다.`,
    key_word_flips: (word: string, p: string) =>
      `가장 중요한 부분은 “${word}”입니다. 빼면 확률이 ${p} 떨어져 답이 바뀝니다.`,
    no_key_word: '어느 낱말 하나를 빼도 답이 거의 그대로입니다. 여러 낱말에 고루 기대거나 이름과 유형만 보고 답합니다.',
    points: (value: string) => `${value}%p`,
    limits: '한 문장에 대한 관찰일 뿐, 모델이 늘 이렇게 답한다는 증거는 아닙니다.',
  },
  en: {
    choosePair: 'Choose the two entities to look at as subject and object.',
    needPair: 'Mark two entities to see what the model says when the sentence is changed bit by bit.',
    working: 'Asking with the sentence changed…',
    asked: (count: number) => `The model was asked ${counted(count, 'time')}.`,
    textDiffers: 'Answered by the setting for a marked pair: Text may decide otherwise.',
    answer: 'The model’s answer',
    reading: 'At a glance',
    variants: 'When the sentence is changed',
    words: 'Which words matter',
    wordsLead:
      'Each word was left out in turn. The more the answer’s probability falls without a word, the darker it is.',
    variant: 'Changed',
    given: 'What the model read',
    says: 'Its answer then',
    sameRelation: 'Probability of the first answer',
    change: 'Change',
    original: 'the sentence as it is',
    masked: 'names hidden',
    entities_only: 'names alone, no sentence',
    types_swapped: 'types swapped',
    roles_swapped: 'subject and object swapped',
    subject_type: (type: string) => `subject as ${type}`,
    object_type: (type: string) => `object as ${type}`,
    typesTitle: 'With other types',
    noTypes: 'This model reads no types, so other types change nothing.',
    word: 'Word',
    drop: 'Drop in probability',
    newAnswer: 'Answer without it',
    dropChart: (relation: string) => `Drop in the probability of ${relation} when a word is left out`,
    heatLow: 'rises without it',
    heatHigh: 'falls without it',
    names_suffice: (p: string) =>
      `The two names alone, without the sentence, give the same answer (${p}): a sign that it goes by names rather than by what the sentence says.`,
    sentence_needed: (relation: string, p: string) =>
      `With the names alone the answer is ${relation}, and the first answer has a probability of ${p}: what the sentence says was needed.`,
    context_suffices: (p: string) =>
      `With the names hidden the answer stays (${p}): the relation is read from the text around them.`,
    names_needed: (relation: string, p: string) =>
      `With the names hidden the answer is ${relation}, and the first answer has a probability of ${p}: the names themselves weigh much.`,
    direction_ignored: (p: string) =>
      `With subject and object swapped the answer stays (${p}): it does not tell apart which of them is the subject.`,
    types_decide: (changed: number, of: number) =>
      `Of ${of} ways to write other types, ${changed} change the answer: the types decide much.`,
    types_ignored: (of: number) => `None of ${of} other types changes the answer: it does not lean on types.`,
    key_word: (word: string, p: string) => `“${word}” matters most: without it the probability falls by ${p}.`,
    key_word_flips: (word: string, p: string) =>
      `“${word}” matters most: without it the probability falls by ${p} and the answer changes.`,
    no_key_word: 'No single word matters much: the answer leans on many words alike, or only on names and types.',
    points: (value: string) => `${value} points`,
    limits: 'This is an observation of one sentence, no proof of what the model always does.',
  },
});
