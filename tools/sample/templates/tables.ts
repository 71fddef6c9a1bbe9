import type { TemplateTable } from '../types.ts';
import { CAREER } from './career.ts';
import { FAMILY } from './family.ts';
import { LIFE } from './life.ts';
import { MEMBERSHIP } from './membership.ts';
import { NO_RELATION } from './noRelation.ts';
import { ORGANIZATION } from './organization.ts';

/** The templates of all labels. */
export const TEMPLATES: TemplateTable = {
  ...NO_RELATION,
  ...ORGANIZATION,
  ...MEMBERSHIP,
  ...LIFE,
  ...CAREER,
  ...FAMILY,
};
