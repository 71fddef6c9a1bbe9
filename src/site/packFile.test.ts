import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { randomSource } from '../core/random.ts';
