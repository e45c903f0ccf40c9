import { create } from 'zustand';

export type Theme = 'system' | 'light' | 'dark';
const KEY = 'vivarium_theme';
const systemDark = matchMedia('(prefers-color-scheme: dark)');

/** The chosen theme and whether that comes to dark at this moment. */
export const useTheme = create<{ theme: Theme; dark: boolean }>(() => {
  const theme = stored();
  return { theme, dark: isDark(theme) };
});

/** Switch to the other of light and dark; the choice that the system would make is remembered as `system`. */
export function toggleTheme(): void {
  const dark = !useTheme.getState().dark;
  const theme: Theme = dark === systemDark.matches ? 'system' : dark ? 'dark' : 'light';
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // The choice then lasts as long as the page.
  }
  show(theme);
}

systemDark.addEventListener('change', () => show(useTheme.getState().theme));

function show(theme: Theme): void {
  const dark = isDark(theme);
  document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
  useTheme.setState({ theme, dark });
}

function isDark(theme: Theme): boolean {
  return theme === 'dark' || (theme === 'system' && systemDark.matches);
}

function stored(): Theme {
  try {
    const value = localStorage.getItem(KEY);
    return value === 'light' || value === 'dark' ? value : 'system';
  } catch {
    return 'system';
  }
}
