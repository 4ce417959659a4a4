/** Settings: profile, sign-in and security, devices, privacy, apps, data. */
import { area } from '..';

export const texts = {
  'settings.profile': 'Profile',
  'settings.guest.join': 'Become a member',
  'settings.guest.note': 'You are a guest in one room. As a member you keep what you wrote and see the rest of the place.',
  'settings.security': 'Sign-in and security',
  'settings.devices': 'Devices',
  'settings.privacy': 'Privacy',
  'settings.notifications': 'Notifications',
  'settings.calls': 'Calls',
  'settings.credits': 'Credits',
  'settings.access': 'Apps and tokens',
  'settings.storage': 'Storage',
  'settings.data': 'Your data',
  'settings.signsInAs': 'Signs in as {name}',
  'settings.look': 'Look and language',
  'settings.look.lead': 'On this device.',
  'settings.theme': 'Light or dark',
  'settings.theme.system': 'System',
  'settings.theme.light': 'Light',
  'settings.theme.dark': 'Dark',
  'settings.contrast': 'High contrast',
  'settings.contrast.hint': 'Darker letters, lines around everything that can be pressed.',
  'settings.contrast.asked': 'Your system asks for it everywhere.',
  'settings.version': 'SafeVoice {version}',
  'settings.signOut': 'Sign out',
  'settings.signOut.text': 'Everything that this browser keeps of SafeVoice is wiped.',
  'settings.unsent.title': {
    one: '{n} message is not sent yet',
    other: '{n} messages are not sent yet',
  },
  'settings.unsent.text': 'If you sign out now, what is not sent is lost for good.',
  'settings.unsent.confirm': 'Sign out and lose them',
  'settings.unsent.stay': 'Stay signed in',
} as const;

export const t = area(texts);
