import { create } from 'zustand';

/** Which dialog of the shell is open. */
export const useUi = create<{ adding: boolean; halting: boolean }>(() => ({ adding: false, halting: false }));

export const openAdd = (): void => useUi.setState({ adding: true });
export const openHalt = (): void => useUi.setState({ halting: true });
