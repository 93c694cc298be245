import { rotationHandler } from 'cdk-secretsmanager-patterns/rotation-runtime';
import { KeysApi } from './keys-api';

const api = new KeysApi(process.env.API_URL!);

/** Rotates the API's key: the secret holds `{ "keyId": …, "key": … }`, and the account has no keys but those of the secret. */
export const handler = rotationHandler({
  async create({ current, versionId, signal }) {
    const { id, key } = await api.create((await current()).field('key'), versionId, signal);
    return { keyId: id, key };
  },

  // The new key is live from the start. What has to go is the last but one, and what rotations left that were given up.
  async set({ current, pending, signal }) {
    const next = await pending();
    const live = [(await current()).field('keyId'), next.field('keyId')];
    for (const id of await api.list(next.field('key'), signal)) {
      if (!live.includes(id)) {
        await api.revoke(id, next.field('key'), signal);
      }
    }
  },

  async test({ pending, signal }) {
    await api.use((await pending()).field('key'), signal);
  },
});
