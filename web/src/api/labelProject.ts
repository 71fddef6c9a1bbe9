import type {
  LabelAction,
  LabelAddedRow,
  LabelAgreement,
  LabelChange,
  LabelEntity,
  LabelExportFormat,
  LabelFilter,
  LabelHistory,
  LabelListed,
  LabelNextResponse,
  LabelProject,
  LabelRole,
  LabelSuggestions,
  LabelTask,
  LabelTrain,
} from '../../../src/inference/predict/api/labelSchema.ts';
import { rememberedText } from '../state/storage.ts';
import { ApiError, request, requestJson } from './http.ts';

/** The label API of `korex label`. */

/** Who labels in this browser, where nothing else says so. */
export const personName = rememberedText('person');

const headers = (): Record<string, string> =>
  personName.value === null ? {} : { 'x-korex-person': encodeURIComponent(personName.value) };
const get = <T>(path: string, signal?: AbortSignal): Promise<T> =>
  requestJson<T>(`v1/label/${path}`, { headers: headers(), signal });
const post = <T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> =>
  requestJson<T>(`v1/label/${path}`, { method: 'POST', body, headers: headers(), signal });

/** Null where the server has no project: `korex serve`. */
export async function readProject(signal?: AbortSignal): Promise<LabelProject | null> {
  try {
    return await get<LabelProject>('project', signal);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

export interface NextWanted {
  readonly filter?: LabelFilter;
  readonly role?: LabelRole;
  readonly not?: readonly number[];
}
export const nextTask = (wanted: NextWanted) => post<LabelNextResponse>('next', wanted);
export const openTask = (sentence: number, role: LabelRole) => post<LabelTask>('open', { sentence, role });
/** The same key sent twice does nothing twice, so that a request whose answer was lost can be sent again. */
export const act = (sentence: number, actions: readonly LabelAction[], role: LabelRole, key: string) =>
  post<LabelTask>('do', { sentence, actions, role, key });
export const undoLast = (role: LabelRole) => post<LabelNextResponse>('undo', { role });
export const suggest = (sentence: number, entities: readonly LabelEntity[]) =>
  post<LabelSuggestions>('suggest', { sentence, entities });
export const listSentences = (filter: LabelFilter, offset: number, limit: number, signal?: AbortSignal) =>
  post<LabelListed>('list', { filter, offset, limit }, signal);
export const readHistory = (sentence: number, signal?: AbortSignal) =>
  post<LabelHistory>('history', { sentence }, signal);
export const changeProject = (change: LabelChange) => post<LabelProject>('change', change);
export const addRows = (rows: readonly LabelAddedRow[]) => post<{ added: number; known: number }>('add', { rows });
export const readAgreement = (signal?: AbortSignal) => get<LabelAgreement>('agreement', signal);
export const startTraining = (options: LabelTrain) => post<LabelProject>('train', options);
export const promoteRound = (round: number) => post<LabelProject>('promote', { round });

/** The labels so far as a file. */
export async function exportLabels(
  format: LabelExportFormat,
  people: boolean,
): Promise<{ name: string; text: string }> {
  const response = await request('v1/label/export', { method: 'POST', body: { format, people }, headers: headers() });
  const name = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1];
  return { name: decodeURIComponent(name ?? 'labels'), text: await response.text() };
}
