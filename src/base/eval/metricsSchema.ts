import { z } from 'zod';

/** The four figures as files hold them. */
export const metricsSchema = z.object({
  n: z.number(),
  accuracy: z.number(),
  macro_f1: z.number(),
  micro_f1: z.number(),
  auprc: z.number().nullable(),
});
