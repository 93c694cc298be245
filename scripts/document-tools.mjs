#!/usr/bin/env node
/** Installs what checks the documents; with `--site`, what makes the site of them. Does nothing where it is already there. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  findPython, makeVirtualEnvironment, once, requireNode, requireVenv, ROOT, run, SERVERS, Unmet,
} from './installation.mjs';

const SITE = join(ROOT, 'site');
const REQUIREMENTS = join(SITE, 'requirements.txt');
const VENV = join(SERVERS, 'sphinx');

try {
  requireNode();
  mkdirSync(SERVERS, { recursive: true });
  if (process.argv.includes('--site')) {
    const python = findPython();
    requireVenv(python);
    once('sphinx', [python.version, readFileSync(REQUIREMENTS, 'utf8')], join(VENV, 'bin/sphinx-build'), () => {
      makeVirtualEnvironment(python, VENV, REQUIREMENTS);
      return `Sphinx in a virtual environment of Python ${python.version}`;
    });
  } else {
    const lock = readFileSync(join(SITE, 'package-lock.json'), 'utf8');
    once('document-tools', [lock], join(SITE, 'node_modules/.bin/cspell'), () => {
      run('npm', ['ci', '--prefix', SITE, '--ignore-scripts', '--no-audit', '--no-fund']);
      return 'markdownlint and CSpell';
    });
  }
} catch (error) {
  if (!(error instanceof Unmet)) throw error;
  console.error(`The tools for documents cannot be installed. ${error.message}`);
  process.exitCode = 1;
}
