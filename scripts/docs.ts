/** `npm run docs`: writes what is made of docs/ from the code. */
import { readFileSync, writeFileSync } from 'node:fs';
import { withReference } from './recipeReference';

const file = 'docs/recipes.md';
writeFileSync(file, withReference(readFileSync(file, 'utf8')));
console.log(`${file} is what the schema says.`);
