import type { Localized } from '../core/types.ts';

/** The systems that stage 07 compares, in the order of its table. */
export const SYSTEMS = {
  majority: { ko: '다수 클래스', en: 'Majority label' },
  random_uniform: { ko: '균등 무작위', en: 'Random, uniform' },
  random_weighted: { ko: '분포 기반 무작위', en: 'Random, training priors' },
  untrained: { ko: '학습 전 분류 헤드', en: 'Untrained head' },
  frozen: { ko: '고정 인코더 + 선형 분류기', en: 'Frozen encoder + linear classifier' },
  baseline: { ko: '미세조정 (baseline)', en: 'Fine-tuned (baseline)' },
  weighted: { ko: '미세조정 + 클래스 가중 손실', en: 'Fine-tuned, class-weighted loss' },
} as const satisfies Record<string, Localized>;

export type SystemKey = keyof typeof SYSTEMS;

/** Those that need no model. */
export const BASELINE_KEYS = ['majority', 'random_uniform', 'random_weighted'] as const;
export type BaselineKey = (typeof BASELINE_KEYS)[number];

/** The folders of stage 06 that the table expects; others found there are added under their own names. */
export const RUN_KEYS = ['untrained', 'frozen', 'baseline', 'weighted'] as const;

/** A system's name for people; a run of the user's own is called as its folder. */
export const systemName = (key: string): Localized =>
  Object.hasOwn(SYSTEMS, key) ? SYSTEMS[key as SystemKey] : { ko: key, en: key };
