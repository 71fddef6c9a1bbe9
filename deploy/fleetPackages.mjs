// Makes the optional packages of a fleet (queue, object storage) dependencies in the package.json of an image being built: npm
// installs none of what is also a development dependency there. The lock file still says which versions.
import { readFileSync, writeFileSync } from 'node:fs';

const {
  peerDependencies,
  peerDependenciesMeta: _,
  devDependencies: __,
  ...rest
} = JSON.parse(readFileSync('package.json', 'utf8'));
const dependencies = { ...rest.dependencies, ...peerDependencies };
writeFileSync('package.json', JSON.stringify({ ...rest, dependencies }, null, 2));
