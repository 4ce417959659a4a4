import { expect, it } from 'vitest';
import { path, routeOf } from './route';

it('reads every address that it writes', () => {
  expect(routeOf(path.home)).toEqual({ page: 'home' });
  expect(routeOf(path.settings)).toEqual({ page: 'settings' });
  expect(routeOf(path.browse)).toEqual({ page: 'browse' });
  expect(routeOf(path.room('r1'))).toEqual({ page: 'room', room: 'r1', message: '' });
  expect(routeOf(path.room('r1', 'm2'))).toEqual({ page: 'room', room: 'r1', message: 'm2' });
  expect(routeOf(path.invite('a b/c'))).toEqual({ page: 'invite', code: 'a b/c' });
});

it('leads home from addresses that mean nothing', () => {
  for (const odd of ['/nowhere', '/room', '/invite', '//', '/room/']) expect(routeOf(odd)).toEqual({ page: 'home' });
  expect(routeOf('/invite/%E0%A4%A')).toEqual({ page: 'invite', code: '%E0%A4%A' });
});
