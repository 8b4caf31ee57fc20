#!/usr/bin/env node
// Plain JavaScript for any Node from 18; engine/src/cli.ts does the work.
import { startCerberus } from './launch.mjs';

await startCerberus(process.argv.slice(2));
