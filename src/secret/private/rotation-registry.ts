import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';

type Listener = (functionArn: string) => void;

interface Rotating {
  readonly rotationFunction: IFunction;
  /** ARN for statements of any stack. */
  readonly functionArn: string;
}

/** Kept outside the secrets, so that any secret can have an entry, and weakly, so that none is kept alive. */
const functions = new WeakMap<ISecret, Rotating>();
const listeners = new WeakMap<ISecret, Listener[]>();

/** Notes which function rotates a secret. A secret that is handed out under several objects needs a note for each. */
export function setRotationFunction(secret: ISecret, rotationFunction: IFunction, functionArn = rotationFunction.functionArn): void {
  functions.set(secret, { rotationFunction, functionArn });
  listeners.get(secret)?.forEach((listener) => listener(functionArn));
  listeners.delete(secret);
}

/** The function that rotates a secret, where one was noted. */
export function rotationFunctionOf(secret: ISecret): IFunction | undefined {
  return functions.get(secret)?.rotationFunction;
}

/** Does something with the ARN of the function that rotates a secret: now, or as soon as one is noted. */
export function whenRotated(secret: ISecret, listener: Listener): void {
  const rotating = functions.get(secret);
  if (rotating) {
    listener(rotating.functionArn);
  } else {
    listeners.set(secret, [...listeners.get(secret) ?? [], listener]);
  }
}
