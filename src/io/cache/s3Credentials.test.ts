import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findS3Credentials } from './s3Credentials.ts';

/** Danger: tiles written with another account's rights, or requests refused for want of a token. */
describe('credentials for S3', () => {
  let directory = '';
  let file = '';
  beforeAll(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'aws-'));
    file = path.join(directory, 'credentials');
    writeFileSync(file, '# example\n[default]\naws_access_key_id = D\naws_secret_access_key=d/=+\n\n[other]\naws_access_key_id=O\naws_secret_access_key=o\naws_session_token=t\n[half]\naws_access_key_id=H\n');
  });
  afterAll(() => rmSync(directory, { recursive: true }));
  const env = (more: Readonly<Record<string, string>> = {}) => ({ AWS_SHARED_CREDENTIALS_FILE: file, ...more });
  const KEYS = { AWS_ACCESS_KEY_ID: 'E', AWS_SECRET_ACCESS_KEY: 'e' };

  it('come from the environment, with a token if there is one', async () => {
    expect(await findS3Credentials(null, env(KEYS))).toEqual({ accessKeyId: 'E', secretAccessKey: 'e', sessionToken: null });
    expect(await findS3Credentials(null, env({ ...KEYS, AWS_SESSION_TOKEN: 's' }))).toMatchObject({ sessionToken: 's' });
  });

  it("else from the profile 'default', or the one that is named", async () => {
    expect(await findS3Credentials(null, env())).toEqual({ accessKeyId: 'D', secretAccessKey: 'd/=+', sessionToken: null });
    expect(await findS3Credentials(null, env({ AWS_PROFILE: 'other' }))).toEqual({ accessKeyId: 'O', secretAccessKey: 'o', sessionToken: 't' });
  });

  it('a profile of the configuration goes before the environment', async () => {
    expect(await findS3Credentials('other', env(KEYS))).toMatchObject({ accessKeyId: 'O' });
  });

  it('there may be none; but a profile that is named must be there', async () => {
    expect(await findS3Credentials(null, { AWS_SHARED_CREDENTIALS_FILE: path.join(directory, 'nothing') })).toBeNull();
    await expect(findS3Credentials('nobody', env(KEYS))).rejects.toThrow("'nobody'");
    await expect(findS3Credentials('half', env())).rejects.toThrow("'half'");
  });
});
