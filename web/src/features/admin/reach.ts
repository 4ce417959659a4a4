/** Two ends in this page that may only use one way to the relay: how long until one hears the other. */
export type Trouble = 'keys_refused' | 'full' | 'no_answer' | 'turn_error' | 'no_connection' | 'no_webrtc';

/** `code`: '' where it worked, in `ms`; `detail`: what the browser said of it. */
export interface Reached {
  ms: number;
  code: Trouble | '';
  detail: string;
}

/** What a browser says of a server that gave it no address (RTCPeerConnectionIceErrorEvent). */
export interface IceTrouble {
  errorCode: number;
  errorText: string;
}

const WITHIN = 10_000;
/** Not of STUN: the browser reached nobody. */
const REACHED_NOBODY = 701;

/** `given`: how many addresses the server gave both ends together. */
export function judge(given: number, troubles: readonly IceTrouble[]): Reached {
  if (given) return wrong('no_connection');
  const told = troubles.find(({ errorCode }) => errorCode < REACHED_NOBODY) ?? troubles[0];
  if (!told || told.errorCode >= REACHED_NOBODY) return wrong('no_answer', told?.errorText);
  const detail = `${told.errorCode} ${told.errorText}`.trim();
  if (told.errorCode === 401 || told.errorCode === 438) return wrong('keys_refused', detail);
  return wrong(told.errorCode === 486 || told.errorCode === 508 ? 'full' : 'turn_error', detail);
}

/** Never throws. `over` ends it. */
export async function reach(server: RTCIceServer, over: AbortSignal): Promise<Reached> {
  if (!('RTCPeerConnection' in window)) return wrong('no_webrtc');
  const began = performance.now();
  const only: RTCConfiguration = { iceServers: [server], iceTransportPolicy: 'relay', bundlePolicy: 'max-bundle' };
  let ends: RTCPeerConnection[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const troubles: IceTrouble[] = [];
  let given = 0;
  try {
    const [ada, ben] = [new RTCPeerConnection(only), new RTCPeerConnection(only)];
    ends = [ada, ben];
    return await new Promise<Reached>((resolve) => {
      const give = (): void => resolve(judge(given, troubles));
      for (const [end, other] of [[ada, ben], [ben, ada]] as const) {
        end.onicecandidate = ({ candidate }) => {
          if (!candidate?.candidate) return;
          given++;
          other.addIceCandidate(candidate).catch(give);
        };
        end.onicecandidateerror = (error) => troubles.push(error);
        end.onicegatheringstatechange = () => {
          if (end.iceGatheringState === 'complete' && !given) give();
        };
        end.oniceconnectionstatechange = () => {
          if (end.iceConnectionState === 'failed') give();
        };
      }
      const channel = ada.createDataChannel('test');
      channel.onopen = () => channel.send('hello');
      ben.ondatachannel = ({ channel: theirs }) => {
        theirs.onmessage = () => resolve({ ms: Math.round(performance.now() - began), code: '', detail: '' });
      };
      over.addEventListener('abort', give);
      timer = setTimeout(give, WITHIN);
      agree(ada, ben).catch(give);
    });
  } catch (error) {
    return wrong('no_webrtc', String(error));
  } finally {
    clearTimeout(timer);
    for (const end of ends) end.close();
  }
}

/** Each end knows the other before it looks for addresses, so that none of them comes too early. */
async function agree(ada: RTCPeerConnection, ben: RTCPeerConnection): Promise<void> {
  const offer = await ada.createOffer();
  await ben.setRemoteDescription(offer);
  await ada.setLocalDescription(offer);
  const answer = await ben.createAnswer();
  await ada.setRemoteDescription(answer);
  await ben.setLocalDescription(answer);
}

function wrong(code: Trouble, detail = ''): Reached {
  return { ms: 0, code, detail };
}
