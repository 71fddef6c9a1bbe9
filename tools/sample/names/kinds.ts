import type { EntityType, Word } from '../types.ts';
import { dateWord, type NamePart, type World, YEAR_NAMES } from '../world.ts';
import {
  AGENCIES,
  COMPANY_STEMS,
  INTERNATIONAL_ASSOCIATIONS,
  NATIONAL_ASSOCIATIONS,
  ORGANIZATION_LISTS,
  SECTORS,
} from './organizations.ts';
import { FOREIGN_NAMES, GIVEN_NAMES, SURNAMES } from './people.ts';
import { COUNTRIES, PROVINCES } from './places.ts';
import { THING_LISTS, WORK_TITLES } from './things.ts';

/** A kind of word that a slot can ask for. */
export interface Kind {
  readonly type: EntityType;
  draw(world: World): Word;
}

/** All kinds by the name that templates use. */
export const KINDS: Readonly<Record<string, Kind>> = {
  // People: Korean, Korean of the same family as the first, and the same from abroad.
  per: { type: 'PER', draw: (world) => koreanPerson(world, false) },
  kin: { type: 'PER', draw: (world) => koreanPerson(world, true) },
  fper: { type: 'PER', draw: (world) => foreignPerson(world, false) },
  fkin: { type: 'PER', draw: (world) => foreignPerson(world, true) },
  stage: listKind('PER', THING_LISTS.stage),
  ho: listKind('PER', THING_LISTS.ho),

  company: { type: 'ORG', draw: (world) => company(world, world.pick(Object.values(SECTORS))) },
  tech: { type: 'ORG', draw: (world) => company(world, SECTORS.tech) },
  soft: { type: 'ORG', draw: (world) => company(world, SECTORS.soft) },
  pharma: { type: 'ORG', draw: (world) => company(world, SECTORS.pharma) },
  foodco: { type: 'ORG', draw: (world) => company(world, SECTORS.foodco) },
  assoc: { type: 'ORG', draw: (world) => abbreviated(world.pick(NATIONAL_ASSOCIATIONS[world.split])) },
  intl: { type: 'ORG', draw: (world) => abbreviated(world.pick(INTERNATIONAL_ASSOCIATIONS[world.split])) },
  agency: { type: 'ORG', draw: (world) => abbreviated(world.pick(AGENCIES[world.split])) },
  ...listKinds('ORG', ORGANIZATION_LISTS),

  city: { type: 'LOC', draw: koreanTown },
  prov: { type: 'LOC', draw: province },
  country: { type: 'LOC', draw: country },
  fcity: { type: 'LOC', draw: foreignCity },

  ...Object.fromEntries(
    YEAR_NAMES.map((name) => [name, { type: 'DAT', draw: (world: World) => dateWord(world, world.years[name]) }]),
  ),
  past: { type: 'DAT', draw: (world) => dateWord(world, 1903 + world.draw(60)) },
  date: { type: 'DAT', draw: (world) => ({ text: `${1 + world.draw(12)}월 ${1 + world.draw(28)}일` }) },
  day: { type: 'DAT', draw: (world) => ({ text: `${1 + world.draw(28)}일` }) },

  staff: { type: 'NOH', draw: (world) => people(world, 60, 4000) },
  crew: { type: 'NOH', draw: (world) => people(world, 11, 90) },
  nations: { type: 'NOH', draw: (world) => ({ text: `${12 + world.draw(60)}개국` }) },
  branches: { type: 'NOH', draw: (world) => ({ text: `${5 + world.draw(80)}곳` }) },
  money: { type: 'NOH', draw: (world) => ({ text: `${2 + world.draw(48)}억 원` }) },
  age: { type: 'NOH', draw: (world) => ({ text: `${24 + world.draw(50)}` }) },

  ...listKinds('POH', { ...withoutNames(THING_LISTS) }),
  work: { type: 'POH', draw: title },
};

type Lists = Readonly<Record<string, Readonly<Record<World['split'], readonly string[]>>>>;

function listKind(type: EntityType, words: Lists[string]): Kind {
  return { type, draw: (world) => ({ text: world.pick(words[world.split]) }) };
}

function listKinds(type: EntityType, lists: Lists): Record<string, Kind> {
  return Object.fromEntries(Object.entries(lists).map(([name, words]) => [name, listKind(type, words)]));
}

/** The lists of things but for stage and pen names, which name people. */
function withoutNames({ stage: _stage, ho: _ho, ...things }: typeof THING_LISTS): Lists {
  return things;
}

function koreanPerson(world: World, kin: boolean): Word {
  const surname = (kin && world.kin.korean) || unused(world, SURNAMES);
  world.kin.korean ??= surname;
  const given = unused(world, GIVEN_NAMES[world.split]);
  return { text: surname[0] + given[0], forms: { sur: surname[0], given: given[0], hanja: surname[1] + given[1] } };
}

function foreignPerson(world: World, kin: boolean): Word {
  const { first, family } = FOREIGN_NAMES[world.split];
  const surname = (kin && world.kin.foreign) || unused(world, family);
  world.kin.foreign ??= surname;
  const given = unused(world, first);
  return { text: `${given[0]} ${surname[0]}`, forms: { latin: `${given[1]} ${surname[1]}` } };
}

/** A part of a name that nobody in the sentence bears: people who are not kin do not look like it. */
function unused(world: World, names: readonly NamePart[]): NamePart {
  const name = world.pick(names.filter(([korean]) => !world.borne.has(korean)));
  world.borne.add(name[0]);
  return name;
}

function company(world: World, sectors: readonly (readonly [string, string])[]): Word {
  const stem = world.pick(COMPANY_STEMS[world.split]);
  const sector = world.pick(sectors);
  return { text: stem[0] + sector[0], forms: { latin: `${stem[1]} ${sector[1]}`, stem: stem[0] } };
}

function abbreviated([text, abbr, short]: readonly [string, string, string]): Word {
  return { text, forms: { abbr, short } };
}

function koreanTown(world: World): Word {
  const { text, forms } = province(world);
  return { text: forms!.city!, forms: { prov: text } };
}

function province(world: World): Word {
  const [name, towns] = world.pick(Object.entries(PROVINCES[world.split]));
  return { text: name, forms: { city: world.pick(towns) } };
}

function foreignCity(world: World): Word {
  const { text, forms } = country(world);
  return { text: forms!.city!, forms: { country: text } };
}

function country(world: World): Word {
  const [name, cities] = world.pick(Object.entries(COUNTRIES[world.split]));
  return { text: name, forms: { city: world.pick(cities) } };
}

/** A head count, exact (`1,240명`) or rounded (`320여 명`). */
function people(world: World, min: number, max: number): Word {
  const n = min + world.draw(max - min);
  return {
    text:
      world.draw(2) === 0
        ? `${n.toLocaleString('en-US')}명`
        : `${(Math.ceil(n / 10) * 10).toLocaleString('en-US')}여 명`,
  };
}

function title(world: World): Word {
  const { modifiers, nouns } = WORK_TITLES[world.split];
  return { text: `${world.pick(modifiers)} ${world.pick(nouns)}` };
}
