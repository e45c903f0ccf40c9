import type { MarkedToken, Token, Tokens } from 'marked';
import { Fragment, memo, type ReactNode } from 'react';
import { legible } from '../state/legible.ts';
import { lexed } from './bounded-lexer.ts';
import { Frame } from './frame.tsx';
import { Long } from './long.tsx';

/**
 * Markdown written by residents, as elements. Nothing is ever set as HTML: markup in the text is shown as text, pictures
 * become links, and a link goes nowhere but to http and https. A text that cannot be laid out in a moment stands as it was
 * written.
 */
export const Markdown = memo(function Markdown({ text }: { text: string }) {
  const tokens = lexed(legible(text));
  const written = <AsWritten text={text} />;
  if (tokens === undefined) return written;
  return (
    <Frame instead={written}>
      <div className="flex flex-col gap-2.5 break-words leading-6">{blocks(tokens)}</div>
    </Frame>
  );
});

function AsWritten({ text }: { text: string }) {
  return (
    <div className="flex flex-col gap-1.5">
      <p className="text-[12.5px] text-dim">Shown as plain text: it is too long or too tangled to be laid out.</p>
      <Code text={text} wrap />
    </div>
  );
}

function blocks(tokens: readonly Token[]): ReactNode {
  return tokens.map((token, index) => <Fragment key={index}>{isKnown(token) ? block(token) : token.raw}</Fragment>);
}

/** Marked's own tokens; what an extension would make is not among them, and no extension is used. */
const isKnown = (token: Token): token is MarkedToken => KNOWN.has(token.type);
const KNOWN: ReadonlySet<string> = new Set<MarkedToken['type']>([
  ...(['heading', 'paragraph', 'list', 'list_item', 'code', 'blockquote', 'table', 'hr', 'space', 'def', 'html'] as const),
  ...(['text', 'strong', 'em', 'del', 'codespan', 'br', 'link', 'image', 'escape', 'checkbox'] as const),
]);

function block(token: MarkedToken): ReactNode {
  switch (token.type) {
    case 'heading':
      return heading(token);
    case 'paragraph':
      return <p>{inlines(token.tokens)}</p>;
    case 'list':
      return list(token);
    case 'code':
      return <Code text={token.text} />;
    case 'blockquote':
      return <blockquote className="border-l-2 border-line pl-3 text-dim">{blocks(token.tokens)}</blockquote>;
    case 'table':
      return table(token);
    case 'hr':
      return <hr className="border-line" />;
    case 'space':
    case 'def':
    case 'checkbox':
      return null;
    case 'text':
      return 'tokens' in token && token.tokens ? inlines(token.tokens) : token.raw;
    default:
      return <p className="whitespace-pre-wrap">{token.raw}</p>;
  }
}

const LEVELS = [
  ['h3', 'text-[17px]'],
  ['h4', 'text-[15.5px]'],
  ['h5', 'text-[14.5px]'],
] as const;
const DEEPEST = ['h6', 'text-[13.5px]'] as const;

/** Headings of a text stand below those of the page. */
function heading({ depth, tokens }: Tokens.Heading): ReactNode {
  const [Tag, size] = LEVELS[depth - 1] ?? DEEPEST;
  return <Tag className={`mt-1 font-semibold ${size}`}>{inlines(tokens)}</Tag>;
}

function list({ ordered, items, start }: Tokens.List): ReactNode {
  const children = items.map((item, index) => (
    <li key={index}>
      {item.task ? <span aria-hidden>{item.checked ? '☑ ' : '☐ '}</span> : null}
      {blocks(item.tokens)}
    </li>
  ));
  if (!ordered) return <ul className="list-disc pl-5">{children}</ul>;
  return (
    <ol start={typeof start === 'number' ? start : 1} className="list-decimal pl-6">
      {children}
    </ol>
  );
}

function table({ header, rows }: Tokens.Table): ReactNode {
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Table">
      <table className="border-collapse text-[13px]">
        <thead>
          <tr>
            {header.map((cell, index) => (
              <th key={index} scope="col" className="border-b border-line py-1 pr-4 text-left font-medium">
                {inlines(cell.tokens)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} className="border-b border-line py-1 pr-4 align-top">
                  {inlines(cell.tokens)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function inlines(tokens: readonly Token[] | undefined): ReactNode {
  return tokens?.map((token, index) => <Fragment key={index}>{isKnown(token) ? inline(token) : token.raw}</Fragment>);
}

function inline(token: MarkedToken): ReactNode {
  switch (token.type) {
    case 'strong':
      return <strong className="font-semibold">{inlines(token.tokens)}</strong>;
    case 'em':
      return <em>{inlines(token.tokens)}</em>;
    case 'del':
      return <del>{inlines(token.tokens)}</del>;
    case 'codespan':
      return <code className="rounded bg-bg px-1 font-mono text-[12.5px]">{token.text}</code>;
    case 'br':
      return <br />;
    case 'checkbox':
      return null;
    case 'link':
      return <SafeLink href={token.href}>{inlines(token.tokens)}</SafeLink>;
    case 'image':
      return <SafeLink href={token.href}>{token.text || token.href}</SafeLink>;
    case 'text':
      return token.tokens ? inlines(token.tokens) : plain(token.text);
    case 'escape':
      return token.text;
    default:
      return token.raw;
  }
}

function SafeLink({ href, children }: { href: string; children: ReactNode }) {
  if (!/^https?:\/\//i.test(href)) return <span title={href}>{children}</span>;
  return (
    <a href={href} target="_blank" rel="noreferrer noopener nofollow" className="text-leaf underline underline-offset-2">
      {children}
    </a>
  );
}

/** Text as it stands, in a box that scrolls by itself. */
export function Code({ text, wrap = false }: { text: string; wrap?: boolean }) {
  return (
    <Long text={text}>
      {(shown) => (
        <pre
          tabIndex={0}
          className={`max-h-[28rem] overflow-auto rounded-lg border border-line bg-bg p-3 font-mono text-[12.5px] leading-5 ${wrap ? 'whitespace-pre-wrap break-words' : ''}`}
        >
          {shown}
        </pre>
      )}
    </Long>
  );
}

const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };

function plain(text: string): string {
  return text.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity);
}
