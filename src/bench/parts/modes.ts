import { usageError } from '../../core/errors.ts';
import type { BenchContext } from '../context.ts';
import type { Measured } from '../result.ts';

export async function measureModes(_context: BenchContext): Promise<Measured> {
  throw usageError('not yet');
}
