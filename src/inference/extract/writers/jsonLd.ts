import { nodesAndEdges } from './graphParts.ts';
import { oneFile } from './graphWriter.ts';

/** Terms are korex's own but for what schema.org and RDF name already; types of entities that schema.org has are its. */
const CONTEXT = {
  '@vocab': 'https://korex-project.github.io/terms#',
  schema: 'https://schema.org/',
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
  name: 'schema:name',
  alternateName: { '@id': 'schema:alternateName', '@container': '@set' },
  document: 'schema:isPartOf',
  Statement: 'rdf:Statement',
  subject: { '@id': 'rdf:subject', '@type': '@id' },
  predicate: { '@id': 'rdf:predicate', '@type': '@vocab' },
  object: { '@id': 'rdf:object', '@type': '@id' },
  confidence: { '@type': 'xsd:double' },
} as const;

const SCHEMA_TYPES: Readonly<Record<string, string>> = {
  PER: 'schema:Person',
  ORG: 'schema:Organization',
  LOC: 'schema:Place',
};

/**
 * JSON-LD 1.1: entities as nodes that hold their relations as properties, and each relation once more as an RDF statement
 * with its confidence and sentences. Only decided relations are properties.
 */
export const jsonLd = oneFile({ name: 'JSON-LD', extension: '.jsonld', mediaType: 'application/ld+json' }, () => {
  let isFirst = true;
  return {
    begin: () => `{"@context": ${JSON.stringify(CONTEXT)},\n"@graph": [`,
    document(graph) {
      const { nodes, edges } = nodesAndEdges(graph);
      const iriOf = (id: string) => `urn:korex:${encodeURIComponent(id).replaceAll('%23', '#')}`;
      const items = [
        ...nodes.map((node) => {
          const { id, name, type, names } = node;
          const others = names.filter((other) => other !== name);
          const own = edges.filter(({ subject, decision }) => subject === node && decision === 'relation');
          return {
            '@id': iriOf(id),
            ...(type !== null && { '@type': SCHEMA_TYPES[type] ?? term(type) }),
            name,
            ...(others.length > 0 && { alternateName: others }),
            document: graph.id,
            ...Object.fromEntries(
              own.map(({ relation }) => [
                term(relation),
                own.filter((edge) => edge.relation === relation).map(({ object }) => ({ '@id': iriOf(object.id) })),
              ]),
            ),
          };
        }),
        ...edges.map(({ subject, relation, object, confidence, decision, sentences }) => ({
          '@type': 'Statement',
          subject: iriOf(subject.id),
          predicate: term(relation),
          object: iriOf(object.id),
          ...{ confidence, decision, sentence: sentences },
        })),
      ];
      const text = items.map((item, i) => `${isFirst && i === 0 ? '' : ','}\n${JSON.stringify(item)}`).join('');
      isFirst &&= items.length === 0;
      return text;
    },
    end: () => '\n]}\n',
  };
});

/** A relation or type as a term of the vocabulary: a colon would make a prefix of what is before it. */
const term = (name: string): string => encodeURIComponent(name.replaceAll(':', '_')).replaceAll('%2F', '/');
