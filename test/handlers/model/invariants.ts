import type { Event, Laboratory } from './laboratory';
import type { Conduct } from './runs';
import type { System } from './system';
import type { Outside, World } from './world';
import { CURRENT, PENDING, PREVIOUS } from '../../../handlers/core/secret-store';

/** What is wrong in a world, at whatever moment. */
export function wrongIn(laboratory: Laboratory, { versions, cancelled, handed }: World): string | undefined {
  const { system } = laboratory;
  const texts = [...versions.values()].flatMap(({ text }) => text === undefined ? [] : [text]);
  const labelled = (label: string): string | undefined =>
    [...versions.values()].find(({ labels }) => labels.includes(label))?.text;
  const works = (text: string | undefined): boolean => text !== undefined && system.works(text);
  if (labelled(CURRENT) === undefined) {
    return 'AWSCURRENT has no value';
  }
  if (system.inUse?.() === false) {
    return undefined;
  }
  if (!texts.some(works)) {
    return 'no version works: the user is locked out';
  }
  if (handed || works(labelled(CURRENT))) {
    return undefined;
  }
  if (system.keepsCurrent) {
    return 'AWSCURRENT does not work';
  }
  return cancelled || works(labelled(PENDING)) ? undefined : 'neither AWSCURRENT nor AWSPENDING works';
}

/** What is wrong once the daily audit has done its duty: the former credential works no longer, unless clients hold the same. */
export function wrongAfterDuty({ system }: Laboratory, versions: World['versions']): string | undefined {
  const [current, previous] = [CURRENT, PREVIOUS].map((label) =>
    [...versions.values()].find(({ labels }) => labels.includes(label))?.text);
  if (current === undefined || !system.works(current)) {
    return 'AWSCURRENT does not work once the former credential was ended';
  }
  const isAnother = previous !== undefined && previous !== current;
  return isAnother && system.works(previous) ? 'the former credential was not ended' : undefined;
}

/** What is wrong with how a step ended. */
export function wrongAfter(
  system: System,
  before: Outside,
  { step, token }: Event,
  run: Conduct,
  after: Outside,
): string | undefined {
  if (run.error?.errorClass === 'internal') {
    return `the function fails by a defect of its own: ${run.error.message}`;
  }
  if (run.refused > system.refusals) {
    return `${run.refused} logins were refused in one step`;
  }
  const abandoned = [...before.versions.values()].filter(({ text, labels }) =>
    labels.length === 0 && run.passwords.some((password) => text?.includes(`"${password}"`)));
  if (abandoned.length > 1) {
    return `${abandoned.length} versions without a label were tried in one step`;
  }
  const current = [...after.versions.values()].find(({ labels }) => labels.includes(CURRENT))?.text ?? '';
  const { errorClass, message } = run.error ?? {};
  const refused = errorClass === 'authentication' && !message!.includes('could not be put back');
  if (system.putsBack && step !== 'setSecret' && refused && !system.works(current)) {
    return 'a value that does not work was found, and AWSCURRENT does not work either';
  }
  const labels = after.versions.get(token)?.labels ?? [];
  if (step === 'finishSecret' && run.outcome !== undefined && (!labels.includes(CURRENT) || labels.includes(PENDING))) {
    return `a finished rotation leaves the labels [${labels.join(', ')}] on its version`;
  }
  return undefined;
}
