import { t } from './i18n';

/** How this browser is called in the list of devices: good enough to tell one's own apart. */
export function describeDevice(agent = navigator.userAgent): { device_name: string; device_kind: 'phone' | 'desktop' } {
  const browser =
    (/Edg\//.test(agent) && 'Edge') ||
    (/Firefox\//.test(agent) && 'Firefox') ||
    (/Chrome\//.test(agent) && 'Chrome') ||
    (/Safari\//.test(agent) && 'Safari') ||
    t('app.browser');
  const system =
    (/Android/.test(agent) && 'Android') ||
    (/iPhone|iPad/.test(agent) && 'iOS') ||
    (/Windows/.test(agent) && 'Windows') ||
    (/Mac OS X/.test(agent) && 'Mac') ||
    (/Linux|X11/.test(agent) && 'Linux') ||
    '';
  const phone = /Mobi|Android|iPhone/.test(agent);
  return { device_name: system ? t('app.device', { browser, system }) : browser, device_kind: phone ? 'phone' : 'desktop' };
}
