import { accessKeyRotation } from './access-key-rotation';
import { makeHandler } from '../make-handler';

/** Rotates the access keys of IAM users, which may have two. */
export const handler = makeHandler(accessKeyRotation());
