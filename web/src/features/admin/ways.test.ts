import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { RelayTest, RelayWay } from '../../wire/protocol.gen';
import { texts } from '../../lib/i18n/areas/relay';
import { adviceOn } from './advice';
import { judge } from './reach';
import { found, verdictOf, wayTo } from './ways';

const way = (state: RelayWay['state']): RelayWay => ({ name: 'udp:3478', kind: 'udp', url: 'turn:x:3478', state });
const test = (...states: RelayWay['state'][]): RelayTest => ({
  relay: 'own',
  host: 'chat.example.org',
  running: false,
  ran_at: 1,
  every_s: 3600,
  ways: states.map(way),
});

describe('a way', () => {
  it('is read from its address', () => {
    expect(wayTo('turn:chat.example.org:3478')).toMatchObject({ kind: 'udp', host: 'chat.example.org', port: 3478 });
    expect(wayTo('turn:chat.example.org:3479?transport=tcp')).toMatchObject({ kind: 'tcp', port: 3479 });
    expect(wayTo('turns:chat.example.org:443?transport=tcp')).toMatchObject({ kind: 'tls', name: 'tls:443' });
    expect(wayTo('turns:turn.example.org?transport=tcp').port).toBe(5349);
    expect(wayTo('turn:[2001:db8::7]:3478')).toMatchObject({ host: '2001:db8::7', port: 3478 });
    expect(wayTo('turn:chat.example.org').port).toBe(3478);
  });

  it('that the server could not open has its port all the same', () => {
    const shut: RelayWay = { name: 'udp:3478', kind: 'udp', url: '', state: 'bad', code: 'port_taken' };
    expect(found(shut)).toMatchObject({ host: '', port: 3478, code: 'port_taken', ms: 0 });
  });
});

describe('all ways together', () => {
  it('are well only where each is', () => {
    expect(verdictOf(test('ok', 'ok'))).toBe('well');
    expect(verdictOf(test('ok', 'bad'))).toBe('some');
    expect(verdictOf(test('here', 'bad'))).toBe('some');
    expect(verdictOf(test('ok', 'here'))).toBe('inside');
    expect(verdictOf(test('bad', 'bad'))).toBe('none');
    expect(verdictOf(test('unknown', 'unknown'))).toBe('unknown');
    expect(verdictOf(test())).toBe('nowhere');
    expect(verdictOf({ ...test(), relay: 'no' })).toBe('off');
    expect(verdictOf({ ...test('unknown'), code: 'broken' })).toBe('broken');
  });
});

describe('what a browser says', () => {
  const said = (errorCode: number) => ({ errorCode, errorText: '' });

  it('is told apart by whether anybody answered', () => {
    expect(judge(0, []).code).toBe('no_answer');
    expect(judge(0, [said(701)]).code).toBe('no_answer');
    expect(judge(0, [said(701), said(401)]).code).toBe('keys_refused');
    expect(judge(0, [said(486)]).code).toBe('full');
    expect(judge(0, [said(437)])).toMatchObject({ code: 'turn_error', detail: '437' });
    expect(judge(2, [said(701)]).code).toBe('no_connection');
  });
});

describe('advice', () => {
  it('stands for every code that the server can say', () => {
    const words = readFileSync(join(import.meta.dirname, '../../../../appliance/features/calls/selftest/words.py'), 'utf8');
    const codes = [...words.split('_STATES')[0]!.matchAll(/^ {4}"(\w+)":/gm)].map(([, code]) => code!);
    expect(codes.length).toBeGreaterThan(15);
    expect(codes.filter((code) => !(`relay.code.${code}` in texts && `relay.fix.${code}` in texts))).toEqual([]);
  });

  it('names the port and what goes by it', () => {
    const silent = { ...wayTo('turn:chat.example.org:3478'), state: 'here' as const, code: 'no_answer' };
    expect(adviceOn(silent)?.fix).toMatch(/port 3478 for UDP.*by its name/);
    expect(adviceOn({ ...silent, state: 'bad' })?.fix).not.toMatch(/by its name/);
    expect(adviceOn({ ...silent, kind: 'tls', state: 'bad' })?.fix).toMatch(/certificate/);
    expect(adviceOn({ ...silent, code: 'from_the_future' })?.what).toBe('The relay refused');
    expect(adviceOn({ ...silent, code: '' })).toBeNull();
  });
});
