import { afterEach } from 'vitest';
import { cleanUp } from './at-end.ts';

afterEach(cleanUp);
