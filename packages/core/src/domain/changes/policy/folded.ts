/**
 * What a path comes to where letters of either case, composed or not, are the same file: without characters that nobody
 * sees (HFS), trailing dots and blanks, names of streams and the short names of git's own files (NTFS).
 * For prohibitions alone: two paths that fold to the same are treated alike.
 */
export const foldedPath = (path: string): string => path.split('/').map(foldedComponent).join('/');

const SHORT_NAMES: Readonly<Record<string, string>> = {
  git: '.git',
  gitmod: '.gitmodules',
  gitatt: '.gitattributes',
  gitign: '.gitignore',
};

function foldedComponent(part: string): string {
  const plain = part
    .normalize('NFC')
    .replace(/\p{DI}/gu, '')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFC');
  const name = plain.replace(/:.*$/s, '').replace(/[. ]+$/, '');
  const short = /^(git|gitmod|gitatt|gitign)~[0-9]$/.exec(name)?.[1];
  return (short && SHORT_NAMES[short]) || name || plain;
}
