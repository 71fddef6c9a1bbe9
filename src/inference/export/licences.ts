import { basename } from 'node:path';
import { bundledLicence } from '../../engine/nn/bundledModels.ts';

/** A licence by its usual name and the Hub's id for it. */
export interface Licence {
  readonly name: string;
  readonly hubId: string;
  /** Whether what derives from it must stay under it. */
  readonly shareAlike: boolean;
}

export interface BaseModel {
  readonly name: string;
  /** Null for an encoder of a folder. */
  readonly hubId: string | null;
  /** Null where korex does not know it. */
  readonly licence: Licence | null;
}

export interface DataSource {
  readonly name: string;
  /** Null for data that is not on the Hub. */
  readonly hubId: string | null;
  readonly licence: Licence;
}

/** What a model derives from; null where that is not recorded or not known. */
export interface Sources {
  readonly base: BaseModel | null;
  readonly data: DataSource | null;
}

export const LICENCES = {
  MIT: { name: 'MIT', hubId: 'mit', shareAlike: false },
  'Apache-2.0': { name: 'Apache-2.0', hubId: 'apache-2.0', shareAlike: false },
  'CC BY-SA 4.0': { name: 'CC BY-SA 4.0', hubId: 'cc-by-sa-4.0', shareAlike: true },
} as const satisfies Record<string, Licence>;

const KLUE: DataSource = { name: 'KLUE-RE v1.1', hubId: 'klue/klue', licence: LICENCES['CC BY-SA 4.0'] };
const SAMPLE: DataSource = {
  name: 'korex’s embedded sample (invented sentences)',
  hubId: null,
  licence: LICENCES['Apache-2.0'],
};
/** What `tools/entities/prepare.mjs` lays out. */
const ENTITIES: DataSource = {
  name: 'KLUE-NER and KLUE-RE v1.1, konne, and 1,320 of KLUE’s sentences whose entities were annotated for korex',
  hubId: 'klue/klue',
  licence: LICENCES['CC BY-SA 4.0'],
};
const UNKNOWN: Licence = { name: 'not known to korex: check its sources', hubId: 'other', shareAlike: false };

/** The data of a run by the name that `--data` gave it; KLUE's files keep its name in theirs. */
export function dataSourceOf(name: string | undefined): DataSource | null {
  if (name === 'sample') return SAMPLE;
  if (name?.startsWith('korex-entities')) return ENTITIES;
  return name !== undefined && /^klue(-re)?\b/i.test(name) ? KLUE : null;
}

/** The base of all bundled models. */
const E5 = 'intfloat/multilingual-e5-small';

/** The encoder of a run by the name that `--encoder` gave it. `licences` are those known, by encoder. */
export function baseModelOf(name: string | undefined, licences: ReadonlyMap<string, string>): BaseModel | null {
  if (name === undefined) return null;
  const bundled = bundledLicence(name);
  if (bundled !== undefined) return { name: basename(name), hubId: E5, licence: LICENCES[bundled] };
  const hubId = /^[\w.-]+\/[\w.-]+$/.test(name) ? name : null;
  const licence = licences.get(name);
  const known = licence !== undefined && Object.hasOwn(LICENCES, licence);
  return { name, hubId, licence: known ? LICENCES[licence as keyof typeof LICENCES] : null };
}

/** The licence of what derives from both: the one that must be kept, else the encoder's. */
export function licenceOf({ base, data }: Sources): Licence {
  if (!base?.licence || !data) return UNKNOWN;
  return data.licence.shareAlike ? data.licence : base.licence;
}
