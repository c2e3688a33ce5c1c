/** Values of environment variables, as in process.env. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The secret in a file. @throws Error that says why it cannot be read, without its text */
export type ReadSecret = (file: string) => string;

/**
 * `${NAME}` and `${NAME:-default}` would upset YAML wherever braces, colons or hashes mean something: `[${A}]`, `{url: ${B}}`.
 * They are hidden before parsing, one private-use character for each ASCII character, so that positions stay exact, and
 * looked up in each parsed scalar. Comments are never looked at, and no value of a variable is ever read as YAML.
 */
const PRIVATE_USE = 0xe000;
const REFERENCE = /\$\{[^}\n]*\}/g;
const HIDDEN = /[\uE000-\uE07F]/g;

export function hideReferences(text: string): string {
  return text.replaceAll(REFERENCE, (reference) =>
    reference.replaceAll(/[\t -~]/g, (letter) => String.fromCharCode(PRIVATE_USE + letter.charCodeAt(0))),
  );
}

export function showReferences(text: string): string {
  return text.replaceAll(HIDDEN, (letter) => String.fromCharCode(letter.charCodeAt(0) - PRIVATE_USE));
}

export interface Expansion {
  readonly text: string;
  /** A variable was replaced: a scalar without quotes must be read again (`${PORT}` is a number). Secrets stay text. */
  readonly changed: boolean;
  /** What could not be replaced, one message each. */
  readonly mistakes: readonly string[];
}

/** What stands for the contents of a file. */
const SECRET = 'file:';

/**
 * Replaces `${NAME}` (an error when unset), `${NAME:-default}` (the default also when empty, as in a shell), `${file:PATH}` (the text of a
 * file, as secrets are handed to containers) and, as MapProxy does, `$NAME` when that is set. `$${` stands for `${`.
 */
export function expand(text: string, env: Environment, readSecret: ReadSecret): Expansion {
  const mistakes: string[] = [];
  let hasSecret = false;
  const replaced = text.replaceAll(/\$\$\{|\$\{([^}\n]*)\}|\$([A-Za-z_]\w*)/g, (all, inBraces?: string, bare?: string) => {
    if (all === '$${') return '${';
    if (bare !== undefined) return env[bare] ?? all;
    if (inBraces?.startsWith(SECRET) !== true) return expandBraces(inBraces ?? '', env, mistakes);
    hasSecret = true;
    return expandSecret(inBraces.slice(SECRET.length), readSecret, mistakes);
  });
  return { text: replaced, changed: replaced !== text && !hasSecret, mistakes };
}

function expandSecret(file: string, readSecret: ReadSecret, mistakes: string[]): string {
  try {
    return readSecret(file);
  } catch (error) {
    mistakes.push(`the secret '${file}' ${error instanceof Error ? error.message : String(error)}`);
    return '';
  }
}

function expandBraces(inside: string, env: Environment, mistakes: string[]): string {
  const parts = /^([A-Za-z_]\w*)(?::-(.*))?$/.exec(inside);
  const name = parts?.[1];
  if (name === undefined) {
    mistakes.push(`'\${${inside}}' is not a reference to a variable; allowed: \${NAME}, \${NAME:-default}, \${file:PATH}; '$\${' stands for '\${'`);
    return '';
  }
  const fallback = parts?.[2];
  const value = env[name];
  if (fallback !== undefined) return value === undefined || value === '' ? fallback : value;
  if (value === undefined) mistakes.push(`the environment variable ${name} is not set, and no default is given (\${${name}:-default})`);
  return value ?? '';
}
