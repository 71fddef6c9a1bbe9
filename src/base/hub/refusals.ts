import { failure, type KorexError, usageError } from '../core/errors.ts';
import type { HubEnvironment } from './environment.ts';
import { nameOf, pageUrl, type Repository } from './repository.ts';

/** An error answer of the Hub that a retry cannot help. */
export interface Refusal {
  readonly status: number;
  /** The Hub's `X-Error-Code`, such as `GatedRepo`. */
  readonly code: string | null;
  /** The Hub's `X-Error-Message`. */
  readonly message: string | null;
  readonly url: string;
}

/**
 * A refusal in words, with what to do. The Hub answers 401 for repositories that do not exist as well, so as not to
 * reveal which private ones do.
 *
 * Source: huggingface_hub, `utils/_http.py`, `hf_raise_for_status`.
 */
export function refusalError(refusal: Refusal, repository: Repository, environment: HubEnvironment): KorexError {
  const { status, code, message, url } = refusal;
  const { endpoint, token } = environment;
  const name = nameOf(repository);
  const page = pageUrl(endpoint, repository);
  const access = `${endpoint}/settings/tokens`;
  if (code === 'GatedRepo')
    return usageError(
      `${name} is gated: only accounts that accepted its owners’ terms may read it (${status}).`,
      token
        ? `Accept the terms on ${page} with the account of the token (from ${token.origin}), and let the token read gated repositories.`
        : `Accept the terms on ${page}, make a token on ${access} and set HF_TOKEN to it.`,
    );
  if (code === 'RevisionNotFound')
    return usageError(
      `${repository.id} has no revision "${repository.revision}".`,
      `${page}/tree/main lists its branches and tags; without @REVISION the branch main is taken.`,
    );
  if (code === 'EntryNotFound' || (status === 404 && url.includes('/resolve/')))
    return usageError(`${name} has no file ${url}.`, `${page}/tree/main lists its files.`);
  if (status === 401 && token && code !== 'RepoNotFound')
    return usageError(
      `The Hub does not accept the access token from ${token.origin} (401${message ? `: ${message}` : ''}).`,
      `Make a new one on ${access}, or unset it: public repositories need none.`,
    );
  if (status === 401 || status === 404 || code === 'RepoNotFound')
    return usageError(
      `The Hub has no ${repository.type} ${repository.id}, or it is private (${status}).${repository.type === 'model' ? ' Nor is there a folder of that name here.' : ''}`,
      token
        ? `Check the name on ${endpoint}. If it is private, the token (from ${token.origin}) must be of an account that may read it.`
        : `Check the name on ${endpoint}. If it is private, make a token on ${access} and set HF_TOKEN to it.`,
    );
  if (status === 403)
    return usageError(
      `The Hub does not let you read ${name} (403${message ? `: ${message}` : ''}).`,
      token
        ? `Let the token from ${token.origin} read this repository (${access}).`
        : `Make a token on ${access} that may read it, and set HF_TOKEN to it.`,
    );
  return failure(
    `${url} answered ${status}${message ? `: ${message}` : ''}.`,
    `Look at ${page} in a browser, and at HF_ENDPOINT if you set it.`,
  );
}
