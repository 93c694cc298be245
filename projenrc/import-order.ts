import { Component, JsonFile, type typescript } from 'projen';
import { BESIDE, CONTRACT, HOUSES } from './folders';

/** Where cycles are an error. */
const WITHOUT_CYCLES = ['src', 'handlers', 'test/servers', 'scripts', 'benchmarks'];
/** Folders of sources, at the root: an import from one to another needs a rule that allows it. */
const SOURCES = ['src', 'handlers', 'test', 'scripts', 'benchmarks', 'examples', 'projenrc'];

/** Checks which way imports point, types included, with dependency-cruiser. */
export class ImportOrder extends Component {
  constructor(project: typescript.TypeScriptProject) {
    super(project);
    // Later majors need Node.js 22.
    project.addDevDeps('dependency-cruiser@^17', '@hpcc-js/wasm-graphviz@^1');
    project.addPackageIgnore('/.dependency-cruiser.json');
    new JsonFile(project, '.dependency-cruiser.json', {
      allowComments: true,
      obj: {
        forbidden: [...ordered('src', []), ...ordered('handlers', [CONTRACT]), ...OTHER_RULES],
        options: { tsPreCompilationDeps: true, includeOnly: under(...SOURCES), exclude: 'node_modules' },
      },
    });
    const cruise = `depcruise --config .dependency-cruiser.json ${WITHOUT_CYCLES.join(' ')} examples`;
    project.addTask('folders', { description: 'Draw docs/folders.svg from the imports', exec: 'tsx scripts/draw-folders.ts' });
    const lint = project.addTask('lint', {
      description: 'Check the style of the code, the order of its folders and their picture',
    });
    lint.spawn(project.tasks.tryFind('eslint')!);
    lint.exec(cruise, { name: 'imports point down (projenrc/folders.ts)' });
    lint.exec('tsx scripts/draw-folders.ts --check', {
      name: 'docs/folders.svg is what the sources say (else: npx projen folders)',
    });
  }
}

/** For each folder of a house: it imports itself, what is below it, and what the house may know of others. */
function ordered(house: keyof typeof HOUSES, others: readonly string[]): object[] {
  const floors = HOUSES[house].map((floor) => Object.keys(floor));
  return floors.flatMap((folders, index) => folders.map((folder) => {
    const lower = [folder, ...floors.slice(index + 1).flat()].map((name) => pattern(house, name));
    return {
      name: `${house}/${folder}`,
      comment: `${house}/${folder} imports itself and the folders below it (projenrc/folders.ts), types included`,
      severity: 'error',
      from: { path: pattern(house, folder) },
      to: { path: under(...SOURCES), pathNot: [...lower, ...others.map((other) => under(other))] },
    };
  }));
}

function pattern(house: string, folder: string): string {
  return folder === BESIDE ? `^${house}/[^/]+$` : under(`${house}/${folder}`);
}

function under(...folders: readonly string[]): string {
  return `^(${folders.join('|')})/`;
}

const OTHER_RULES = [
  {
    name: 'no-unknown-folder',
    comment: 'a folder of src or handlers has its place in projenrc/folders.ts',
    severity: 'error',
    from: {},
    to: {
      path: under('src', 'handlers'),
      pathNot: Object.entries(HOUSES).flatMap(([house, floors]) =>
        floors.flatMap((floor) => Object.keys(floor)).map((folder) => pattern(house, folder)),
      ),
    },
  },
  {
    name: 'private-knows-types-only',
    comment: 'private/ imports no value from the public files of its folder: they use it, and it uses their options',
    severity: 'error',
    from: { path: '^src/([^/]+)/private/' },
    to: { path: '^src/$1/[^/]+$', dependencyTypesNot: ['type-only', 'type-import'] },
  },
  {
    name: 'examples-are-users',
    comment: 'an example imports the package by its name, as a user does',
    severity: 'error',
    from: { path: under('examples') },
    to: { path: under(...SOURCES.filter((folder) => folder !== 'examples')) },
  },
  {
    name: 'no-cycle',
    comment: 'a circle of imports, be it of types: none of its files can be understood alone',
    severity: 'error',
    from: { path: under(...WITHOUT_CYCLES) },
    to: { circular: true },
  },
];
