import { usageError } from '../../core/errors.ts';
import type { BenchContext } from '../context.ts';
import type { Measured } from '../result.ts';

export async function measureInference(_context: BenchContext): Promise<Measured> {
  throw usageError('not yet');
}
