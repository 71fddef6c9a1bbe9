import { usageError } from '../../../base/core/errors.ts';
import { DEFAULT_SETTINGS, flagOf, type SettingName, type Settings } from '../../../base/core/settings.ts';

/** Settings that mean nothing where no pair is marked and no row has a label. */
const OF_RELATIONS = [
  ...(['marker', 'head', 'question', 'pairEncoding', 'textData', 'loss', 'labelSmoothing', 'logitAdjust'] as const),
  ...(['sampling', 'augment', 'taptEpochs', 'columns', 'onBadRow'] as const),
] satisfies readonly SettingName[];

/** Errors: `usage` for the first setting that was given and has no place in the task of entities. */
export function refuseRelationSettings(settings: Settings): void {
  const strange = OF_RELATIONS.find((name) => settings[name] !== DEFAULT_SETTINGS[name]);
  if (strange === undefined) return;
  throw usageError(
    {
      en: `${flagOf(strange)} does not go with entities.`,
      ko: `${flagOf(strange)}: 엔티티를 찾는 과제와 함께 쓸 수 없다.`,
    },
    { en: 'It belongs to rows of marked pairs: leave it out.', ko: '표시된 쌍의 행에 쓰는 것이다. 뺀다.' },
  );
}
