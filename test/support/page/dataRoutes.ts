import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { pageRoutes } from '../../../src/app/serve/page/pageRoutes.ts';
import type { WorkServing } from '../../../src/app/serve/page/workRoutes.ts';
import { silentReporter } from '../../../src/base/core/reporter.ts';
import type { Route } from './pageServer.ts';

/** The page's API over data sets and runs, where `korex serve` has it. */
export function dataRoutes(out: string, data: string | null = null, work?: WorkServing): Route {
  const app = new Hono().route('/app/api', pageRoutes({ out, data, reporter: silentReporter, work }));
  const listen = getRequestListener(app.fetch);
  return async (request, response, { pathname }) => {
    if (!pathname.startsWith('/app/api/')) return false;
    await listen(request, response);
    return true;
  };
}
