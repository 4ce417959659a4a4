import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

beforeEach(() => void vi.resetModules());
afterEach(() => void vi.doUnmock('./i18n/pseudo'));

/** The texts as a device gives them that wants `languages`, after `chosen` was chosen on it. */
async function device(languages: string[], chosen = '') {
  const root = { lang: '', dir: '' };
  vi.stubGlobal('navigator', { languages });
  vi.stubGlobal('document', { documentElement: root });
  vi.stubGlobal('localStorage', { getItem: () => chosen || null });
  const found = await import('./i18n');
  return { ...found, root };
}

describe('the language', () => {
  it.each([
    [['fr-CA', 'de-AT', 'en'], '', 'de', 'de-AT'],
    [['en-GB', 'de'], '', 'en', 'en-GB'],
    [['en-GB', 'de'], 'de', 'de', 'de'],
    [['ja'], '', 'en', 'en'],
    [['de'], 'en', 'en', 'en'],
    [['de'], 'tlh', 'de', 'de'],
    [['constructor'], 'toString', 'en', 'en'],
  ])('of somebody who wants %j and chose "%s" is %s (%s), and known at once', async (wanted, chosen, locale, region) => {
    const said = await device(wanted, chosen);
    expect([said.locale, said.region]).toEqual([locale, region]);
  });

  it('is English without waiting', async () => {
    expect((await device(['en-US'])).ready).toBeUndefined();
  });

  it('has its texts when it is ready', async () => {
    const { t, ready, root } = await device(['de']);
    await ready;
    expect(root).toEqual({ lang: 'de', dir: 'ltr' });
    expect(t('common.cancel')).toBe('Abbrechen');
    expect(t('room.members', { n: 1200 })).toBe('1.200 Mitglieder');
  });

  it('is English where its texts cannot be had', async () => {
    vi.doMock('./i18n/pseudo', () => Promise.reject(new Error('offline')));
    const { t, ready, root } = await device(['en'], 'ar-XB');
    expect(root).toEqual({ lang: 'ar-XB', dir: 'rtl' });
    await ready;
    expect(t('common.cancel')).toBe('Cancel');
    expect(root).toEqual({ lang: 'en', dir: 'ltr' });
  });
});

describe('names in a sentence', () => {
  it('of the other direction do not turn the words around them', async () => {
    const { t, listed } = await device(['en-GB']);
    expect(t('message.person', { name: 'נועה' })).toBe('About \u2068נועה\u2069');
    expect(t('message.person', { name: 'Ada' })).toBe('About Ada');
    expect(listed(['Ada', 'Bela', 'נועה'])).toBe('Ada, Bela and \u2068נועה\u2069');
  });

  it('keep together in a language that runs from right to left', async () => {
    const { t, ready } = await device(['en'], 'ar-XB');
    await ready;
    expect(t('message.person', { name: 'Ada' })).toBe('\u200f\u202eAbout\u202c\u200f \u2068Ada\u2069');
  });
});

describe('the stretched English', () => {
  it('marks every text, and leaves names alone', async () => {
    const { t, ready } = await device(['en'], 'en-XA');
    await ready;
    expect(t('message.person', { name: 'Ada' })).toBe('[Ááƀóóúúţ Ada]');
    expect(t('list.unread', { n: 2 })).toMatch(/^\[2 \P{ASCII}.*\]$/u);
  });
});
