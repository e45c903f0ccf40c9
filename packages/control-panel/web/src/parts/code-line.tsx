import { memo } from 'react';
import { piecesOf } from '../state/pieces.ts';

/** A line of somebody's code as it is: never markup, never a link, and whatever nobody would see as a mark. */
export const CodeLine = memo(function CodeLine({ text }: { text: string }) {
  return (
    <bdi>
      {piecesOf(text).map((piece, index) =>
        piece.mark === undefined ? (
          piece.text
        ) : (
          <mark
            key={index}
            title="A character that cannot be seen, or passes for another"
            className="mx-px rounded bg-warn/20 px-0.5 text-[10.5px] font-semibold text-warn"
          >
            {piece.mark}
          </mark>
        ),
      )}
    </bdi>
  );
});
