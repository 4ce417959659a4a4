import { expect, it } from 'vitest';
import { depthOf, routeOf } from './route';

const depth = (path: string): number => depthOf(routeOf(path));

it('the places of the bar below are of one depth, so that nobody travels between them', () => {
  for (const path of ['/', '/mentions', '/people', '/settings']) expect(depth(path), path).toBe(0);
});

it('what belongs to a place lies deeper than it', () => {
  for (const [above, below] of [
    ['/', '/room/r'],
    ['/', '/search'],
    ['/search', '/room/r'],
    ['/', '/browse'],
    ['/settings', '/settings/look'],
    ['/admin', '/admin/members'],
    ['/admin/members', '/admin/members/m'],
  ] as const) {
    expect(depth(below), below).toBeGreaterThan(depth(above));
  }
});
