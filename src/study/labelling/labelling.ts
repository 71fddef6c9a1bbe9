import { createHash } from 'node:crypto';
import { fieldError } from '../../base/core/errors.ts';
import type { Example } from '../../base/core/types.ts';
import { codePointLength, overlap, spanText } from '../../base/data/span.ts';
import {
  against,
  cohensKappa,
  krippendorffsAlpha,
  type Ratings,
  ratedByBoth,
  withInterval,
} from '../../base/eval/agreement.ts';
import { wilsonInterval } from '../../base/eval/significance.ts';
import type {
  LabelAddedRow,
  LabelAgreement,
  LabelCounts,
  LabelDo,
  LabelEntity,
  LabelFilter,
  LabelListed,
  LabelNext,
  LabelNextResponse,
  LabelReason,
  LabelRole,
  LabelShownEntity,
  LabelSuggestion,
  LabelSuggestions,
  LabelTask,
} from '../../inference/predict/api/labelSchema.ts';
import { isDisputed } from './agreedAnswer.ts';
import { addRelations, type Handed, type KeptSuggestion, type Project, type Sentence } from './project.ts';
import { ofRow } from './projectData.ts';
import { pairKey, type SentenceState } from './sentenceState.ts';
import { bothDirections, type Suggester } from './suggester.ts';
import { type Candidate, chooseNext } from './whatComesNext.ts';

/** How long a sentence that was given to somebody is not given to others, unless something is done to it. */
const HANDED_MS = 30 * 60_000;
/** Finished sentences that a new one is held against. */
const LOOKED_BACK = 200;

/** A label project at work: what is asked of it over HTTP. */
export interface Labelling {
  readonly project: Project;
  counts(person: string): LabelCounts;
  next(person: string, request: LabelNext): Promise<LabelNextResponse>;
  task(person: string, sentence: number, role: LabelRole): Promise<LabelTask>;
  act(person: string, request: LabelDo): Promise<LabelTask>;
  undo(person: string, role: LabelRole, sentence: number | null): Promise<LabelTask | null>;
  suggest(sentence: number, entities: readonly LabelEntity[], signal?: AbortSignal): Promise<LabelSuggestions>;
  /** Adds rows with a marked pair. Errors: `usage` with the field where an entity is not in its sentence. */
  add(rows: readonly LabelAddedRow[]): { readonly added: number; readonly known: number };
  list(filter: LabelFilter | undefined, offset: number, limit: number): LabelListed;
  agreement(): LabelAgreement;
  /** Sentences of which the model has said something. */
  scored(): number;
  /** Asks the model about sentences that nobody labelled yet, one by one, until the signal ends it. */
  scoreAll(signal: AbortSignal): Promise<void>;
}

export function createLabelling(project: Project, suggester: Suggester): Labelling {
  const sentenceOf = (id: number): Sentence => {
    const sentence = project.sentence(id);
    if (sentence) return sentence;
    throw fieldError('/sentence', { en: `There is no sentence ${id}.`, ko: `없는 문장: ${id}.` });
  };
  const key = () => suggester.keyFor(project.config());

  const suggestionOf = async (sentence: Sentence): Promise<KeptSuggestion> => {
    const kept = project.suggestion(sentence.id, key());
    if (kept) return kept;
    const made = await suggester.suggest(sentence.text, sentence.entities, project.config());
    project.keepSuggestion(sentence.id, key(), made);
    return made;
  };

  const task = async (
    person: string,
    sentence: Sentence,
    role: LabelRole,
    reason: LabelTask['reason'],
  ): Promise<LabelTask> => {
    const state = project.state(sentence.id, person, role);
    const suggested = await suggestionOf(sentence);
    const entities = state.entities ?? sentence.entities ?? suggested.entities;
    const isSuggested = sameEntities(entities, suggested.entities);
    const { pairs } = isSuggested ? suggested : await suggester.suggest(sentence.text, entities, project.config());
    const around = neighbours(project, sentence);
    return {
      sentence: sentence.id,
      ...{ guid: sentence.guid, document: sentence.document, text: sentence.text, ...around },
      ...{ status: state.status, role, reason },
      entities: shownEntities(sentence, state, entities),
      pairs: bothDirections(askedAbout(sentence, pairs)),
      model: suggester.knows(project.config()) ? suggester.model : null,
      decisions: [...state.decisions.values()],
      given: sentence.gold ? [] : (sentence.given ?? []),
      others:
        role === 'adjudicate'
          ? [...project.answers(sentence.id)].map(([name, said]) => ({
              person: name,
              entities: shownEntities(sentence, said, said.entities ?? sentence.entities ?? []),
              decisions: [...said.decisions.values()],
            }))
          : [],
      comment: state.comment,
    };
  };

  const reasonOf = (sentence: number, person: string): LabelTask['reason'] => {
    const handed = project.handed().find((row) => row.sentence === sentence && row.person === person);
    return { kind: reasonNamed(handed?.reason), value: null };
  };

  const counts = (person: string): LabelCounts => {
    const all = project.sentences();
    const figures = { done: 0, open: 0, skipped: 0, disputed: 0, pairs: 0, mine: 0 };
    for (const id of project.touched()) {
      const answers = project.answers(id);
      const statuses = [...answers.values()].filter(({ changed }) => changed !== null).map(({ status }) => status);
      if (statuses.includes('done')) figures.done++;
      else if (statuses.includes('open')) figures.open++;
      else if (statuses.includes('skipped')) figures.skipped++;
      if (isDisputed(answers, project.decided(id))) figures.disputed++;
      const pairs = new Set(
        [...answers.values()].flatMap(({ status, decisions }) => (status === 'done' ? [...decisions.keys()] : [])),
      );
      figures.pairs += pairs.size;
      if (answers.get(person)?.status === 'done') figures.mine++;
    }
    return { sentences: all.length, ...figures };
  };

  const next = async (person: string, { filter, role = 'label', not = [] }: LabelNext): Promise<LabelNextResponse> => {
    const chosen = choose(person, { filter, role, not: new Set(not) });
    if (!chosen) return { task: null, counts: counts(person) };
    project.hand(chosen.sentence.id, person, chosen.reason.kind);
    return { task: await task(person, chosen.sentence, role, chosen.reason), counts: counts(person) };
  };

  const choose = (
    person: string,
    {
      filter,
      role,
      not,
    }: { readonly filter: LabelFilter | undefined; readonly role: LabelRole; readonly not: ReadonlySet<number> },
  ): { readonly sentence: Sentence; readonly reason: LabelTask['reason'] } | null => {
    const all = project.sentences().filter(({ id }) => !not.has(id));
    const plain = (sentence: Sentence | undefined, kind: LabelReason) =>
      sentence ? { sentence, reason: { kind, value: null } } : null;
    if (role === 'adjudicate')
      return plain(
        all.find(({ id }) => isDisputed(project.answers(id), project.decided(id))),
        'adjudicate',
      );
    const mine = (id: number) => project.state(id, person, 'label');
    if (filter)
      return plain(
        ordered(
          all.filter((each) => matches(project, suggester, each, filter) && mine(each.id).status === 'open'),
          filter,
        )[0],
        'filter',
      );
    const begun = all.find(({ id }) => mine(id).status === 'open' && mine(id).changed !== null);
    if (begun) return { sentence: begun, reason: { kind: 'open', value: null } };
    const untouched = all.filter(({ id }) => mine(id).changed === null);
    const { settings } = project.config();
    const finished = counts(person).mine;
    const gold = untouched.filter((each) => each.gold);
    // Hidden gold rows come like all others; which turn is theirs hangs on the person.
    if (gold.length > 0 && share(`gold ${person}`, finished) < settings.gold_share) return plain(gold[0], 'random');
    const taken = takenBy(project.handed(), person);
    const free = untouched.filter((each) => {
      if (each.gold || (each.given?.length ?? 0) > 0) return false;
      const wanted = share('overlap', each.id) < settings.overlap_share ? settings.overlap_people : 1;
      const others = new Set(
        [...project.answers(each.id)]
          .filter(([, { status, changed }]) => changed !== null && status !== 'skipped')
          .map(([name]) => name),
      );
      for (const name of taken.get(each.id) ?? []) others.add(name);
      return others.size < wanted;
    });
    const choice = chooseNext(candidatesOf(free), {
      ...knownBy(),
      isCalibrated: suggester.isCalibrated(project.config()),
      random: share,
    });
    return choice && { sentence: sentenceOf(choice.id), reason: { kind: choice.reason, value: choice.value } };
  };

  const candidatesOf = (sentences: readonly Sentence[]): Candidate[] => {
    const now = project.suggestions(key());
    const other = project.otherModel(key());
    const before = other === null ? new Map<number, KeptSuggestion>() : project.suggestions(other);
    return sentences.map(({ id, text }) => ({
      id,
      text,
      pairs: now.get(id)?.pairs ?? null,
      otherPairs: before.get(id)?.pairs ?? null,
    }));
  };

  const knownBy = () => {
    const config = project.config();
    const relationCounts = new Map<string, number>();
    const texts: string[] = [];
    let labelled = 0;
    for (const id of project.touched()) {
      const done = [...project.answers(id).values()].filter(({ status }) => status === 'done');
      if (done.length === 0) continue;
      labelled++;
      texts.push(sentenceOf(id).text);
      for (const { relation } of done[0]!.decisions.values())
        relationCounts.set(relation, (relationCounts.get(relation) ?? 0) + 1);
    }
    const inverses = new Map(config.relations.map(({ name, inverse }) => [name, inverse]));
    return {
      ...{ labelled, counts: relationCounts, texts: texts.slice(-LOOKED_BACK), noRelation: config.noRelation },
      inverseOf: (relation: string) => inverses.get(relation) ?? null,
    };
  };

  return {
    project,
    counts,
    next,
    task: async (person, id, role) => task(person, sentenceOf(id), role, reasonOf(id, person)),
    async act(person, request) {
      project.act(person, request);
      return task(person, sentenceOf(request.sentence), request.role ?? 'label', reasonOf(request.sentence, person));
    },
    async undo(person, role, sentence) {
      const undone = project.undo(person, role, sentence);
      return undone === null ? null : task(person, sentenceOf(undone), role, reasonOf(undone, person));
    },
    async suggest(id, entities, signal) {
      const sentence = sentenceOf(id);
      const config = project.config();
      const { pairs } = await suggester.suggest(sentence.text, entities, config, signal);
      return {
        model: suggester.knows(config) ? suggester.model : null,
        entities: entities.map((entity) => ({
          ...entity,
          word: spanText(sentence.text, entity.start, entity.end),
          by: 'person' as const,
        })),
        pairs: bothDirections(askedAbout(sentence, pairs)),
      };
    },
    add(rows) {
      const sentences = rows.map((row, i) => ofRow(exampleOf(row, `/rows/${i}`)));
      addRelations(project, sentences);
      return project.add(sentences);
    },
    list(filter, offset, limit) {
      const found = ordered(
        filter ? project.sentences().filter((each) => matches(project, suggester, each, filter)) : project.sentences(),
        filter ?? {},
      );
      return {
        total: found.length,
        sentences: found.slice(offset, offset + limit).map(({ id, guid, text }) => {
          const answers = project.answers(id);
          return {
            ...{ sentence: id, guid, text, status: statusOf(answers), people: [...answers.keys()] },
            disputed: isDisputed(answers, project.decided(id)),
            comment: [...answers.values()].find(({ comment }) => comment !== null)?.comment ?? null,
          };
        }),
      };
    },
    agreement: () => agreementOf(project),
    scored: () => project.suggestions(key()).size,
    async scoreAll(signal) {
      const kept = project.suggestions(key());
      for (const sentence of project.sentences()) {
        if (signal.aborted) return;
        if (kept.has(sentence.id) || (sentence.given?.length ?? 0) > 0) continue;
        await suggestionOf(sentence);
        // Requests go first.
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    },
  };
}

/** Errors: `usage` with the field. */
function exampleOf({ guid, sentence, subject, object, relation }: LabelAddedRow, at: string): Example {
  const length = codePointLength(sentence);
  const entity = ({ start, end, type }: LabelEntity, field: string) => {
    if (end < length) return { word: spanText(sentence, start, end), start, end, type };
    throw fieldError(`${at}/${field}`, {
      en: `${at}/${field}: the sentence has ${length} characters; found ${start}–${end}.`,
      ko: `${at}/${field}: 문장은 ${length}글자인데 ${start}–${end}이다.`,
    });
  };
  if (overlap(subject, object))
    throw fieldError(`${at}/object`, {
      en: `${at}/object: it overlaps the subject.`,
      ko: `${at}/object: 주어와 겹친다.`,
    });
  return {
    guid,
    sentence,
    subject: entity(subject, 'subject'),
    object: entity(object, 'object'),
    label: relation,
    source: null,
  };
}

const PAUSE_MS = 5;

/** A number in [0, 1) for a purpose and a sentence, the same on every machine. */
export const share = (purpose: string, id: number | string): number =>
  createHash('sha256').update(`${purpose}\n${id}`).digest().readUInt32BE(0) / 2 ** 32;

const reasonNamed = (text: string | undefined): LabelReason =>
  (['random', 'uncertain', 'directions', 'models', 'rare', 'different', 'filter', 'adjudicate', 'open'] as const).find(
    (reason) => reason === text,
  ) ?? 'open';

const statusOf = (answers: ReadonlyMap<string, SentenceState>) => {
  const statuses = [...answers.values()].map(({ status }) => status);
  return statuses.includes('done')
    ? 'done'
    : statuses.length > 0 && statuses.every((status) => status === 'skipped')
      ? 'skipped'
      : 'open';
};

/** Who has which sentence before them now, but for one person. */
function takenBy(handed: readonly Handed[], person: string): ReadonlyMap<number, readonly string[]> {
  const since = Date.now() - HANDED_MS;
  const taken = new Map<number, string[]>();
  for (const { sentence, person: name, at } of handed)
    if (name !== person && Date.parse(at) > since) taken.set(sentence, [...(taken.get(sentence) ?? []), name]);
  return taken;
}

/** Sentences that a filter names come in its order. */
const ordered = (sentences: readonly Sentence[], { guids }: LabelFilter): readonly Sentence[] =>
  guids === undefined ? sentences : sentences.toSorted((a, b) => guids.indexOf(a.guid) - guids.indexOf(b.guid));

function matches(
  project: Project,
  suggester: Suggester,
  { id, guid, text, given }: Sentence,
  { guids, text: part, relation, status, disputed }: LabelFilter,
): boolean {
  const answers = () => project.answers(id);
  if (guids !== undefined && !guids.includes(guid)) return false;
  if (part !== undefined && !text.includes(part)) return false;
  if (status !== undefined && statusOf(answers()) !== status) return false;
  if (disputed !== undefined && isDisputed(answers(), project.decided(id)) !== disputed) return false;
  if (relation === undefined) return true;
  const said = [...answers().values()].flatMap(({ decisions }) => [...decisions.values()]);
  const suggested = project.suggestion(id, suggester.keyFor(project.config()))?.pairs ?? [];
  return (
    [...said, ...(given ?? [])].some((decision) => decision.relation === relation) ||
    suggested.some(({ top }) => top[0]?.relation === relation)
  );
}

const sameEntities = (a: readonly LabelEntity[], b: readonly LabelEntity[]): boolean =>
  a.length === b.length &&
  a.every(({ start, end, type }, i) => b[i]!.start === start && b[i]!.end === end && b[i]!.type === type);

/** Where the data asks about certain pairs, these alone, in both directions. */
function askedAbout({ pairs: asked }: Sentence, pairs: readonly LabelSuggestion[]): readonly LabelSuggestion[] {
  if (asked === null) return pairs;
  const keys = new Set(asked.flatMap(({ subject, object }) => [pairKey(subject, object), pairKey(object, subject)]));
  const kept = pairs.filter(({ subject, object }) => keys.has(pairKey(subject, object)));
  return kept.length > 0 ? kept : asked.map((pair) => ({ ...pair, top: [] }));
}

function shownEntities(
  { text, entities: given }: Sentence,
  { entities: own }: SentenceState,
  entities: readonly LabelEntity[],
): LabelShownEntity[] {
  const has = (list: readonly LabelEntity[] | null, { start, end, type }: LabelEntity) =>
    list?.some((entity) => entity.start === start && entity.end === end && entity.type === type) ?? false;
  return entities.map((entity) => ({
    ...entity,
    word: spanText(text, entity.start, entity.end),
    by: has(given, entity) ? 'data' : has(own, entity) ? 'person' : 'model',
  }));
}

function neighbours(project: Project, { document, position }: Sentence) {
  const same = project.sentences().filter((each) => each.document === document);
  const before = same.filter((each) => each.position < position).at(-1);
  const after = same.find((each) => each.position > position);
  return { before: before?.text ?? null, after: after?.text ?? null };
}

/** Resamples of an interval; a page waits for these. */
const RESAMPLES = 300;
const SEED = 42;

function agreementOf(project: Project): LabelAgreement {
  const groups: Ratings[][] = [];
  const gold = new Map<string, { pairs: number; right: number }>();
  for (const id of project.touched()) {
    const done = [...project.answers(id)].filter(([, { status }]) => status === 'done');
    const keys = new Set(done.flatMap(([, { decisions }]) => [...decisions.keys()]));
    const units = [...keys].map(
      (key): Ratings =>
        new Map(
          done.flatMap(([name, { decisions }]) =>
            decisions.has(key) ? [[name, decisions.get(key)!.relation] as const] : [],
          ),
        ),
    );
    groups.push(units.filter(({ size }) => size > 1));
    const sentence = project.sentence(id);
    if (!sentence?.gold) continue;
    for (const { subject, object, relation } of sentence.given ?? [])
      for (const [name, { decisions }] of done) {
        const said = decisions.get(pairKey(subject, object));
        if (!said) continue;
        const figures = gold.get(name) ?? { pairs: 0, right: 0 };
        gold.set(name, { pairs: figures.pairs + 1, right: figures.right + (said.relation === relation ? 1 : 0) });
      }
  }
  const rated = groups.filter((group) => group.length > 0);
  const units = rated.flat();
  const people = [...new Set(units.flatMap((unit) => [...unit.keys()]))].sort();
  const couples = people.flatMap((first, i) => people.slice(i + 1).map((second) => [first, second] as const));
  const options = { seed: SEED, resamples: RESAMPLES };
  const meanKappa = (of: readonly Ratings[]) => {
    const kappas = couples.map(([a, b]) => cohensKappa(ratedByBoth(of, a, b))).filter((kappa) => kappa !== null);
    return kappas.length === 0 ? null : kappas.reduce((sum, kappa) => sum + kappa, 0) / kappas.length;
  };
  const relations = [...new Set(units.flatMap((unit) => [...unit.values()]))].sort();
  return {
    pairs: units.length,
    people,
    alpha: figure(withInterval(rated, krippendorffsAlpha, options)),
    relations: relations.map((relation) => {
      const binary = rated.map((group) => against(group, relation));
      return {
        relation,
        pairs: units.filter((unit) => [...unit.values()].includes(relation)).length,
        alpha: figure(withInterval(binary, krippendorffsAlpha, options)),
        kappa: figure(withInterval(binary, meanKappa, options)),
      };
    }),
    couples: couples.map(([first, second]) => ({
      ...{ first, second, pairs: ratedByBoth(units, first, second).length },
      kappa: figure(withInterval(rated, (of) => cohensKappa(ratedByBoth(of, first, second)), options)),
    })),
    gold: [...gold].map(([person, { pairs, right }]) => ({
      person,
      pairs,
      right,
      interval: pair(wilsonInterval(right, pairs)),
    })),
  };
}

const pair = ([low, high]: readonly [number, number]): [number, number] => [low, high];
const figure = ({
  value,
  interval,
}: {
  readonly value: number | null;
  readonly interval: readonly [number, number] | null;
}) => ({
  value,
  interval: interval && pair(interval),
});
