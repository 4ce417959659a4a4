import type { Calls, Devices } from './shapes';

/** Before anything is known of either. */
export const NO_CALLS: Calls = { current: null, incoming: [], elsewhere: [], start: () => Promise.resolve() };

export const NO_DEVICES: Devices = {
  microphones: [],
  cameras: [],
  speakers: [],
  microphone: '',
  camera: '',
  speaker: '',
  canChooseSpeaker: false,
  level: 0,
  preview: null,
  trouble: '',
  chooseMicrophone: () => undefined,
  chooseCamera: () => undefined,
  chooseSpeaker: () => undefined,
  open: () => Promise.resolve(),
  close: () => undefined,
  tryOut: () => undefined,
};
