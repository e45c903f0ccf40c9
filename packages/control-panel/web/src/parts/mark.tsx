import { memo } from 'react';

/** A small generated flower: the same name gives the same one everywhere. */
export const Mark = memo(function Mark({ name, size = 28 }: { name: string; size?: number }) {
  const hash = hashOf(name);
  const hue = hash % 360;
  const petals = 5 + ((hash >>> 9) % 4);
  const width = 13 + ((hash >>> 13) % 6);
  const angles = Array.from({ length: petals }, (_, index) => (360 / petals) * index);
  const colour = `hsl(${hue} 38% 52%)`;
  return (
    <svg aria-hidden="true" width={size} height={size} viewBox="0 0 100 100" className="shrink-0">
      <circle cx="50" cy="50" r="50" fill={colour} opacity="0.16" />
      {angles.map((angle) => (
        <ellipse
          key={angle}
          cx="50"
          cy="30"
          rx={width * 0.62}
          ry="17"
          fill={colour}
          opacity="0.9"
          transform={`rotate(${angle} 50 50)`}
        />
      ))}
      <circle cx="50" cy="50" r="8" fill={`hsl(${(hue + 40) % 360} 60% 78%)`} />
    </svg>
  );
});

function hashOf(text: string): number {
  let hash = 2166136261;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16777619);
  return hash >>> 0;
}
