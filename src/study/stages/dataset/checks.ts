import type { LabelSet, Localized } from '../../../base/core/types.ts';
import { conflictingGroups, duplicateGroups, labelCounts, sharedSentences } from '../../../base/data/profile.ts';
import { sumCounts, UNKNOWN_TOKENS, unknownVerdict } from '../../../base/text/unknownTokens.ts';
import { PARTS, type Part, type PreparedParts } from './prepare.ts';
import type { QualityCheck } from './qualityFile.ts';
import { ROW_CHECKS, type RowCheck, type RowContext } from './rowChecks.ts';

/** Violations that a check lists; the others are counted. */
const EXAMPLES = 5;

/** Runs every check of both tables. */
export function runChecks(parts: PreparedParts, context: RowContext): QualityCheck[] {
  const prepared = PARTS.flatMap((part) => parts[part]);
  const rowChecks = Object.entries<RowCheck>(ROW_CHECKS).map(([name, check]) => {
    const violations = prepared.flatMap((row): Violation[] => {
      const note = check.violation(row, context);
      return note === null ? [] : [{ part: row.part, guid: row.row.guid, note }];
    });
    return outcome(name, check, 'rows', { checked: prepared.length, violations });
  });
  const setChecks = Object.entries<SetCheck>(SET_CHECKS).map(([name, check]) =>
    outcome(name, check, check.unit, check.run(parts, context)),
  );
  return [...rowChecks, ...setChecks];
}

function outcome(
  name: string,
  check: RowCheck | SetCheck,
  unit: QualityCheck['unit'],
  {
    checked,
    violations,
    count = violations.length,
    tolerated = 0,
    severity = check.severity,
  }: ReturnType<SetCheck['run']>,
): QualityCheck {
  return {
    name,
    description: check.description,
    status: count > tolerated ? severity : 'pass',
    unit,
    checked,
    count,
    examples: violations.slice(0, EXAMPLES).map((violation) => ({ ...violation })),
  };
}

interface Violation {
  readonly part: Part;
  readonly guid: string | null;
  readonly note: string;
}

interface SetCheck {
  readonly description: Localized;
  readonly severity: 'warn' | 'fail';
  readonly unit: QualityCheck['unit'];
  /** Looks at all rows at once; `tolerated` is the count up to which the check still passes (0 without it). */
  readonly run: (
    parts: PreparedParts,
    context: { readonly labelSet: LabelSet },
  ) => {
    readonly checked: number;
    readonly violations: readonly Violation[];
    readonly tolerated?: number;
    readonly count?: number;
    /** Where it is worse than the check's own. */
    readonly severity?: 'warn' | 'fail';
  };
}

/** Checks that need all rows, by the name they have in `quality_checks.json`. */
const SET_CHECKS = {
  guids_unique: {
    description: { ko: 'guid가 한 부분 안에서 겹치지 않는다', en: 'No guid occurs twice within a part' },
    severity: 'fail',
    unit: 'rows',
    run: (parts) =>
      perPart(parts, (part) => {
        const seen = new Set<string>();
        return parts[part].flatMap(({ row: { guid } }) => {
          if (seen.has(guid)) return [{ part, guid, note: 'occurs again' }];
          seen.add(guid);
          return [];
        });
      }),
  },
  tokens_known: {
    description: {
      ko: '어휘에 없는 토큰([UNK])이 2% 이하이다',
      en: 'At most 2% of the tokens are unknown to the vocabulary',
    },
    severity: 'warn',
    unit: 'tokens',
    run: (parts) => {
      const encoded = PARTS.flatMap((name) => parts[name]).flatMap((row) =>
        row.encoded ? [{ ...row, counts: row.encoded.counts }] : [],
      );
      const total = sumCounts(encoded.map(({ counts }) => counts));
      const violations = encoded
        .filter(({ counts }) => counts.unknown > 0)
        .map(({ part, row: { guid }, counts }) => ({
          part,
          guid,
          note: `${counts.unknown} unknown of ${counts.tokens}`,
        }));
      const { warnAbove } = UNKNOWN_TOKENS;
      return {
        ...{ checked: total.tokens, count: total.unknown, violations, tolerated: warnAbove * total.tokens },
        ...(unknownVerdict(total) === 'unreadable' && { severity: 'fail' as const }),
      };
    },
  },
  no_duplicates: {
    description: {
      ko: '같은 문장의 같은 엔티티 쌍이 두 번 나오지 않는다',
      en: 'No two rows of a part ask for the same entity pair of the same sentence',
    },
    severity: 'warn',
    unit: 'groups',
    run: (parts) => perPart(parts, (part) => groupViolations(part, duplicateGroups(rowsOf(parts, part)))),
  },
  no_conflicts: {
    description: {
      ko: '같은 문장의 같은 엔티티 쌍에 서로 다른 라벨이 붙어 있지 않다',
      en: 'Rows that ask the same question have the same label',
    },
    severity: 'warn',
    unit: 'groups',
    run: (parts) => perPart(parts, (part) => groupViolations(part, conflictingGroups(rowsOf(parts, part)))),
  },
  train_apart_from_validation: {
    description: {
      ko: '학습과 검증에 함께 있는 문장이 없다',
      en: 'Training and validation share no sentence',
    },
    severity: 'fail',
    unit: 'sentences',
    run: (parts) => leakage(parts, 'train', 'validation'),
  },
  train_apart_from_test: {
    description: { ko: '학습과 평가에 함께 있는 문장이 없다', en: 'Training and test share no sentence' },
    severity: 'warn',
    unit: 'sentences',
    run: (parts) => leakage(parts, 'train', 'test'),
  },
  validation_apart_from_test: {
    description: { ko: '검증과 평가에 함께 있는 문장이 없다', en: 'Validation and test share no sentence' },
    severity: 'warn',
    unit: 'sentences',
    run: (parts) => leakage(parts, 'validation', 'test'),
  },
  labels_covered: {
    description: {
      ko: '빈 부분을 뺀 모든 부분에 라벨마다 행이 있다',
      en: 'Every label has a row in every part that is not empty',
    },
    severity: 'warn',
    unit: 'labels',
    run: (parts, { labelSet }) => {
      const filled = PARTS.filter((part) => parts[part].length > 0);
      return {
        checked: filled.length * labelSet.labels.length,
        violations: filled.flatMap((part) =>
          labelCounts(rowsOf(parts, part), labelSet)
            .filter(({ count }) => count === 0)
            .map(({ value }) => ({ part, guid: null, note: `no row of "${value}"` })),
        ),
      };
    },
  },
} as const satisfies Record<string, SetCheck>;

const rowsOf = (parts: PreparedParts, part: Part) => parts[part].map(({ row }) => row);

const perPart = (parts: PreparedParts, violations: (part: Part) => Violation[]) => ({
  checked: PARTS.reduce((sum, part) => sum + parts[part].length, 0),
  violations: PARTS.flatMap(violations),
});

const groupViolations = (part: Part, groups: ReturnType<typeof duplicateGroups>): Violation[] =>
  groups.map(({ guids, labels }) => ({ part, guid: guids[0]!, note: `${guids.join(', ')}: ${labels.join(', ')}` }));

function leakage(parts: PreparedParts, first: Part, second: Part) {
  const shared = new Set(sharedSentences(rowsOf(parts, first), rowsOf(parts, second)));
  const reported = new Set<string>();
  const violations = parts[second].flatMap(({ part, row: { guid, sentence } }) => {
    if (!shared.has(sentence) || reported.has(sentence)) return [];
    reported.add(sentence);
    return [{ part, guid, note: `its sentence is also in ${first}` }];
  });
  return { checked: new Set(rowsOf(parts, second).map(({ sentence }) => sentence)).size, violations };
}
