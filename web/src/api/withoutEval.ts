import { z } from 'zod';

// Zod compiles its checks where it may; only trying to would be reported as a breach of the Content-Security-Policy.
// Schemas look at this once, when they are made: this module stands before all others.
z.config({ jitless: true });
