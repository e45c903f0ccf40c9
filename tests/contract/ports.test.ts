import { describeBackend } from '@vivarium/core/testing';
import { BACKENDS } from './backends.ts';

for (const [name, newWorld] of BACKENDS) describeBackend(name, newWorld);
