#!/usr/bin/env node
/** Installs what scans the example's templates, inside the checkout. Does nothing where it is already there. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  findPython,
  makeVirtualEnvironment,
  once,
  requireNode,
  requireVenv,
  ROOT,
  run,
  SERVERS,
  Unmet,
} from './installation.mjs';

const REQUIREMENTS = join(ROOT, 'test/compliance/requirements.txt');
const NEWEST = join(ROOT, 'test/newest');
const SCANNERS = join(SERVERS, 'scanners');
const RULES = join(NEWEST, 'node_modules/@cdklabs/cdk-validator-cfnguard');

try {
  requireNode();
  const python = findPython();
  requireVenv(python);
  mkdirSync(SERVERS, { recursive: true });
  once('scanners', [readFileSync(REQUIREMENTS, 'utf8')], join(SCANNERS, 'bin/checkov'), () => {
    makeVirtualEnvironment(python, SCANNERS, REQUIREMENTS);
    return `cfn-lint and Checkov in a virtual environment of Python ${python.version}`;
  });
  once('control-tower-rules', [readFileSync(join(NEWEST, 'package-lock.json'), 'utf8')], RULES, () => {
    run('npm', ['ci', '--prefix', NEWEST, '--no-audit', '--no-fund']);
    return 'the rules of AWS Control Tower, with the newest AWS CDK';
  });
} catch (error) {
  if (!(error instanceof Unmet)) throw error;
  console.error(`The scanners cannot be installed. ${error.message}`);
  process.exitCode = 1;
}
