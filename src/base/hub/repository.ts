/** A repository of the Hub at a revision: a branch, a tag or a commit. */
export interface Repository {
  readonly type: 'model' | 'dataset';
  /** `ORG/NAME`. */
  readonly id: string;
  readonly revision: string;
}

/** The parts of `ORG/NAME` by the rules of huggingface_hub's `validate_repo_id`. */
const PART = /^[A-Za-z0-9]([\w.-]*\w)?$/;
const COMMIT = /^[0-9a-f]{40}$/;

/**
 * `ORG/NAME` or `ORG/NAME@REVISION` as a model; null where a text is neither.
 *
 * @example parseModel('klue/roberta-base@main') // { type: 'model', id: 'klue/roberta-base', revision: 'main' }
 */
export function parseModel(text: string): Repository | null {
  const at = text.indexOf('@');
  const [id, revision] = at < 0 ? [text, 'main'] : [text.slice(0, at), text.slice(at + 1)];
  const parts = id.split('/');
  const valid = parts.length === 2 && parts.every((part) => PART.test(part)) && !/--|\.\.|\.git$/.test(id);
  return valid && id.length <= 96 && isSafePath(revision) ? { type: 'model', id, revision } : null;
}

/** Whether a path with slashes stays in the folder that it is joined to, on every system. */
export const isSafePath = (path: string): boolean =>
  /^[^\\:\p{Cc}]+$/u.test(path) && path.split('/').every((part) => !['', '.', '..'].includes(part));

/** Whether a revision is a commit, which never changes. */
export const isCommit = (revision: string): boolean => COMMIT.test(revision);

/** As people write it: with the revision only where that is not `main`. */
export const nameOf = ({ id, revision }: Repository): string => (revision === 'main' ? id : `${id}@${revision}`);

/** `models--klue--roberta-base`: the repository's folder in the cache. */
export const folderNameOf = ({ type, id }: Repository): string => [`${type}s`, ...id.split('/')].join('--');

/** The repository's page for people. */
export const pageUrl = (endpoint: string, { type, id }: Repository): string =>
  `${endpoint}/${type === 'dataset' ? 'datasets/' : ''}${id}`;

/** Where a file is fetched from. */
export const fileUrl = (endpoint: string, repository: Repository, path: string): string =>
  `${pageUrl(endpoint, repository)}/resolve/${encodeURIComponent(repository.revision)}/${path.split('/').map(encodeURIComponent).join('/')}`;

/** The address that gives a revision's commit and its list of files. */
export const apiUrl = (endpoint: string, { type, id, revision }: Repository): string =>
  `${endpoint}/api/${type}s/${id}/revision/${encodeURIComponent(revision)}`;
