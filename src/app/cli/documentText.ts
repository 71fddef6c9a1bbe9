import { entityTypeName, relationDescription } from '../../base/data/relations.ts';
import { nodesAndEdges } from '../../inference/extract/writers/graphParts.ts';
import type { DocumentGraph } from '../../inference/predict/documentSchema.ts';
import { paint, plain, type TextOptions } from './relationText.ts';

const WORDS = {
  ko: { entities: '엔티티', relations: '관계', none: '찾은 관계가 없다.', uncertain: '불확실' },
  en: { entities: 'Entities', relations: 'Relations', none: 'No relations found.', uncertain: 'uncertain' },
} as const;

/** A graph for people: its entities with the names that the text gives them, and a line for each relation. */
export function documentText(graph: DocumentGraph, options: TextOptions): string {
  const { lang } = options;
  const words = WORDS[lang];
  const { nodes, edges } = nodesAndEdges(graph);
  const named = (name: string, type: string | null, code: string): string =>
    `${paint(plain(name), code, options)}${type === null ? '' : ` (${entityTypeName(type, lang)})`}`;
  const entities = nodes.map(({ name, type, names, mentions }) => {
    const others = names.filter((other) => other !== name);
    const also = others.length === 0 ? '' : `  = ${others.map(plain).join(', ')}`;
    return `  ${named(name, type, '1;36')}${mentions.length > 1 ? ` ×${mentions.length}` : ''}${also}`;
  });
  const relations = edges.map(({ subject, relation, object, confidence, decision }) => {
    const doubt = decision === 'uncertain' ? `${paint(words.uncertain, '33', options)} ` : '';
    const ends = `${named(subject.name, subject.type, '1;34')} → ${named(object.name, object.type, '1;35')}`;
    return `  ${ends}  ${doubt}${paint(relation, '1', options)}  ${confidence.toFixed(2)}  ${relationDescription(relation, lang)}`;
  });
  return [
    words.entities,
    ...entities,
    '',
    words.relations,
    ...(relations.length > 0 ? relations : [`  ${words.none}`]),
  ].join('\n');
}
