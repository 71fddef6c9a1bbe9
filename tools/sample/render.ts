import type { RandomStream } from '../../src/base/core/random.ts';
import { KINDS } from './names/kinds.ts';
import { appendText } from './particles.ts';
import { CONTEXT_PERCENT } from './plan.ts';
import { CONTEXTS } from './templates/context.ts';
import type { EntityType, Split, Word } from './types.ts';
import { createWorld, type World } from './world.ts';

/** Where a named slot stands in the sentence: code points, end inclusive, as in KLUE. */
export interface Span {
  readonly word: string;
  readonly start_idx: number;
  readonly end_idx: number;
  readonly type: EntityType;
}

export interface Rendered {
  readonly sentence: string;
  /** The naming mention of every slot that the template names. */
  readonly spans: ReadonlyMap<string, Span>;
  readonly source: string;
}

const TAG = /^@(\w+) /;
const CHOICE = /\[([^[\]]*)\]/g;
const SLOT = /\{([^{}]*)\}/;
const SLOT_PARTS = /^(?:(?<name>\w+):)?(?<kind>\w+)(?:\.(?<form>\w+))?(?:!(?<type>[A-Z]+))?$/;

interface Mention {
  readonly name: string;
  readonly kind: string;
  readonly form: string | undefined;
  readonly type: EntityType | undefined;
  readonly naming: boolean;
}

/** Fills a template (syntax: `types.ts`). Throws for a template that is wrong. */
export function render(template: string, split: Split, stream: RandomStream): Rendered {
  const world = createWorld(split, stream, template.includes('died'));
  const tag = TAG.exec(template)?.[1] ?? 'encyclopedia';
  const text = withContext(template.replace(TAG, ''), tag, world).replace(CHOICE, (_, options: string) =>
    world.pick(options.split('|')),
  );
  const parts = text.split(SLOT);
  const mentions = parts.map((part, i) => (i % 2 === 1 ? parseMention(part, template) : undefined));
  const words = drawWords(
    mentions.filter((mention) => mention !== undefined),
    world,
  );

  const spans = new Map<string, Span>();
  let sentence = '';
  for (const [i, part] of parts.entries()) {
    const mention = mentions[i];
    if (!mention) {
      sentence = appendText(sentence, part);
      continue;
    }
    const { word: drawn, type } = words.get(mention.name)!;
    const word = formOf(drawn, mention.form, template);
    if (mention.naming && !spans.has(mention.name)) {
      const start = [...sentence].length;
      spans.set(mention.name, { word, start_idx: start, end_idx: start + [...word].length - 1, type });
    }
    sentence += word;
  }
  return { sentence, spans, source: `sample_${tag}` };
}

/** The template with a lead, a tail, both or neither. */
function withContext(template: string, tag: string, world: World): string {
  const { leads, tails } = CONTEXTS[world.split][tag]!;
  const lead = world.draw(100) < CONTEXT_PERCENT.lead ? world.pick(leads) : '';
  const tail = world.draw(100) < CONTEXT_PERCENT.tail ? world.pick(tails) : '';
  return lead + template + tail;
}

function parseMention(slot: string, template: string): Mention {
  const parts = SLOT_PARTS.exec(slot)?.groups;
  if (!parts) throw new Error(`Cannot read the slot {${slot}} of "${template}".`);
  const { name, kind, form, type } = parts;
  return { name: name ?? kind!, kind: kind!, form, type: type as EntityType | undefined, naming: name !== undefined };
}

/** A word for each slot; slots that are forms of other slots come last, since the other may stand behind them. */
function drawWords(mentions: readonly Mention[], world: World): Map<string, { word: Word; type: EntityType }> {
  const words = new Map<string, { word: Word; type: EntityType }>();
  const named = new Set(mentions.filter((mention) => mention.naming).map((mention) => mention.name));
  const isReference = (mention: Mention) => mention.naming && named.has(mention.kind);
  for (const mention of mentions) {
    if (words.has(mention.name) || isReference(mention) || (!mention.naming && named.has(mention.name))) continue;
    const kind = KINDS[mention.kind] ?? KINDS[mention.kind.replace(/\d+$/, '')];
    if (!kind) throw new Error(`There is no kind "${mention.kind}".`);
    words.set(mention.name, { word: drawNew(kind.draw, words, world), type: mention.type ?? kind.type });
  }
  for (const mention of mentions.filter(isReference)) {
    const of = words.get(mention.kind)!;
    words.set(mention.name, { word: of.word, type: mention.type ?? of.type });
  }
  return words;
}

/** A word that the sentence does not have yet. */
function drawNew(draw: (world: World) => Word, words: Map<string, { word: Word }>, world: World): Word {
  const taken = new Set([...words.values()].flatMap(({ word }) => [word.text, ...Object.values(word.forms ?? {})]));
  for (let attempt = 0; attempt < 50; attempt++) {
    const word = draw(world);
    if (!taken.has(word.text)) return word;
  }
  throw new Error('A list of names is too short for the slots that draw from it.');
}

function formOf(word: Word, form: string | undefined, template: string): string {
  const text = form === undefined ? word.text : word.forms?.[form];
  if (text === undefined) throw new Error(`"${word.text}" has no form "${form}", asked for in "${template}".`);
  return text;
}
