import { createHash } from 'crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'fs';
import { join } from 'path';
import { brotliDecompressSync, constants } from 'zlib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Stage } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { fromDigits } from './certificate-digits';
import type { HandlerName } from '../../contract/handler-name';
import { onceFor } from '../../core/once';

/** What scripts/pack-functions.ts packs: a line of JSON for each bundle, and one for the certificates that several need. */
type PackedPart<Content> = Content & { readonly name: string };
type PackedFunction = PackedPart<{ readonly code: string; readonly authorities: boolean }>;
/** Certificate authorities of Amazon RDS, by file. */
type PackedAuthorities = PackedPart<{ readonly files: Readonly<Record<string, string>> }>;

/** Where `assets/` is seen from: the package has one file, in `lib/`, and a checkout has this one. */
const ASSETS = [[__dirname, '..'], [__dirname, '..', '..', '..']].map((parts) => join(...parts, 'assets'));
const PACKED = 'functions.br';
const AUTHORITIES = 'amazon-rds';
/** Bytes of the archive that are unpacked at first: the functions that most apps have are at its beginning. */
const BEGINNING = 32 * 1024;

/** Code of a bundled function. The only place that knows where the bundles are. */
export function handlerCode(scope: IConstruct, name: HandlerName): Code {
  const stage = Stage.of(scope)!;
  return Code.fromAsset(onceFor(stage, `code of ${name}`, () => unpack(name, stage.assetOutdir)));
}

/**
 * Writes a bundle into the cloud assembly, with what its function needs beside it.
 *
 * There the AWS CDK copies it from, and refers to it where it is told not to copy assets. What an earlier synthesis has written
 * stays: the AWS CDK knows the fingerprints of files that it has seen.
 */
function unpack(name: HandlerName, outdir: string): string {
  const assets = ASSETS.find((folder) => existsSync(join(folder, PACKED)));
  const bundle = assets === undefined ? undefined : partOf<PackedFunction>(join(assets, PACKED), name);
  if (!assets || !bundle) {
    throw new Error(`the rotation function '${name}' is missing from the package: it is not in assets/${PACKED}; `
      + 'install cdk-secretsmanager-patterns again, or run `npx projen bundle` in a checkout');
  }
  const files: Record<string, string> = {
    'index.js': bundle.code,
    'LICENSES.txt': readFileSync(join(assets, 'LICENSES.txt'), 'utf8'),
  };
  const authorities = bundle.authorities ? partOf<PackedAuthorities>(join(assets, PACKED), AUTHORITIES)!.files : {};
  const digest = createHash('sha256').update(JSON.stringify([files, authorities])).digest('hex');
  const target = join(outdir, `${name}-${digest}`);
  if (!existsSync(target)) {
    const folder = join(outdir, `${name}-unpacked-by-${process.pid}`);
    mkdirSync(join(folder, ...bundle.authorities ? [AUTHORITIES] : []), { recursive: true });
    Object.entries(files).forEach(([file, text]) => writeFileSync(join(folder, file), text));
    Object.entries(authorities).forEach(([file, packed]) => writeFileSync(join(folder, AUTHORITIES, file), fromDigits(packed)));
    renameSync(folder, target);
  }
  return target;
}

/** Bytes of the archive that were unpacked, and the lines in them. */
const unpacked: { length: number; lines: string[] } = { length: 0, lines: [] };

/**
 * A part of the archive: unpacked from the beginning as far as that part, in twice as long a piece each time, for all of it takes
 * longer than the rest of a small app. What has been unpacked is kept.
 */
function partOf<Part extends PackedPart<object>>(file: string, name: string): Part | undefined {
  const start = `{"name":${JSON.stringify(name)},`;
  const line = () => unpacked.lines.find((candidate) => candidate.startsWith(start));
  let found = line();
  if (found === undefined) {
    const archive = readFileSync(file);
    while (found === undefined && unpacked.length < archive.length) {
      unpackMore(archive);
      found = line();
    }
  }
  return found === undefined ? undefined : JSON.parse(found) as Part;
}

function unpackMore(archive: Buffer): void {
  unpacked.length = Math.min(archive.length, Math.max(BEGINNING, 2 * unpacked.length));
  // Of a piece there is as much as is in it; the last line is not whole.
  const finishFlush = constants.BROTLI_OPERATION_FLUSH;
  const text = brotliDecompressSync(archive.subarray(0, unpacked.length), { finishFlush }).toString();
  unpacked.lines = text.split('\n').slice(0, -1);
}
