import { ROLL_BACK } from '../../contract/roll-back';

/** The action that brings a former value back, as people choose it in the document. */
export const ROLL_BACK_ACTION = 'RollBack';

/* Python, because Systems Manager runs it. What a script returns is kept in the execution: labels and ids, never a value. */

const COMMON = `
import time
import boto3
from botocore.exceptions import ClientError

MARK = '${ROLL_BACK}'
NONE = 'none'
secrets = boto3.client('secretsmanager')


def describe(secret_id):
    try:
        return secrets.describe_secret(SecretId=secret_id)
    except ClientError as error:
        if error.response['Error']['Code'] == 'AccessDeniedException':
            raise Exception('no function of this platform rotates the secret, or a policy refuses the runbook') from None
        raise


def holder(stages, label):
    return next((version for version, labels in stages.items() if label in labels), NONE)


def pending(stages):
    version = holder(stages, 'AWSPENDING')
    return NONE if version == holder(stages, 'AWSCURRENT') else version


def remove(secret_id, label, version):
    secrets.update_secret_version_stage(SecretId=secret_id, VersionStage=label, RemoveFromVersionId=version)
`;

/** Says which version has which label. */
export const INSPECT = `${COMMON}

def handler(events, context):
    secret = describe(events['SecretId'])
    stages = secret.get('VersionIdsToStages', {})
    labels = sorted(f'{label}: {version}' for version, all in stages.items() for label in all)
    rotation = 'on' if secret.get('RotationEnabled') else 'off'
    rotated = secret['LastRotatedDate'].isoformat() if 'LastRotatedDate' in secret else 'never'
    text = '; '.join(labels + [f'rotation is {rotation}', f'last rotated: {rotated}'])
    return {'Labels': text[:2000], 'Previous': holder(stages, 'AWSPREVIOUS'), 'Pending': pending(stages)}
`;

/** Gives up the rotation that was seen before: the function goes on with no version that has lost AWSPENDING. */
export const CLEAR = `${COMMON}

def handler(events, context):
    secret_id = events['SecretId']
    stages = describe(secret_id).get('VersionIdsToStages', {})
    version = pending(stages)
    if version not in (NONE, events['Pending']):
        raise Exception('another rotation has begun since: look at the labels again')
    if version != NONE:
        remove(secret_id, 'AWSPENDING', version)
    for other, labels in stages.items():
        for label in labels:
            if label.startswith(MARK):
                remove(secret_id, label, other)
`;

/** Starts a rotation, with the wish to bring AWSPREVIOUS back where it is to roll back. */
export const START = `${COMMON}

def handler(events, context):
    secret_id, token = events['SecretId'], events['Token']
    rolls_back = events['Action'] == '${ROLL_BACK_ACTION}'
    if rolls_back:
        previous = holder(describe(secret_id).get('VersionIdsToStages', {}), 'AWSPREVIOUS')
        if previous == NONE:
            raise Exception('the secret has no AWSPREVIOUS to go back to')
        if previous != events['Previous']:
            raise Exception('AWSPREVIOUS has moved since: look at the labels again')
        try:
            secrets.update_secret_version_stage(SecretId=secret_id, VersionStage=MARK + token, MoveToVersionId=previous)
        except ClientError as error:
            if error.response['Error']['Code'] == 'AccessDeniedException':
                raise Exception('a function of yours rotates the secret and is not rolled back, or a policy refuses it') from None
            raise
    try:
        secrets.rotate_secret(SecretId=secret_id, ClientRequestToken=token)
    except Exception:
        if rolls_back:
            remove(secret_id, MARK + token, previous)
        raise
`;

/** Waits until the rotation has ended, and fails where it has not made its version current. */
export const WAIT = `${COMMON}

def handler(events, context):
    secret_id, token = events['SecretId'], events['Token']
    ends = time.monotonic() + events['Seconds']
    while True:
        stages = describe(secret_id).get('VersionIdsToStages', {})
        labels = stages.get(token, [])
        marked = holder(stages, MARK + token)
        if 'AWSPENDING' not in labels:
            if marked != NONE:
                remove(secret_id, MARK + token, marked)
            if 'AWSCURRENT' not in labels:
                raise Exception('the function has given the rotation up, and AWSCURRENT is as it was: its log says why')
            if marked != NONE:
                raise Exception('the value is a new one: the function is older than the runbook, deploy it and roll back again')
            return
        if time.monotonic() >= ends:
            raise Exception('the rotation has not ended yet: the log of the function says why; Secrets Manager tries it again')
        time.sleep(5)
`;
