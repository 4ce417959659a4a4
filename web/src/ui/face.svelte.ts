/** How the community shows itself in place of the house's owl. */
class Face {
  /** The id of its logo; '' for none. */
  logo = $state('');
}

export const face = new Face();

export type LogoForm = 'tile' | 'small' | 'maskable' | 'tab';

/** Where a form of a logo is. */
export const logoAddress = (logo: string, form: LogoForm): string => `/api/logo/${logo}/${form}`;
