export type Split = 'train' | 'dev';
export type EntityType = 'PER' | 'ORG' | 'LOC' | 'DAT' | 'NOH' | 'POH';

/** The text of a slot, and other forms of the same thing: `hanja`, `latin`, `sur` of a person, `city` of a country … */
export interface Word {
  readonly text: string;
  readonly forms?: Readonly<Record<string, string>>;
}

/** A subject slot, an object slot, and the relation between them. */
export type Pair = readonly [subject: string, object: string, label: string];

/** A sentence frame that hosts several rows. */
export interface SharedTemplate {
  readonly text: string;
  readonly pairs: readonly Pair[];
}

/**
 * Sentence frames of one label, whose pair is always the slots `S` and `O`. Syntax:
 *
 * - `{name:kind}` draws a word of a kind (`names/kinds.ts`) and gives it a name; `{name}` repeats it.
 *   The naming mention is the marked one. `{kind}` alone is short for `{kind:kind}`, `{kind2}` is another of the kind.
 * - `{S:per.hanja}`, `{S.sur}`: another form of the word. `{O:S.hanja}`: slot O is a form of slot S.
 * - `{O:country!ORG}`: an entity type other than the kind's own.
 * - `은/는`, `이/가` …: a particle that agrees with what stands before it (`particles.ts`).
 * - `[a|b]`: one of the texts. `@news `, `@briefing ` in front: the row's source, which also decides what may stand around
 *   the sentence (`templates/context.ts`); encyclopedia without it.
 */
export type LabelTemplates = Readonly<Record<Split, readonly string[]>>;
export type TemplateTable = Readonly<Record<string, LabelTemplates>>;
