import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { brotliDecompressSync } from 'zlib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { FileSystem, Stage } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { HandlerName } from '../../contract/handler-name';
import { onceFor } from '../../core/once';

/** What scripts/pack-functions.ts packs: all bundles in one, for they have much in common, and the certificates once. */
interface PackedFunctions {
  readonly bundles: Partial<Record<HandlerName, { readonly code: string; readonly authorities: boolean }>>;
  /** Certificate authorities of Amazon RDS, by file. */
  readonly authorities: Record<string, string>;
}

/** Where `assets/` is seen from: the package has one file, in `lib/`, and a checkout has this one. */
const ASSETS = [[__dirname, '..'], [__dirname, '..', '..', '..']].map((parts) => join(...parts, 'assets'));
const PACKED = 'functions.br';

/** Code of a bundled function. The only place that knows where the bundles are. */
export function handlerCode(scope: IConstruct, name: HandlerName): Code {
  const stage = Stage.of(scope)!;
  return Code.fromAsset(onceFor(stage, `code of ${name}`, () => unpack(name, stage.assetOutdir)));
}

/**
 * Writes a bundle into the cloud assembly, with what its function needs beside it.
 *
 * There the AWS CDK copies it from, and refers to it where it is told not to copy assets.
 */
function unpack(name: HandlerName, outdir: string): string {
  const assets = ASSETS.find((folder) => existsSync(join(folder, PACKED)));
  const functions = assets === undefined ? undefined : read(join(assets, PACKED));
  const bundle = functions?.bundles[name];
  if (!assets || !bundle) {
    throw new Error(`the rotation function '${name}' is missing from the package: it is not in assets/${PACKED}; `
      + 'install cdk-secretsmanager-patterns again, or run `npx projen bundle` in a checkout');
  }
  const folder = join(outdir, `${name}-unpacked-by-${process.pid}`);
  mkdirSync(join(folder, ...bundle.authorities ? ['amazon-rds'] : []), { recursive: true });
  writeFileSync(join(folder, 'index.js'), bundle.code);
  copyFileSync(join(assets, 'LICENSES.txt'), join(folder, 'LICENSES.txt'));
  if (bundle.authorities) {
    Object.entries(functions.authorities).forEach(([file, text]) => writeFileSync(join(folder, 'amazon-rds', file), text));
  }
  const unpacked = join(outdir, `${name}-${FileSystem.fingerprint(folder)}`);
  if (existsSync(unpacked)) {
    rmSync(folder, { recursive: true });
  } else {
    renameSync(folder, unpacked);
  }
  return unpacked;
}

/** Read once: it takes longer than all that is made of it. */
function read(file: string): PackedFunctions {
  packed ??= JSON.parse(brotliDecompressSync(readFileSync(file)).toString()) as PackedFunctions;
  return packed;
}
let packed: PackedFunctions | undefined;
