import { expect, test } from 'vitest';
import { checkInstalled } from './optionalPackage.ts';

test('packages that are there pass, others are named with the command that installs them', () => {
  const purpose = { en: 'Charts', ko: '차트' };
  checkInstalled(['vega', 'zod'], purpose);
  const check = () => checkInstalled(['zod', 'korex-no-such-package'], purpose);
  expect(check).toThrow('Charts need packages that are not installed: korex-no-such-package.');
  expect(check).toThrow(
    expect.objectContaining({
      kind: 'failed',
      hint: 'npm install korex-no-such-package',
      words: expect.objectContaining({
        message: expect.objectContaining({
          ko: '차트에 필요한 패키지가 설치되어 있지 않다: korex-no-such-package.',
        }),
      }),
    }),
  );
});
