// Runs dependency-cruiser over build/import-rules.cjs. Its own command line calls it a success when it could read no
// TypeScript at all ("0 modules cruised"), which happened with a compiler it did not know.
import './node-version.mjs';
import { cruise } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import path from 'node:path';
import { ROOT } from './process.mjs';

process.chdir(ROOT);
const options = await extractOptions(path.join(import.meta.dirname, 'import-rules.cjs'));
const { output } = await cruise(['shared', 'electron', 'renderer', 'test', 'build'], options, undefined, {
  tsConfig: extractTSConfig('tsconfig.base.json'),
});
if (typeof output === 'string') throw new Error(output);

const { violations, totalCruised } = output.summary;
for (const { rule, from, to, cycle } of violations) {
  const route = cycle ? [from, ...cycle.map((step) => step.name)] : [from, to];
  console.error(`${rule.name}: ${route.join(' -> ')}`);
}
// One file per folder would be read without TypeScript too: the JavaScript of build/.
const typescript = output.modules.filter(({ source }) =>
  /^(shared|electron|renderer)\/.*\.tsx?$/.test(source),
).length;
if (typescript === 0) console.error('imports: no TypeScript was read, so nothing was checked');
console.log(`imports: ${violations.length} forbidden in ${totalCruised} modules`);
process.exitCode = violations.length > 0 || typescript === 0 ? 1 : 0;
