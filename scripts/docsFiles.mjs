// The files of Swagger UI that the server's documentation page needs, as they come, with their licence.
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

const FILES = {
  'swagger-ui.css': 'swagger-ui.css',
  'swagger-ui-bundle.js': 'swagger-ui-bundle.js',
  LICENSE: 'swagger-ui-LICENSE.txt',
  NOTICE: 'swagger-ui-NOTICE.txt',
};

/** Copies them from node_modules to web/docs/ of the build. */
export function copyDocsFiles(root, dist) {
  const folder = join(dist, 'web', 'docs');
  mkdirSync(folder, { recursive: true });
  for (const [from, to] of Object.entries(FILES))
    copyFileSync(join(root, 'node_modules', 'swagger-ui-dist', from), join(folder, to));
}
