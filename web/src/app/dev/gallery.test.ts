import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const HERE = import.meta.dirname;
const shown = readdirSync(HERE)
  .filter((file) => file.endsWith('.svelte'))
  .map((file) => readFileSync(join(HERE, file), 'utf8'))
  .join('\n');
const specimens = new Set([...shown.matchAll(/<Specimen\s+name="(\w+)"/g)].map((found) => found[1]));

const blocks = readdirSync(join(HERE, '../../ui'))
  .filter((file) => file.endsWith('.svelte'))
  .map((file) => file.replace('.svelte', ''));
const OF_TALK = ['MessageRow', 'RoomRow', 'Composer', 'ConnectionLine', 'Separators', 'NewPill', 'JumpButton'];

it('finds the building blocks', () => expect(blocks.length).toBeGreaterThan(40));

it.each([...blocks, ...OF_TALK])('%s is in the gallery, and drawn there', (name) => {
  expect(specimens).toContain(name);
  expect(shown).toMatch(new RegExp(`<${name}[\\s/>]`));
});

it('what is pressed or filled in is shown in every state', () => {
  for (const name of ['Button', 'IconButton', 'Switch', 'Field', 'LongField', 'Row', 'PersonRow']) {
    const opening = new RegExp(`<Specimen\\s+name="${name}"[^>]*states=\\{\\[?\\.*(POINTED|STATES)`);
    expect(shown, name).toMatch(opening);
  }
});
