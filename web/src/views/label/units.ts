import type {
  LabelDecision,
  LabelProject,
  LabelRelation,
  LabelShownEntity,
  LabelSpan,
  LabelSuggestion,
  LabelTask,
} from '../../../../src/inference/predict/api/labelSchema.ts';

/** Two entities with what is said of both directions: what one key decides. `a` stands before `b`. */
export interface Unit {
  readonly key: string;
  readonly a: LabelShownEntity;
  readonly b: LabelShownEntity;
  readonly forth: LabelSuggestion['top'];
  readonly back: LabelSuggestion['top'];
  /** What the person said of a → b and of b → a; null where nothing yet. */
  readonly decided: { readonly forth: string | null; readonly back: string | null };
  /** What the data says. */
  readonly given: { readonly forth: string | null; readonly back: string | null };
}

/** An answer to a unit: a relation from a to b, or from b to a; no relation has no direction. */
export interface Choice {
  readonly relation: string;
  readonly isBack: boolean;
  /** Null where no model said anything. */
  readonly probability: number | null;
}

type Relations = Pick<LabelProject, 'relations' | 'no_relation'>;

const spanKey = ({ start, end }: LabelSpan): string => `${start}-${end}`;
const pairKey = (subject: LabelSpan, object: LabelSpan): string => `${spanKey(subject)}>${spanKey(object)}`;

/** The pairs to decide, in the order of the sentence. */
export function unitsOf({
  entities,
  pairs,
  decisions,
  given,
}: Pick<LabelTask, 'entities' | 'pairs' | 'decisions' | 'given'>): Unit[] {
  const at = new Map(entities.map((entity) => [spanKey(entity), entity]));
  const tops = new Map(pairs.map(({ subject, object, top }) => [pairKey(subject, object), top]));
  const said = labelsOf(decisions);
  const before = labelsOf(given);
  const units = new Map<string, Unit>();
  for (const { subject, object } of [...pairs, ...decisions]) {
    const [first, second] = subject.start <= object.start ? [subject, object] : [object, subject];
    const [a, b] = [at.get(spanKey(first)), at.get(spanKey(second))];
    if (!a || !b) continue;
    const [forth, back] = [pairKey(first, second), pairKey(second, first)];
    units.set(forth, {
      ...{ key: forth, a, b, forth: tops.get(forth) ?? [], back: tops.get(back) ?? [] },
      decided: { forth: said.get(forth) ?? null, back: said.get(back) ?? null },
      given: { forth: before.get(forth) ?? null, back: before.get(back) ?? null },
    });
  }
  return [...units.values()].sort((one, other) => one.a.start - other.a.start || one.b.start - other.b.start);
}

const labelsOf = (decisions: readonly LabelDecision[]) =>
  new Map(decisions.map(({ subject, object, relation }) => [pairKey(subject, object), relation]));

export const isDecided = ({ decided }: Unit): boolean => decided.forth !== null || decided.back !== null;

/** Answers with a key of their own. */
export const MOST_CHOICES = 9;

/** The relations that the two may have, most probable first; where no model knows, those of the project as they stand. */
export function choicesOf(unit: Unit, { relations, no_relation }: Relations): Choice[] {
  const known = [...unit.forth, ...unit.back].length > 0;
  const choices = relations.flatMap((relation): Choice[] => {
    const directions = isSymmetric(relation) ? [false] : [false, true];
    return directions.flatMap((isBack): Choice[] => {
      if (!fits(relation, unit, isBack)) return [];
      return [
        { relation: relation.name, isBack, probability: known ? jointProbability(unit, relation, isBack) : null },
      ];
    });
  });
  const ranked = distinct(unit, choices, { relations, no_relation }).toSorted(
    (one, other) => (other.probability ?? 0) - (one.probability ?? 0),
  );
  const data = givenChoice(unit, { relations, no_relation });
  return data && data.relation !== no_relation ? withFirst(ranked, data) : ranked;
}

/** What is proposed: what the data says, else what the model finds most probable; null where neither says anything. */
export function suggestionOf(unit: Unit, project: Relations): Choice | null {
  const given = givenChoice(unit, project);
  if (given) return given;
  const directions = [unit.forth, unit.back].filter((top) => top.length > 0);
  if (directions.length === 0) return null;
  const none = mean(directions.map((top) => probabilityIn(top, project.no_relation)));
  const [best] = choicesOf(unit, project);
  const isRelation = best?.probability != null && best.probability > none;
  return isRelation ? best : { relation: project.no_relation, isBack: false, probability: none };
}

/** What a choice says of both directions: the other one has the inverse, or no relation where there is none. */
export function decisionsOf(
  { a, b }: Unit,
  { relation, isBack }: Choice,
  { relations, no_relation }: Relations,
): LabelDecision[] {
  const inverse = relations.find(({ name }) => name === relation)?.inverse ?? null;
  const other = inverse !== null && relations.some(({ name }) => name === inverse) ? inverse : no_relation;
  const [first, second] = [spanOf(a), spanOf(b)];
  const [subject, object] = isBack ? [second, first] : [first, second];
  return [
    { subject, object, relation },
    { subject: object, object: subject, relation: other },
  ];
}

/** One direction alone: the other stays as it was said, or has no relation. */
export function oneDirection(unit: Unit, { relation, isBack }: Choice, { no_relation }: Relations): LabelDecision[] {
  const [first, second] = [spanOf(unit.a), spanOf(unit.b)];
  return [
    { subject: first, object: second, relation: isBack ? (unit.decided.forth ?? no_relation) : relation },
    { subject: second, object: first, relation: isBack ? relation : (unit.decided.back ?? no_relation) },
  ];
}

/** Whether a choice is what was said. */
export const isChosen = (unit: Unit, { relation, isBack }: Choice, noRelation: string): boolean =>
  relation === noRelation
    ? unit.decided.forth === noRelation && (unit.decided.back ?? noRelation) === noRelation
    : (isBack ? unit.decided.back : unit.decided.forth) === relation;

/** The first unit that is not decided yet, from one on and around; -1 where all are. */
export function nextOpen(units: readonly Unit[], from: number): number {
  for (let step = 0; step < units.length; step++) {
    const index = (from + step) % units.length;
    if (!isDecided(units[index]!)) return index;
  }
  return -1;
}

const spanOf = ({ start, end }: LabelSpan): LabelSpan => ({ start, end });
export const isSymmetric = ({ name, inverse }: LabelRelation): boolean => name === inverse;

function fits({ types }: LabelRelation, { a, b }: Unit, isBack: boolean): boolean {
  if (types === null || a.type === null || b.type === null) return true;
  return types.includes(isBack ? `${b.type}>${a.type}` : `${a.type}>${b.type}`);
}

/** The mean of what both directions say of it: the relation one way, its inverse the other. */
function jointProbability({ forth, back }: Unit, { name, inverse }: LabelRelation, isBack: boolean): number {
  const [own, other] = isBack ? [back, forth] : [forth, back];
  const said = [
    ...(own.length > 0 ? [probabilityIn(own, name)] : []),
    ...(inverse !== null && other.length > 0 ? [probabilityIn(other, inverse)] : []),
  ];
  return said.length === 0 ? 0 : mean(said);
}

function givenChoice({ given }: Unit, { no_relation }: Relations): Choice | null {
  if (given.forth === null && given.back === null) return null;
  if (given.forth !== null && given.forth !== no_relation)
    return { relation: given.forth, isBack: false, probability: null };
  if (given.back !== null && given.back !== no_relation)
    return { relation: given.back, isBack: true, probability: null };
  return { relation: no_relation, isBack: false, probability: null };
}

/** Parents one way are children the other: what says the same is listed once. */
function distinct(unit: Unit, choices: readonly Choice[], project: Relations): Choice[] {
  const meanings = new Set<string>();
  return choices.filter((choice) => {
    const said = decisionsOf(unit, choice, project).map(({ subject, relation }) => `${subject.start} ${relation}`);
    const meaning = said.sort().join(' ');
    if (meanings.has(meaning)) return false;
    meanings.add(meaning);
    return true;
  });
}

const withFirst = (choices: readonly Choice[], first: Choice): Choice[] => [
  first,
  ...choices.filter(({ relation, isBack }) => relation !== first.relation || isBack !== first.isBack),
];
const probabilityIn = (top: LabelSuggestion['top'], relation: string): number =>
  top.find((ranked) => ranked.relation === relation)?.probability ?? 0;
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
