/** The browser's part of passkeys (WebAuthn Level 3), as JSON text in and out. */
import { t } from './i18n/areas/security';

type Json = Record<string, unknown>;

/** Nobody chose a passkey, or it took too long. Nothing to complain about. */
export class PasskeyPutAway extends Error {}

/** The keeper has a passkey for this account already. */
export class PasskeyKnown extends Error {
  readonly text = t('passkey.known');
}

/** Whether this browser can, at this address: passkeys belong to a name, not to a number, and need https. */
export function passkeysWork(): boolean {
  return isSecureContext && 'PublicKeyCredential' in globalThis && !/^[\d.]+$|:/.test(location.hostname);
}

/** Whether the browser offers passkeys where one types the name. */
export async function offersPasskeys(): Promise<boolean> {
  return passkeysWork() && ((await PublicKeyCredential.isConditionalMediationAvailable?.()) ?? false);
}

/** A new passkey; `options` is PublicKeyCredentialCreationOptionsJSON. */
export async function makePasskey(options: string): Promise<string> {
  const wanted = JSON.parse(options) as Json & { user: Json; excludeCredentials?: Json[] };
  const publicKey = {
    ...wanted,
    challenge: bytesOf(wanted.challenge),
    user: { ...wanted.user, id: bytesOf(wanted.user.id) },
    excludeCredentials: wanted.excludeCredentials?.map(named),
  } as unknown as PublicKeyCredentialCreationOptions;
  const made = await told(() => navigator.credentials.create({ publicKey }));
  const { clientDataJSON, attestationObject } = made.response as AuthenticatorAttestationResponse;
  return answer(made, { clientDataJSON: textOf(clientDataJSON), attestationObject: textOf(attestationObject) });
}

/** Proof by a passkey; `options` is PublicKeyCredentialRequestOptionsJSON. `quietly`: waits until one is chosen
 *  where the name is typed. */
export async function usePasskey(
  options: string,
  { quietly = false, signal }: { quietly?: boolean; signal?: AbortSignal } = {},
): Promise<string> {
  const wanted = JSON.parse(options) as Json & { allowCredentials?: Json[] };
  const publicKey = {
    ...wanted,
    challenge: bytesOf(wanted.challenge),
    allowCredentials: wanted.allowCredentials?.map(named),
  } as unknown as PublicKeyCredentialRequestOptions;
  const mediation = quietly ? 'conditional' : 'optional';
  const used = await told(() => navigator.credentials.get({ publicKey, mediation, signal }));
  const { clientDataJSON, authenticatorData, signature, userHandle } = used.response as AuthenticatorAssertionResponse;
  return answer(used, {
    clientDataJSON: textOf(clientDataJSON),
    authenticatorData: textOf(authenticatorData),
    signature: textOf(signature),
    userHandle: userHandle ? textOf(userHandle) : null,
  });
}

async function told(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const found = await ask();
    if (found) return found as PublicKeyCredential;
  } catch (thrown) {
    const name = thrown instanceof DOMException ? thrown.name : '';
    if (name === 'InvalidStateError') throw new PasskeyKnown();
    if (name !== 'NotAllowedError' && name !== 'AbortError') throw thrown;
  }
  throw new PasskeyPutAway();
}

function answer({ id, rawId, type }: PublicKeyCredential, response: Json): string {
  return JSON.stringify({ id, rawId: textOf(rawId), type, response });
}

function named(credential: Json): Json {
  return { ...credential, id: bytesOf(credential.id) };
}

/** Base64url (RFC 4648, 5) without padding, both ways. */
export function bytesOf(text: unknown): Uint8Array<ArrayBuffer> {
  const plain = atob(String(text).replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}

export function textOf(bytes: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(plain).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
