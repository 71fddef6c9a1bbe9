import '../src/api/withoutEval.ts';

export * from '../../src/app/web/openModel.ts';
