import { config } from 'zod';

// Zod would try whether it may compile code, which the page's Content-Security-Policy forbids and reports as an error.
// Schemas look at this once, when they are made: this module stands before all others.
config({ jitless: true });
