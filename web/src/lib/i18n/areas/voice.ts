/** Voice messages and holding to talk. */
import { area } from '..';

export const texts = {
  'voice.play': 'Play',
  'voice.pause': 'Pause',
  'voice.seek': 'Position',
  'voice.seek.value': '{at} of {of}',
  'voice.speed': 'Speed {n}x',
  'voice.unheard': 'Not listened to yet',
  'voice.heard': 'Listened to',
  'voice.heard.many': { one: 'Listened to by {n}', other: 'Listened to by {n}' },
  'voice.lost': 'This cannot be played right now.',
  'voice.length': 'Voice message, {of}',
  'voice.recording': 'Recording',
  'voice.locked': 'Recording goes on',
  'voice.live': '{name} hears you',
  'voice.slide': 'Slide to cancel',
  'voice.lock': 'Slide up to lock',
  'voice.letGo': 'Let go to cancel',
  'voice.cancel': 'Discard recording',
  'voice.finish': 'Send recording',
  'voice.cancelled': 'Recording discarded',
  'voice.short': 'Hold while you talk, and let go to send.',
  'voice.short.mouse': 'Press and hold while you talk, and let go to send.',
  'voice.short.key': 'Hold the space bar while you talk, or press Enter to begin and to send.',
  'voice.denied': 'SafeVoice may not use the microphone. Allow it in the settings of this site.',
  'voice.missing': 'No microphone was found.',
  'voice.busy': 'Something else is using the microphone.',
  'voice.insecure': 'Browsers allow the microphone only over https.',
  'voice.unsupported': 'This browser cannot record what SafeVoice can play.',
  'voice.full': 'This device has no room for the recording.',
  'voice.most': 'Five minutes is as long as it gets.',
  'voice.speaking': '{name} is talking',
  'voice.stop': 'Stop listening',
} as const;

export const t = area(texts);
