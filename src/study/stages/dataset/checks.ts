import { PARTS, type PreparedParts } from './prepare.ts';
import type { QualityCheck } from './qualityFile.ts';
import { ROW_CHECKS, type RowCheck, type RowContext } from './rowChecks.ts';
import { type Objection, SET_CHECKS, type SetCheck } from './setChecks.ts';

/** Objections that a check lists; the others are counted. */
const EXAMPLES = 5;

/** Runs every check of both tables. */
export function runChecks(parts: PreparedParts, context: RowContext): QualityCheck[] {
  const prepared = PARTS.flatMap((part) => parts[part]);
  const rowChecks = Object.entries<RowCheck>(ROW_CHECKS).map(([name, check]) => {
    const objections = prepared.flatMap((row): Objection[] => {
      const note = check.objection(row, context);
      return note === null ? [] : [{ part: row.part, guid: row.row.guid, note }];
    });
    return outcome(name, check, 'rows', { checked: prepared.length, objections });
  });
  const setChecks = Object.entries<SetCheck>(SET_CHECKS).map(([name, check]) =>
    outcome(name, check, check.unit, check.run(parts, context)),
  );
  return [...rowChecks, ...setChecks];
}

function outcome(
  name: string,
  { description, severity }: RowCheck | SetCheck,
  unit: QualityCheck['unit'],
  { checked, objections, count = objections.length, tolerated = 0 }: ReturnType<SetCheck['run']>,
): QualityCheck {
  return {
    name,
    description,
    status: count > tolerated ? severity : 'pass',
    unit,
    checked,
    count,
    examples: objections.slice(0, EXAMPLES).map((objection) => ({ ...objection })),
  };
}
