import { expect, it, vi } from 'vitest';
import { CommunitySettings } from './settings.svelte';

const answers: (object | Error)[] = [];
const sent: [string, object][] = [];
vi.mock('../../wire/http', () => ({
  get: () => Promise.resolve({ name: 'Elm Street', sign_up: 'invite', guests: true, locked: ['credits'] }),
  patch: (path: string, body: object) => {
    sent.push([path, body]);
    const answer = answers.shift();
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  },
}));

it('shows a change at once, and says what it was before', async () => {
  const settings = new CommunitySettings();
  await settings.load();
  answers.push({ name: 'Oak Street', sign_up: 'invite' });
  const saving = settings.save('name', 'Oak Street');
  expect(settings.value?.name).toBe('Oak Street');
  expect(await saving).toBe('Elm Street');
  expect(sent.splice(0)).toEqual([['settings', { name: 'Oak Street' }]]);
});

it('asks nothing when nothing changes', async () => {
  const settings = new CommunitySettings();
  await settings.load();
  expect(await settings.save('guests', true)).toBeUndefined();
  expect(sent).toEqual([]);
});

it('takes back what was refused, and says why at that very setting', async () => {
  const settings = new CommunitySettings();
  await settings.load();
  answers.push(Object.assign(new Error(), { text: 'Not that one.' }));
  expect(await settings.save('name', 'Oak Street')).toBeUndefined();
  expect(settings.value?.name).toBe('Elm Street');
  expect(settings.refused.name).toBe('Not that one.');
  sent.splice(0);
});

it('knows what the configuration file has fixed', async () => {
  const settings = new CommunitySettings();
  expect(settings.isLocked('credits')).toBe(false);
  await settings.load();
  expect(settings.isLocked('credits')).toBe(true);
  expect(settings.isLocked('name')).toBe(false);
});
