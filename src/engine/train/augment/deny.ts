import type { RandomStream } from '../../../base/core/random.ts';
import type { LabelledExample } from '../../../base/core/types.ts';
import { composed, filled } from './compose.ts';
import type { Variant } from './rows.ts';

/** Sentences that say that a relation does not hold, never came about or was only wished for, and some that say it does. */
interface Statements {
  readonly denied: readonly string[];
  readonly stated: readonly string[];
}

/**
 * By relation, written by hand. `{s}` is the subject, `{o}` the object. The statements that hold keep the wording from giving
 * the label away: a model that only learned that such short sentences have no relation would have learned nothing.
 */
const STATEMENTS: Readonly<Record<string, Statements>> = {
  'per:spouse': {
    denied: [
      '{s:은/는} {o:와/과} 결혼한 적이 없다.',
      '{s:과/와} {o:은/는} 부부가 아니라 친구 사이다.',
      '{s:과/와} {o}의 결혼은 끝내 이루어지지 않았다.',
      '{s:은/는} {o:과/와}의 결혼설을 부인했다.',
    ],
    stated: ['{s:은/는} {o:과/와} 결혼했다.', '{s:은/는} {o}의 배우자로 알려져 있다.'],
  },
  'per:parents': {
    denied: ['{s:은/는} {o}의 친자식이 아니다.', '{s:은/는} {o}의 자녀라는 소문을 부인했다.'],
    stated: ['{s:은/는} {o}의 자녀로 태어났다.', '{o:은/는} {s:을/를} 낳아 길렀다.'],
  },
  'per:children': {
    denied: ['{s:은/는} {o}의 친부모가 아니다.', '{s:은/는} {o:을/를} 입양하려 했으나 허락받지 못했다.'],
    stated: ['{s:은/는} {o:을/를} 낳아 길렀다.', '{o:은/는} {s}의 자녀다.'],
  },
  'per:siblings': {
    denied: [
      '{s:과/와} {o:은/는} 닮았지만 형제가 아니다.',
      '{s:은/는} {o:과/와} 남매라는 소문은 사실이 아니라고 말했다.',
    ],
    stated: ['{s:과/와} {o:은/는} 남매다.', '{s:은/는} {o}의 동생이다.'],
  },
  'per:colleagues': {
    denied: ['{s:과/와} {o:은/는} 함께 일한 적이 없다.', '{s:은/는} {o:과/와} 한 팀에서 뛸 뻔했으나 무산됐다.'],
    stated: ['{s:과/와} {o:은/는} 같은 팀에서 함께 일했다.', '{s:은/는} 동료 {o:과/와} 무대에 올랐다.'],
  },
  'per:employee_of': {
    denied: [
      '{s:은/는} {o}에 소속된 적이 없다.',
      '{s:은/는} {o}의 영입 제안을 거절했다.',
      '{s}의 {o} 입단은 무산됐다.',
      '{s:은/는} {o:을/를} 비판하는 글을 썼다.',
    ],
    stated: ['{s:은/는} {o}에서 일하고 있다.', '{o} 소속의 {s:이/가} 참석했다.', '{s:은/는} {o}에 입단했다.'],
  },
  'org:top_members/employees': {
    denied: [
      '{o:은/는} {s}의 대표가 아니다.',
      '{s:은/는} {o:을/를} 영입하려 했으나 실패했다.',
      '{o:은/는} {s}의 회장 선거에서 낙선했다.',
      '{s:은/는} {o}에 대한 수사에 들어갔다.',
    ],
    stated: ['{s}의 {o} 대표가 입장을 밝혔다.', '{o:은/는} {s}의 회장으로 뽑혔다.'],
  },
  'per:title': {
    denied: [
      '{s:은/는} {o} 자리를 거절했다.',
      '{s:은/는} {o} 선거에 나섰으나 떨어졌다.',
      '{s:은/는} {o:이/가} 아니다.',
      '{s:은/는} 어릴 때 {o:을/를} 꿈꿨으나 이루지 못했다.',
    ],
    stated: ['{s:은/는} {o:으로/로} 일하고 있다.', '{o} {s:이/가} 말했다.', '{s:은/는} {o:이다/다}.'],
  },
  'per:origin': {
    denied: ['{s:은/는} {o} 출신이 아니다.', '{s:은/는} {o:을/를} 한 번 여행했을 뿐이다.'],
    stated: ['{s:은/는} {o} 출신이다.', '{o} 출신의 {s:이/가} 참가했다.'],
  },
  'per:place_of_birth': {
    denied: ['{s:은/는} {o}에서 태어나지 않았다.', '{s:은/는} {o:을/를} 방문했다.'],
    stated: ['{s:은/는} {o}에서 태어났다.'],
  },
  'per:place_of_residence': {
    denied: ['{s:은/는} {o}에 산 적이 없다.', '{s:은/는} {o:으로/로} 이사하려던 계획을 접었다.'],
    stated: ['{s:은/는} {o}에 살고 있다.', '{s:은/는} {o:으로/로} 이사했다.'],
  },
  'per:place_of_death': {
    denied: ['{s:은/는} {o}에서 죽을 고비를 넘겼다.', '{s}의 장례는 {o:이/가} 아닌 곳에서 치러졌다.'],
    stated: ['{s:은/는} {o}에서 세상을 떠났다.'],
  },
  'per:schools_attended': {
    denied: ['{s:은/는} {o}에 지원했으나 떨어졌다.', '{s:은/는} {o}에서 한 번 강연했다.'],
    stated: ['{s:은/는} {o:을/를} 졸업했다.', '{s:은/는} {o}에 다녔다.'],
  },
  'per:religion': {
    denied: ['{s:은/는} {o:을/를} 믿지 않는다.', '{s:은/는} {o:을/를} 비판했다.'],
    stated: ['{s:은/는} {o:을/를} 믿는다.'],
  },
  'per:product': {
    denied: ['{s:은/는} {o:을/를} 쓰지 않았다고 밝혔다.', '{s:은/는} {o:을/를} 인상 깊게 보았다고 말했다.'],
    stated: ['{s:은/는} {o:을/를} 만들었다.', '{o:은/는} {s}의 작품이다.'],
  },
  'org:product': {
    denied: ['{s:은/는} {o}의 제작을 포기했다.', '{s:은/는} {o:을/를} 만든 회사가 아니다.'],
    stated: ['{s:은/는} {o:을/를} 내놓았다.', '{o:은/는} {s}의 제품이다.'],
  },
  'org:place_of_headquarters': {
    denied: [
      '{s:은/는} 본사를 {o:으로/로} 옮기려던 계획을 접었다.',
      '{o:은/는} {s:이/가} 본사를 옮긴 곳이 아니다.',
      '{s:은/는} {o}에서 행사를 열었다.',
    ],
    stated: ['{s:은/는} {o}에 본사를 두고 있다.', '{s:은/는} 본사를 {o:으로/로} 옮겼다.'],
  },
  'org:founded_by': {
    denied: ['{o:은/는} {s:을/를} 세운 사람이 아니다.', '{o:은/는} {s:을/를} 세우려 했으나 뜻을 이루지 못했다.'],
    stated: ['{o:은/는} {s:을/를} 세웠다.', '{s:은/는} {o:이/가} 창립했다.'],
  },
  'org:founded': {
    denied: ['{s:은/는} {o}에 총회를 열었다.', '{s}의 설립 계획은 {o}에 취소됐다.'],
    stated: ['{s:은/는} {o}에 설립됐다.'],
  },
  'org:dissolved': {
    denied: ['{s:은/는} {o}에 해산 위기를 넘겼다.', '{s:은/는} {o}에 총회를 열었다.'],
    stated: ['{s:은/는} {o}에 해산했다.'],
  },
  'org:members': {
    denied: ['{o:은/는} {s}에 가입하지 않았다.', '{s:은/는} {o}의 가입 신청을 받아들이지 않았다.'],
    stated: ['{o:은/는} {s}에 속해 있다.', '{s:은/는} {o:을/를} 산하에 두고 있다.'],
  },
  'org:member_of': {
    denied: ['{s:은/는} {o}에 가입하지 않았다.', '{o:은/는} {s}의 가입 신청을 받아들이지 않았다.'],
    stated: ['{s:은/는} {o}에 속해 있다.', '{s:은/는} {o}에 가입했다.'],
  },
};

/** Share of the rows that say that the relation holds. */
const STATED_SHARE = 1 / 3;

/**
 * A row of a relation's entities in a sentence that denies it, or, a third of the time, states it. Null for relations that no
 * statements were written for, and where the data have no label for "no relation".
 */
export function deny(row: LabelledExample, noRelation: string | null, draws: RandomStream): Variant | null {
  if (noRelation === null || !Object.hasOwn(STATEMENTS, row.label)) return null;
  const { denied, stated } = STATEMENTS[row.label]!;
  const holds = draws.uniform(0) < STATED_SHARE;
  const templates = holds ? stated : denied;
  const template = templates[Math.floor(draws.uniform(1) * templates.length)]!;
  const pieces = filled(template, {
    s: { entity: row.subject, role: 'subject' },
    o: { entity: row.object, role: 'object' },
  });
  return composed(pieces, holds ? row.label : noRelation);
}
