import { expect, it } from 'vitest';
import { ADMIN, path, routeOf, SETTINGS, type Route } from './route';

const read = (address: string): Route => {
  const [pathname = '', fragment] = address.split('#');
  return routeOf(pathname, fragment);
};

it('reads every address that it writes', () => {
  expect(read(path.home)).toEqual({ page: 'home' });
  for (const page of ['browse', 'people', 'mentions', 'catchup', 'support', 'outbox', 'search'] as const) expect(read(path[page])).toEqual({ page });
  expect(read(path.settings)).toEqual({ page: 'settings', section: '' });
  for (const section of SETTINGS) expect(read(path.settingsOf(section))).toEqual({ page: 'settings', section });
  expect(read(path.admin)).toEqual({ page: 'admin', section: '', subject: '' });
  for (const section of ADMIN) {
    expect(read(path.adminOf(section))).toEqual({ page: 'admin', section, subject: '' });
    expect(read(path.adminOf(section, 'p1'))).toEqual({ page: 'admin', section, subject: 'p1' });
  }
  expect(read(path.room('r1'))).toEqual({ page: 'room', room: 'r1', message: '' });
  expect(read(path.room('r1', 'm2'))).toEqual({ page: 'room', room: 'r1', message: 'm2' });
  expect(read(path.invite('a b/c'))).toEqual({ page: 'invite', code: 'a b/c' });
  expect(read(path.guest('a b/c'))).toEqual({ page: 'guest', code: 'a b/c' });
});

it.each(['secret', 'reset', 'link'] as const)('keeps the code of /%s where servers and logs do not see it', (page) => {
  expect(path[page]('a b#c')).toMatch(new RegExp(`^/${page}#`));
  expect(read(path[page]('a b#c'))).toEqual({ page, code: 'a b#c' });
  expect(read(path[page]())).toEqual({ page, code: '' });
});

it('leads home from addresses that mean nothing', () => {
  for (const odd of ['/nowhere', '/room', '/invite', '/guest', '/room/']) {
    expect(routeOf(odd)).toEqual({ page: 'home', lost: true });
  }
  expect(routeOf('//')).toEqual({ page: 'home' });
  expect(routeOf('/admin/nothing/p1')).toEqual({ page: 'admin', section: '', subject: '' });
  expect(routeOf('/settings/nothing')).toEqual({ page: 'settings', section: '' });
  expect(routeOf('/invite/%E0%A4%A')).toEqual({ page: 'invite', code: '%E0%A4%A' });
});
