import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { usageError } from '../core/errors.ts';

/** Where the Hub is, who asks, and where downloads are kept. */
export interface HubEnvironment {
  /** Without a slash at its end. */
  readonly endpoint: string;
  /** The folder that holds `models--ORG--NAME` and its like. */
  readonly cache: string;
  /** An access token and where it came from; null for anonymous requests. */
  readonly token: { readonly value: string; readonly origin: string } | null;
  /** No request may be sent. */
  readonly offline: boolean;
}

/**
 * Reads the variables that `huggingface_hub` documents, in its order: `HF_ENDPOINT`, `HF_HUB_CACHE` (older:
 * `HUGGINGFACE_HUB_CACHE`), `HF_HOME`, `XDG_CACHE_HOME`, `HF_TOKEN` (older: `HUGGING_FACE_HUB_TOKEN`), `HF_TOKEN_PATH`,
 * `HF_HUB_OFFLINE` (also `TRANSFORMERS_OFFLINE`). A token that `hf auth login` stored is found.
 *
 * Source: huggingface_hub, `constants.py` and `utils/_auth.py`. Errors: `usage` for an endpoint that is no web address.
 */
export function hubEnvironment(variables: NodeJS.ProcessEnv = process.env): HubEnvironment {
  const home = variables.XDG_CACHE_HOME || join(homedir(), '.cache');
  const hubHome = expanded(variables.HF_HOME || join(home, 'huggingface'));
  return {
    endpoint: checkedEndpoint(variables.HF_ENDPOINT || 'https://huggingface.co'),
    cache: expanded(variables.HF_HUB_CACHE || variables.HUGGINGFACE_HUB_CACHE || join(hubHome, 'hub')),
    token: tokenOf(variables, hubHome),
    offline: isTrue(variables.HF_HUB_OFFLINE || variables.TRANSFORMERS_OFFLINE),
  };
}

const expanded = (path: string): string => path.replace(/^~(?=\/|$)/, homedir());

const isTrue = (value: string | undefined): boolean => /^(1|on|yes|true)$/i.test(value ?? '');

function checkedEndpoint(endpoint: string): string {
  if (URL.canParse(endpoint) && /^https?:$/.test(new URL(endpoint).protocol)) return endpoint.replace(/\/+$/, '');
  throw usageError(
    {
      en: `HF_ENDPOINT is "${endpoint}"; expected a web address such as https://huggingface.co.`,
      ko: `HF_ENDPOINT가 "${endpoint}"이다. https://huggingface.co 같은 웹 주소여야 한다.`,
    },
    { en: 'Correct or unset the variable.', ko: '변수를 고치거나 지운다.' },
  );
}

function tokenOf(variables: NodeJS.ProcessEnv, home: string): HubEnvironment['token'] {
  for (const name of ['HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN']) {
    const value = variables[name]?.trim();
    if (value) return { value, origin: name };
  }
  const path = expanded(variables.HF_TOKEN_PATH || join(home, 'token'));
  try {
    const value = readFileSync(path, 'utf8').trim();
    return value === '' ? null : { value, origin: path };
  } catch {
    return null;
  }
}
