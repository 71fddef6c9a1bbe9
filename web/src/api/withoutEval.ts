import { z } from 'zod';

// zod compiles its checks where it may; only trying to would be reported as a breach of the Content-Security-Policy.
z.config({ jitless: true });
