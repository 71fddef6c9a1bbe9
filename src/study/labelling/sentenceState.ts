import type {
  LabelAction,
  LabelDecision,
  LabelEntity,
  LabelRole,
  LabelSpan,
  LabelStatus,
} from '../../inference/predict/api/labelSchema.ts';

/** What somebody did to a sentence, as the project keeps it for good. */
export interface LabelEvent {
  readonly id: number;
  readonly at: string;
  readonly person: string;
  readonly role: LabelRole;
  readonly actions: readonly LabelAction[];
  /** The event that it takes back. */
  readonly undoes: number | null;
}

/** A decision with who made it: blame. */
export interface MadeDecision extends LabelDecision {
  readonly by: string;
  readonly at: string;
}

/** What a sentence looks like to one person, or as it was decided between several, after all events. */
export interface SentenceState {
  /** Null while nobody touched them: those of the data or the model. */
  readonly entities: readonly LabelEntity[] | null;
  /** By `pairKey`, in the order of deciding. */
  readonly decisions: ReadonlyMap<string, MadeDecision>;
  readonly status: LabelStatus;
  readonly comment: string | null;
  /** Of the last event that counts. */
  readonly changed: string | null;
}

export const EMPTY_STATE: SentenceState = {
  entities: null,
  decisions: new Map(),
  status: 'open',
  comment: null,
  changed: null,
};

const spanKey = ({ start, end }: LabelSpan): string => `${start}-${end}`;
/** One direction of a pair of entities. */
export const pairKey = (subject: LabelSpan, object: LabelSpan): string => `${spanKey(subject)}>${spanKey(object)}`;

/** Events that still count: none that another one took back, and none that only takes back. */
export function standing(events: readonly LabelEvent[]): LabelEvent[] {
  const undone = new Set(events.map(({ undoes }) => undoes));
  return events.filter(({ id, undoes }) => undoes === null && !undone.has(id));
}

/** The state that events of one sentence lead to, oldest first. */
export function stateOf(events: readonly LabelEvent[]): SentenceState {
  let state = EMPTY_STATE;
  for (const event of standing(events)) {
    for (const action of event.actions) state = after(state, action, event);
    state = { ...state, changed: event.at };
  }
  return state;
}

function after(state: SentenceState, action: LabelAction, { person, at }: LabelEvent): SentenceState {
  switch (action.kind) {
    case 'entities': {
      const places = new Set(action.entities.map(spanKey));
      const kept = [...state.decisions].filter(
        ([, { subject, object }]) => places.has(spanKey(subject)) && places.has(spanKey(object)),
      );
      return { ...state, entities: action.entities, decisions: new Map(kept) };
    }
    case 'decide': {
      const decisions = new Map(state.decisions);
      for (const decision of action.decisions)
        decisions.set(pairKey(decision.subject, decision.object), { ...decision, by: person, at });
      return { ...state, decisions };
    }
    case 'clear': {
      const decisions = new Map(state.decisions);
      decisions.delete(pairKey(action.subject, action.object));
      return { ...state, decisions };
    }
    case 'done':
      return { ...state, status: 'done' };
    case 'skip':
      return { ...state, status: 'skipped' };
    case 'reopen':
      return { ...state, status: 'open' };
    case 'comment':
      return { ...state, comment: action.text === '' ? null : action.text };
  }
}

/** The last event that can be taken back. */
export const lastStanding = (events: readonly LabelEvent[]): LabelEvent | null => standing(events).at(-1) ?? null;
