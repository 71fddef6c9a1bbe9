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
      {
        en: `${name} is gated: only accounts that accepted its owners’ terms may read it (${status}).`,
        ko: `${name}: 소유자의 약관에 동의한 계정만 읽을 수 있다(${status}).`,
      },
      token
        ? {
            en: `Accept the terms on ${page} with the account of the token (from ${token.origin}), and let the token read gated repositories.`,
            ko: `토큰(${token.origin})의 계정으로 ${page}에서 약관에 동의하고, 그 토큰이 이런 저장소를 읽을 수 있게 한다.`,
          }
        : {
            en: `Accept the terms on ${page}, make a token on ${access} and set HF_TOKEN to it.`,
            ko: `${page}에서 약관에 동의하고, ${access}에서 토큰을 만들어 HF_TOKEN에 넣는다.`,
          },
    );
  if (code === 'RevisionNotFound')
    return usageError(
      {
        en: `${repository.id} has no revision "${repository.revision}".`,
        ko: `${repository.id}: 리비전 "${repository.revision}"이(가) 없다.`,
      },
      {
        en: `${page}/tree/main lists its branches and tags; without @REVISION the branch main is taken.`,
        ko: `브랜치와 태그의 목록: ${page}/tree/main. @REVISION을 쓰지 않으면 main 브랜치이다.`,
      },
    );
  if (code === 'EntryNotFound' || (status === 404 && url.includes('/resolve/')))
    return usageError(
      { en: `${name} has no file ${url}.`, ko: `${name}: 파일 ${url}이(가) 없다.` },
      { en: `${page}/tree/main lists its files.`, ko: `파일 목록: ${page}/tree/main` },
    );
  if (status === 401 && token && code !== 'RepoNotFound')
    return usageError(
      {
        en: `The Hub does not accept the access token from ${token.origin} (401${message ? `: ${message}` : ''}).`,
        ko: `Hub가 접근 토큰(${token.origin})을 받지 않는다(401${message ? `: ${message}` : ''}).`,
      },
      {
        en: `Make a new one on ${access}, or unset it: public repositories need none.`,
        ko: `${access}에서 새 토큰을 만들거나, 토큰을 지운다. 공개 저장소에는 토큰이 필요 없다.`,
      },
    );
  if (status === 401 || status === 404 || code === 'RepoNotFound')
    return usageError(
      {
        en: `The Hub has no ${repository.type} ${repository.id}, or it is private (${status}).${repository.type === 'model' ? ' Nor is there a folder of that name here.' : ''}`,
        ko: `Hub에 없거나 비공개이다(${status}): ${repository.id}.${repository.type === 'model' ? ' 같은 이름의 폴더도 없다.' : ''}`,
      },
      token
        ? {
            en: `Check the name on ${endpoint}. If it is private, the token (from ${token.origin}) must be of an account that may read it.`,
            ko: `${endpoint}에서 이름을 확인한다. 비공개라면 토큰(${token.origin})의 계정에 읽을 권한이 있어야 한다.`,
          }
        : {
            en: `Check the name on ${endpoint}. If it is private, make a token on ${access} and set HF_TOKEN to it.`,
            ko: `${endpoint}에서 이름을 확인한다. 비공개라면 ${access}에서 토큰을 만들어 HF_TOKEN에 넣는다.`,
          },
    );
  if (status === 403)
    return usageError(
      {
        en: `The Hub does not let you read ${name} (403${message ? `: ${message}` : ''}).`,
        ko: `Hub가 읽기를 허락하지 않는다: ${name} (403${message ? `: ${message}` : ''})`,
      },
      token
        ? {
            en: `Let the token from ${token.origin} read this repository (${access}).`,
            ko: `토큰(${token.origin})이 이 저장소를 읽을 수 있게 한다(${access}).`,
          }
        : {
            en: `Make a token on ${access} that may read it, and set HF_TOKEN to it.`,
            ko: `${access}에서 읽을 수 있는 토큰을 만들어 HF_TOKEN에 넣는다.`,
          },
    );
  return failure(
    {
      en: `${url} answered ${status}${message ? `: ${message}` : ''}.`,
      ko: `${url}: 상태 코드 ${status}로 답했다${message ? `: ${message}` : ''}.`,
    },
    {
      en: `Look at ${page} in a browser, and at HF_ENDPOINT if you set it.`,
      ko: `브라우저로 ${page}을(를) 열어 보고, HF_ENDPOINT를 정했다면 그 값도 확인한다.`,
    },
  );
}
