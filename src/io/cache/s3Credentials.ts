import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GatewayError } from '../../errors.ts';
import type { S3Credentials } from './store/s3.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Credentials where the tools of AWS look for them: without a profile AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and
 * AWS_SESSION_TOKEN first, then the profile (AWS_PROFILE, else 'default') in AWS_SHARED_CREDENTIALS_FILE, else
 * ~/.aws/credentials. null = there are none: requests are not signed. Roles of machines are not asked for.
 * @throws GatewayError CONFIG_INVALID where a profile is named that is not there
 */
export async function findS3Credentials(profile: string | null, env: Environment): Promise<S3Credentials | null> {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = env;
  if (profile === null && id !== undefined && secret !== undefined) return { accessKeyId: id, secretAccessKey: secret, sessionToken: token ?? null };
  const named = profile ?? env['AWS_PROFILE'];
  const file = env['AWS_SHARED_CREDENTIALS_FILE'] ?? join(env['HOME'] ?? env['USERPROFILE'] ?? '', '.aws', 'credentials');
  const section = sectionOf(await readFile(file, 'utf8').catch(() => ''), named ?? 'default');
  const [accessKeyId, secretAccessKey] = [section.get('aws_access_key_id'), section.get('aws_secret_access_key')];
  if (accessKeyId !== undefined && secretAccessKey !== undefined) {
    return { accessKeyId, secretAccessKey, sessionToken: section.get('aws_session_token') ?? null };
  }
  if (named === undefined) return null;
  throw new GatewayError('CONFIG_INVALID', `there are no credentials of the profile '${named}' in the credentials file of AWS`, { locator: 'profile_name' });
}

/** The entries of one `[section]` of an INI file. */
function sectionOf(text: string, name: string): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  let isHere = false;
  for (const line of text.split(/\r?\n/)) {
    const head = /^\s*\[\s*(.+?)\s*\]/.exec(line);
    if (head !== null) isHere = head[1] === name;
    const entry = isHere ? /^\s*([^#;=\s]+)\s*=\s*(.*?)\s*$/.exec(line) : null;
    if (entry !== null) entries.set(entry[1]!.toLowerCase(), entry[2]!);
  }
  return entries;
}
