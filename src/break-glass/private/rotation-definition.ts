import { Duration, Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/** How long a rotation has to come to its end, and after it readers have until a second one ends their former value. */
const [ROTATION, READERS] = [Duration.minutes(10), Duration.minutes(50)];

/** What a state machine has to know to rotate what was read. */
export interface RotationAfterReads {
  readonly sessionDuration: Duration;
  /** ARNs, with `*`, of secrets whose former value works on after a rotation, and ends with another one. */
  readonly rotatedTwice: readonly string[];
}

/**
 * Waits until the session is over, and rotates unless that has been done since the read.
 *
 * By then a rotation of which only the next value was read has made it the current one: it does not count.
 */
export function rotationDefinition(scope: IConstruct, { sessionDuration, rotatedTwice }: RotationAfterReads): object {
  const task = (action: string) => ({
    Type: 'Task',
    Resource: `arn:${Stack.of(scope).partition}:states:::aws-sdk:secretsmanager:${action}`,
    Parameters: { 'SecretId.$': '$.secretId' },
    // A rotation that is going on comes to its end first.
    Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 60, MaxAttempts: 10, BackoffRate: 1.5 }],
  });
  const isTwice = rotatedTwice.length > 0;
  return {
    StartAt: 'WasRefused',
    States: {
      WasRefused: {
        Type: 'Choice',
        Choices: [{ Variable: '$.detail.errorCode', IsPresent: true, Next: 'NothingToDo' }],
        Default: 'Note',
      },
      Note: {
        Type: 'Pass',
        Parameters: {
          'readAt.$': '$$.Execution.StartTime',
          'secretId.$': '$.detail.requestParameters.secretId',
          'request.$': '$.detail.requestParameters',
        },
        Next: 'UntilSessionIsOver',
      },
      UntilSessionIsOver: { Type: 'Wait', Seconds: sessionDuration.toSeconds(), Next: 'WasCurrent' },
      WasCurrent: {
        Type: 'Choice',
        Choices: [
          { Variable: '$.request.versionId', IsPresent: true, Next: 'NoteAgain' },
          {
            And: [
              { Variable: '$.request.versionStage', IsPresent: true },
              { Not: { Variable: '$.request.versionStage', StringEquals: 'AWSCURRENT' } },
            ],
            Next: 'NoteAgain',
          },
        ],
        Default: 'Describe',
      },
      NoteAgain: note({}, 'Describe'),
      Describe: { ...task('describeSecret'), ResultPath: '$.secret', Next: 'WasRotated' },
      WasRotated: {
        Type: 'Choice',
        Choices: [{
          And: [
            { Variable: '$.secret.LastRotatedDate', IsPresent: true },
            { Variable: '$.secret.LastRotatedDate', TimestampGreaterThanPath: '$.readAt' },
          ],
          Next: isTwice ? 'FormerWorks' : 'NothingToDo',
        }],
        Default: 'Rotate',
      },
      Rotate: { ...task('rotateSecret'), ...isTwice ? { ResultPath: null, Next: 'UntilRotated' } : { End: true } },
      ...isTwice && secondRotation(rotatedTwice),
      NothingToDo: { Type: 'Succeed' },
    },
  };
}

/** The same once more for some secrets, when readers have had time to take up the new value. */
function secondRotation(arns: readonly string[]): object {
  return {
    UntilRotated: { Type: 'Wait', Seconds: ROTATION.toSeconds(), Next: 'FormerWorks' },
    FormerWorks: {
      Type: 'Choice',
      Choices: arns.map((arn) => ({
        And: [{ Variable: '$.isSecond', IsPresent: false }, { Variable: '$.secret.ARN', StringMatches: arn }],
        Next: 'NoteSecond',
      })),
      Default: 'NothingToDo',
    },
    NoteSecond: note({ isSecond: true }, 'UntilReadersFollow'),
    UntilReadersFollow: { Type: 'Wait', Seconds: READERS.toSeconds(), Next: 'Describe' },
  };
}

/** From now on a rotation counts. */
function note(more: object, next: string): object {
  return { Type: 'Pass', Parameters: { 'readAt.$': '$$.State.EnteredTime', 'secretId.$': '$.secretId', ...more }, Next: next };
}
