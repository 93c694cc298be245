import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';

/** The sources of each entry that are public: they import each other and nothing else that a declaration shows. */
const ENTRIES: Readonly<Record<string, readonly string[]>> = {
  'rotation-runtime': ['index', 'rotation-steps'],
  'secret-client': ['index', 'cached-secret', 'cached-secret-options', 'login-refusal', 'secret-source', 'secret-version'],
};

/** Writes the declarations beside the bundle of what users' own code imports, from its sources alone: for no other bundle. */
export function writeRuntimeDeclarations(entry: string, sources: string, directory: string): void {
  for (const name of ENTRIES[entry] ?? []) {
    const source = readFileSync(join(sources, `${name}.ts`), 'utf8');
    const { outputText, diagnostics = [] } = ts.transpileDeclaration(source, {
      fileName: `${name}.ts`,
      compilerOptions: { strict: true },
    });
    if (diagnostics.length > 0) {
      throw new Error(
        `${name}.ts: ${diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' ')).join('; ')}`,
      );
    }
    writeFileSync(join(directory, `${name}.d.ts`), outputText);
  }
}
