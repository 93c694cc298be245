import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';

/** The sources that are public: they import each other and nothing else that a declaration shows. */
const SOURCES = ['index', 'rotation-steps'];

/** Writes the declarations of the runtime entry beside its bundle, from its sources alone. */
export function writeRuntimeDeclarations(sources: string, directory: string): void {
  for (const name of SOURCES) {
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
