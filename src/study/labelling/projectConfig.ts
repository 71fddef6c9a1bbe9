import { z } from 'zod';
import { inBoth } from '../../base/core/errors.ts';
import { RELATION_GUIDE } from '../../base/data/relationGuide.ts';
import { relationDescription, relationName } from '../../base/data/relations.ts';
import { traitsOf } from '../../base/data/relationTraits.ts';
import { LABEL_SCHEMAS, type LabelRelation, type LabelSettings } from '../../inference/predict/api/labelSchema.ts';

/** A change of the project as an event keeps it; the first one says what it began with. */
export const projectChangeSchema = z.strictObject({
  began: z
    .strictObject({
      relations: z.array(LABEL_SCHEMAS.LabelRelation),
      no_relation: z.string(),
      entity_types: z.array(z.string()),
    })
    .optional(),
  ...LABEL_SCHEMAS.LabelChange.shape,
  /** The round whose model answers from now on; 0: the model that the project began with. */
  promoted: z.int().min(0).optional(),
});
export type ProjectChange = z.output<typeof projectChangeSchema>;

/** What a project asks for and how. */
export interface ProjectConfig {
  readonly relations: readonly LabelRelation[];
  readonly noRelation: string;
  readonly entityTypes: readonly string[];
  readonly settings: LabelSettings;
  readonly promoted: number;
}

const DEFAULTS: LabelSettings = { overlap_share: 0, overlap_people: 2, gold_share: 0.05 };

export const EMPTY_CONFIG: ProjectConfig = {
  relations: [],
  noRelation: 'no_relation',
  entityTypes: [],
  settings: DEFAULTS,
  promoted: 0,
};

/** The configuration after a change. */
export function changed(config: ProjectConfig, change: ProjectChange): ProjectConfig {
  const { began, relation, remove_relation, settings, promoted } = change;
  let { relations } = config;
  if (began) relations = began.relations;
  if (relation)
    relations = relations.some(({ name }) => name === relation.name)
      ? relations.map((known) => (known.name === relation.name ? relation : known))
      : [...relations, relation];
  if (remove_relation !== undefined) relations = relations.filter(({ name }) => name !== remove_relation);
  return {
    relations,
    noRelation: began?.no_relation ?? config.noRelation,
    entityTypes: began?.entity_types ?? config.entityTypes,
    settings: {
      overlap_share: settings?.overlap_share ?? config.settings.overlap_share,
      overlap_people: settings?.overlap_people ?? config.settings.overlap_people,
      gold_share: settings?.gold_share ?? config.settings.gold_share,
    },
    promoted: promoted ?? config.promoted,
  };
}

/** A relation with the guideline that korex has for it; an own one has its name and room for words. */
export function relationWithGuide(name: string): LabelRelation {
  const guide = Object.hasOwn(RELATION_GUIDE, name) ? RELATION_GUIDE[name] : undefined;
  const traits = traitsOf(name);
  return {
    name,
    title: inBoth((lang) => relationName(name, lang)),
    when: guide ? inBoth((lang) => `${relationDescription(name, lang)}. ${guide.when[lang]}`) : { ko: '', en: '' },
    example: guide?.example ?? null,
    inverse: traits?.inverse ?? null,
    types: traits?.types ? [...traits.types] : null,
  };
}
