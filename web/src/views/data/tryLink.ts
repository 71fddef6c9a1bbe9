import { utf16Index } from '../../../../src/base/text/codePoints.ts';
import type { MarkedEntity } from '../../components/MarkedSentence.tsx';
import { EMPTY_INQUIRY, paramsOf } from '../../marking/address.ts';

interface MarkedRow {
  readonly sentence: string;
  readonly subject: MarkedEntity;
  readonly object: MarkedEntity;
}

/** What the Try view's address carries for this sentence and these entities. */
export function tryParams({ sentence, subject, object }: MarkedRow): URLSearchParams {
  const mark = ({ start, end, type }: MarkedEntity) => ({
    start: utf16Index(sentence, start),
    end: utf16Index(sentence, end + 1),
    type,
  });
  const isSubjectFirst = subject.start < object.start;
  const marks = (isSubjectFirst ? [subject, object] : [object, subject]).map(mark);
  const roles = isSubjectFirst ? { subject: 0, object: 1 } : { subject: 1, object: 0 };
  return paramsOf({ ...EMPTY_INQUIRY, ...roles, sentence, marks });
}
