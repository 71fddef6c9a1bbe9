import { hrefOf } from '../../shell/router.ts';
import type { Row } from './rowTable.ts';

/** The Try view with this sentence and these entities. */
export function tryHref({ sentence, subject, object }: Pick<Row, 'sentence' | 'subject' | 'object'>): string {
  return hrefOf(
    'try',
    new URLSearchParams({ sentence, subject: JSON.stringify(subject), object: JSON.stringify(object) }),
  );
}
