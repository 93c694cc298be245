import { makeHandler } from '../../../handlers/make-handler';
import { accessKeyRotation } from '../../../handlers/rotate-iam-access-key/access-key-rotation';

/** The function as it is bundled, with IAM and STS of the test's own. */
export const handler = makeHandler(accessKeyRotation({ iamEndpoint: process.env.TEST_IAM, stsEndpoint: process.env.TEST_IAM }));
