import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { handOver } from '../servers/unprivileged';

/** Runs once, before the first test file: makes a place for what is made once and copied by the servers of every file. */
export default function globalSetup(): void {
  process.env.TEST_SERVER_TEMPLATES = mkdtempSync(path.join(tmpdir(), 'test-server-templates-'));
  handOver(process.env.TEST_SERVER_TEMPLATES);
}
