import type { UserData } from 'aws-cdk-lib/aws-ec2';
import { Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/** What Amazon EC2 takes, before the user data is encoded for the template. */
const MAXIMUM_BYTES = 16384;

/** Something that starts with user data: an instance, or a group of them. */
export interface StartsWithUserData extends IConstruct {
  readonly userData: UserData;
}

/** Refuses more user data than Amazon EC2 takes, which the deployment would, at synthesis: others may add to it until then. */
export function limitUserData(instances: StartsWithUserData): void {
  instances.node.addValidation({
    validate: () => {
      const bytes = literalBytes(Stack.of(instances).resolve(instances.userData.render()));
      return bytes <= MAXIMUM_BYTES ? [] : [
        `its user data has ${bytes} bytes or more, allowed: ${MAXIMUM_BYTES}; put what others than this library add to it into a `
          + 'script of its own, which addS3DownloadCommand() and addExecuteFileCommand() of the user data run, or into the image',
      ];
    },
  });
}

/** Of what the deployment fills in nothing is counted: it may be of any length. */
function literalBytes(text: unknown): number {
  if (typeof text === 'string') {
    return Buffer.byteLength(text);
  }
  const { 'Fn::Join': join, 'Fn::Base64': encoded } = text as Record<string, unknown>;
  if (Array.isArray(join) && Array.isArray(join[1])) {
    const [delimiter, parts] = join as [string, unknown[]];
    return parts.reduce<number>((sum, part) => sum + literalBytes(part), Buffer.byteLength(delimiter) * (parts.length - 1));
  }
  return encoded === undefined ? 0 : Math.ceil(literalBytes(encoded) / 3) * 4;
}
