import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { toDigits } from '../src/rotation-function/private/certificate-digits';

/** A bundled function, and whether it verifies servers of Amazon RDS. */
export interface BundledFunction {
  readonly name: string;
  readonly authorities: boolean;
}

/**
 * Packs all functions into one file, which synthesis unpacks (`src/rotation-function/private/handler-code.ts`).
 *
 * They have their signer, drivers and rotation in common: together they take half of what they take one by one. Each is a line,
 * the short ones first: an app that has no database unpacks a tenth of the file.
 */
export function packFunctions(assets: string, functions: readonly BundledFunction[], authorities: string): void {
  const certificates = Object.fromEntries(
    readdirSync(authorities).sort().map((file) => [file, toDigits(readFileSync(join(authorities, file), 'utf8'))]),
  );
  const lines = [
    ...functions.map((bundled) => JSON.stringify({
      name: bundled.name, code: readFileSync(join(assets, bundled.name, 'index.js'), 'utf8'), authorities: bundled.authorities,
    })),
    JSON.stringify({ name: 'amazon-rds', files: certificates }),
  ];
  const content = Buffer.from(lines.sort((one, other) => one.length - other.length).map((line) => `${line}\n`).join(''));
  const packed = join(assets, 'functions.br');
  // To compress takes many times as long as to look.
  if (existsSync(packed) && brotliDecompressSync(readFileSync(packed)).equals(content)) return;
  writeFileSync(packed, brotliCompressSync(content, {
    params: {
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  }));
}
