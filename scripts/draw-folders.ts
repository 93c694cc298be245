/**
 * Draws the folders of `src` and `handlers`, and which imports which, into docs/folders.svg. With `--check`, fails where the
 * picture that is there is another.
 *
 * An arrow that follows from others is left out: who imports a folder may import what that imports.
 */
import { execFileSync } from 'node:child_process';
import { keepDrawn } from './drawn-file';
import { BESIDE, HOUSES } from '../projenrc/folders';

const PICTURE = 'docs/folders.svg';

interface Module { readonly source: string; readonly dependencies: readonly { readonly resolved: string }[] }

type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** One box for the engines, which differ in nothing that the picture shows. */
const ENGINES = 'handlers/rotate-*';

const isEngine = (folder: string) => HOUSES.handlers.some((floor) => floor[folder] === '');

/** The box of a file: `src/rotation` of `src/rotation/private/cron-times.ts`. */
function folderOf(file: string): string {
  const [house, folder, rest] = file.split('/');
  return house === 'handlers' && isEngine(folder) ? ENGINES : `${house}/${rest === undefined ? BESIDE : folder}`;
}

/** Each folder with those that it imports. */
function importsOfFolders(): Graph {
  const output = execFileSync('depcruise', ['--config', '.dependency-cruiser.json', '--output-type', 'json', 'src', 'handlers'], {
    encoding: 'utf8', maxBuffer: 64 * 1024 * 1024,
  });
  const graph = new Map<string, Set<string>>();
  for (const { source, dependencies } of (JSON.parse(output) as { modules: Module[] }).modules) {
    const folder = folderOf(source);
    const known = graph.get(folder) ?? new Set();
    graph.set(folder, known);
    dependencies.map(({ resolved }) => folderOf(resolved)).filter((other) => other !== folder)
      .forEach((other) => known.add(other));
  }
  return graph;
}

function reaches(graph: Graph, from: string, to: string): boolean {
  return [...graph.get(from) ?? []].some((next) => next === to || reaches(graph, next, to));
}

/** Without the arrows that others imply. */
function reduced(graph: Graph): [string, string][] {
  return [...graph].flatMap(([from, others]) => [...others]
    .filter((to) => ![...others].some((between) => between !== to && reaches(graph, between, to)))
    .map((to): [string, string] => [from, to]))
    .sort(([a, b], [c, d]) => `${a} ${b}` < `${c} ${d}` ? -1 : 1);
}

function box(house: string, folder: string, holds: string): string {
  const name = folder === BESIDE ? `${house}/*.ts` : folder;
  return `"${house}/${folder}" [label="${name}\\n${holds}"];`;
}

function floorOf(house: string, floor: Readonly<Record<string, string>>): string {
  const engines = Object.keys(floor).filter(isEngine).map((name) => name.replace('rotate-', ''));
  const boxes = Object.entries(floor).filter(([, holds]) => holds).map(([folder, holds]) => box(house, folder, holds));
  return `{ rank=same; ${[...engines.length > 0 ? [box(house, 'rotate-*', engines.join(', '))] : [], ...boxes].join(' ')} }`;
}

function dot(arrows: readonly [string, string][]): string {
  const houses = Object.entries(HOUSES).map(([house, floors]) => `
    subgraph "cluster_${house}" {
      label="${house}/"; style="rounded,filled"; color="#d0d7de"; margin=16;
      fillcolor="${house === 'src' ? '#f6f8fa' : '#fff8f0'}";
      ${floors.map((floor) => floorOf(house, floor)).join('\n      ')}
    }`);
  // Boxes have room for fonts that are wider than Helvetica.
  return `digraph {
    bgcolor="#ffffff"; fontname="Helvetica"; fontsize=15; nodesep=0.25; ranksep=0.45; newrank=true; pad=0.2;
    node [shape=box, style="rounded,filled", fillcolor="#ffffff", color="#6e7781", margin="0.4,0.08", fontsize=11];
    node [fontname="Helvetica", fontcolor="#1f2328"];
    edge [color="#8c959f", arrowsize=0.7];
    ${houses.join('\n')}
    ${arrows.map(([from, to]) => `"${from}" -> "${to}";`).join('\n    ')}
  }`;
}

async function main(): Promise<void> {
  const { Graphviz } = await import('@hpcc-js/wasm-graphviz');
  const plain = (await Graphviz.load()).dot(dot(reduced(importsOfFolders())));
  // A label with several fonts would not be centred, so that the names become bold here.
  const drawn = plain.replace(/(<g id="(?:node|clust)\d+"[^]*?<text )/g, '$1font-weight="bold" ');
  keepDrawn(PICTURE, drawn, 'npx projen folders');
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
