import { create } from 'zustand';

interface Open {
  readonly adding: boolean;
  readonly halting: boolean;
  readonly searching: boolean;
  readonly helping: boolean;
  readonly browsing: boolean;
}

/** Which dialog of the shell is open. */
export const useUi = create<Open>(() => ({
  adding: false,
  halting: false,
  searching: false,
  helping: false,
  browsing: false,
}));

export const openAdd = (): void => useUi.setState({ adding: true });
export const openHalt = (): void => useUi.setState({ halting: true });
export const openMenu = (): void => useUi.setState({ searching: true });
export const openHelp = (): void => useUi.setState({ helping: true });
export const openPlaces = (): void => useUi.setState({ browsing: true });
