import type { Entity } from '../../../base/core/types.ts';
import type { JoinReason } from '../../predict/documentSchema.ts';
import { bareName, isShortForm, isSurname, nameKey, shorterForms, surnameOf, withoutTitle } from './nameForms.ts';
import { ALIAS_REACH, type StatedAlias, statedAliases } from './statedAliases.ts';

/** Why a mention is the entity of an earlier one; both are indices. */
export interface Join {
  readonly mention: number;
  readonly to: number;
  readonly reason: JoinReason;
  readonly evidence: string;
}

/** An entity of a document with its mentions, as indices in the order of the text. */
export interface JoinedEntity {
  readonly name: string;
  readonly type: string | null;
  readonly mentions: readonly number[];
  readonly joins: readonly Join[];
}

/** A mention with the text right behind it. */
export interface JoinableMention extends Pick<Entity, 'word' | 'type'> {
  readonly behind: string;
}

/** How much of the text behind a mention is looked at. */
export const BEHIND = ALIAS_REACH;

/** Numbers of things are no entities that a text speaks of again. */
const NEVER_JOINED = new Set(['NOH']);

/** What a mention is a mention of. */
export interface Identity {
  /** Its place among the entities. */
  readonly entity: number;
  /** The first mention that called this entity by the same name, particles and titles aside. */
  readonly name: number;
}

/** Takes the mentions of a document one by one, in the order of the text. */
export interface Joiner {
  take(mention: JoinableMention): Identity;
  readonly entities: readonly JoinedEntity[];
}

/** Leaves every mention by itself: an entity for each. */
export function leaveApart(): Joiner {
  const entities: JoinedEntity[] = [];
  return {
    entities,
    take({ word, type }) {
      const index = entities.length;
      entities.push({ name: bareName(word) || word, type, mentions: [index], joins: [] });
      return { entity: index, name: index };
    },
  };
}

interface Known {
  readonly index: number;
  readonly name: string;
  readonly type: string | null;
  readonly mentions: number[];
  readonly joins: Join[];
}

interface Found extends Pick<Join, 'reason' | 'evidence' | 'to'> {
  readonly entity: Known;
}

/**
 * Joins the mentions that are plainly one entity. Four reasons, the first that holds: the same name once particles, titles
 * and legal forms are off; another name that the text states; a surname, and a short form, after exactly one full name that
 * has it. Types must be the same. Nothing is guessed beyond that: two people of one surname leave a later surname by itself.
 */
export class MentionJoiner implements Joiner {
  readonly #known: Known[] = [];
  /** Of each mention, the first one of its entity with the same name. */
  readonly #firstOfName: number[] = [];
  /** By type and name: entities that were called so, and the mention that did. */
  readonly #names = new Map<string, { readonly entity: Known; readonly mention: number }>();
  readonly #aliases = new Map<string, { readonly entity: Known; readonly mention: number } & StatedAlias>();
  /** Full names that short ones may stand for, by the type and the beginning that both share. */
  readonly #shortened = new Map<string, Set<Known>>();

  get entities(): readonly JoinedEntity[] {
    return this.#known.map(({ name, type, mentions, joins }) => ({ name, type, mentions, joins }));
  }

  take({ word, type, behind }: JoinableMention): Identity {
    const index = this.#firstOfName.length;
    const name = bareName(word) || word;
    const found = type !== null && NEVER_JOINED.has(type) ? null : this.#find(name, type);
    const entity = found?.entity ?? this.#add(withoutTitle(word) || word, type);
    if (found) {
      const { to, reason, evidence } = found;
      entity.joins.push({ mention: index, to, reason, evidence });
    }
    entity.mentions.push(index);
    this.#firstOfName.push(found?.reason === 'same_name' ? this.#firstOfName[found.to]! : index);
    this.#remember(name, entity, index, found === null);
    for (const alias of statedAliases(word, behind)) {
      const key = keyOf(alias.alias, type);
      if (!this.#aliases.has(key)) this.#aliases.set(key, { ...alias, entity, mention: index });
    }
    return { entity: entity.index, name: this.#firstOfName[index]! };
  }

  #add(name: string, type: string | null): Known {
    const entity: Known = { index: this.#known.length, name, type, mentions: [], joins: [] };
    this.#known.push(entity);
    return entity;
  }

  #find(name: string, type: string | null): Found | null {
    const same = this.#named(name, type);
    if (same) return { ...same, reason: 'same_name', evidence: name };
    for (const form of [withoutTitle(name), ...shorterForms(name)]) {
      const plain = form === name ? null : this.#named(form, type);
      if (plain) return { ...plain, reason: 'same_name', evidence: `${name} → ${form}` };
    }
    for (const form of [name, withoutTitle(name), ...shorterForms(name)]) {
      const alias = this.#aliases.get(keyOf(form, type));
      if (alias) return { entity: alias.entity, to: alias.mention, reason: 'alias', evidence: alias.evidence };
    }
    return type === null ? null : this.#shortForm(name, type);
  }

  #named(name: string, type: string | null): Pick<Found, 'entity' | 'to'> | null {
    const known = this.#names.get(keyOf(name, type));
    return known ? { entity: known.entity, to: known.mention } : null;
  }

  /** A surname or short form of exactly one entity so far. */
  #shortForm(name: string, type: string): Found | null {
    for (const form of new Set([withoutTitle(name), ...shorterForms(name), name])) {
      const asSurname = type === 'PER' && isSurname(form);
      const entity = theOnly(this.#shortened.get(keyOf(form, type)) ?? [], ({ name: full }) =>
        asSurname ? surnameOf(full) === form : isShortForm(form, full, type),
      );
      if (entity === null) continue;
      const reason = asSurname ? 'surname' : 'short_form';
      return { entity, to: entity.mentions[0]!, reason, evidence: `${name} → ${entity.name}` };
    }
    return null;
  }

  #remember(name: string, entity: Known, mention: number, isFirst: boolean): void {
    for (const form of new Set([name, withoutTitle(name)])) {
      const key = keyOf(form, entity.type);
      if (!this.#names.has(key) && !(entity.type === 'PER' && isSurname(form)))
        this.#names.set(key, { entity, mention });
    }
    if (!isFirst || entity.type === null) return;
    for (const short of shortKeys(entity.name, entity.type)) {
      const key = keyOf(short, entity.type);
      const entities = this.#shortened.get(key);
      if (entities) entities.add(entity);
      else this.#shortened.set(key, new Set([entity]));
    }
  }
}

/** The one that fits, null where several or none do; of many that fit, no more than two are looked at. */
function theOnly<Item>(items: Iterable<Item>, fits: (item: Item) => boolean): Item | null {
  let found: Item | null = null;
  for (const item of items) {
    if (!fits(item)) continue;
    if (found !== null) return null;
    found = item;
  }
  return found;
}

const keyOf = (name: string, type: string | null): string => `${type ?? ''}\n${nameKey(name)}`;

/** What may stand for a full name later on. */
function shortKeys(name: string, type: string): string[] {
  if (type === 'PER') {
    const surname = surnameOf(name);
    if (surname !== null) return [surname, name.slice(surname.length)];
    const last = name.split(/[\s·]+/).at(-1)!;
    return last === name ? [] : [last];
  }
  return Array.from({ length: Math.max(0, name.length - 2) }, (_, i) => name.slice(0, i + 2));
}
