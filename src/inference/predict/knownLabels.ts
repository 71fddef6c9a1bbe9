import { usageError } from '../../base/core/errors.ts';
import type { Dataset, LabelSet } from '../../base/core/types.ts';

/** Errors: `usage` where there are no test rows, or where they have labels that the model does not know. */
export function checkLabelsKnown(
  { name, test }: Pick<Dataset, 'name' | 'test'>,
  { labels }: LabelSet,
  model: string,
): void {
  if (test.length === 0)
    throw usageError(
      `${name} has no test rows.`,
      'Pass a labelled file, or a folder with a dev, validation or test file.',
    );
  const unknown = [...new Set(test.map(({ label }) => label))].filter((label) => !labels.includes(label));
  if (unknown.length > 0)
    throw usageError(
      `${name} has labels that the model ${model} does not know: ${unknown.slice(0, 5).join(', ')}${unknown.length > 5 ? ', …' : ''}.`,
      labels.every((label, id) => label === `LABEL_${id}`)
        ? `Its config.json does not name its ${labels.length} labels: write them there as id2label, in the order that it was trained with.`
        : `Evaluate a model that was trained on these labels; this one knows ${labels.length}: ${labels.slice(0, 5).join(', ')}, ….`,
    );
}
