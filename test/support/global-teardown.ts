import { rmSync } from 'node:fs';

/** Runs once, after the last test file. */
export default function globalTeardown(): void {
  rmSync(process.env.TEST_SERVER_TEMPLATES!, { recursive: true, force: true });
}
