import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

test.each([['on-fargate', 'PERSONNEL_SECRET'], ['on-eks', 'PERSONNEL_FILE']])(
  'the application of %s is one file that needs nothing but Node.js, and finds its credentials by %s', (example, variable) => {
    const { outputFiles: [{ text }], metafile } = buildSync({
      entryPoints: [join(__dirname, '../../examples', example, 'application/index.ts')],
      bundle: true,
      platform: 'node',
      target: 'node24',
      alias: { 'cdk-secretsmanager-patterns/secret-client': join(__dirname, '../../secret-client/index.js') },
      // A part of pg that is there for who installs it.
      external: ['pg-native'],
      logLevel: 'silent',
      metafile: true,
      write: false,
    });
    expect(text).toContain(`process.env.${variable}`);
    const missing = Object.values(metafile.outputs).flatMap(({ imports }) => imports)
      .map(({ path }) => path).filter((path) => !isBuiltin(path) && path !== 'pg-native');
    expect(missing).toEqual([]);
  },
);
