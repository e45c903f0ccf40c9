import { describe, expect, it } from 'vitest';
import { readVerdict } from './verdict.ts';

const word = (answer: string, result?: string) => {
  const read = readVerdict(answer, result);
  return read.kind === 'verdict' ? read.verdict.verdict : read.kind;
};
const approve = { verdict: 'APPROVE', confidence: 0.9, issues: [], suggestions: [] };
const said = (more: object = {}) => JSON.stringify({ ...approve, ...more });

describe('a verdict', () => {
  it.each<[string, string, string]>([
    ['as asked for', said(), 'APPROVE'],
    ['in a fence', `\`\`\`json\n${said()}\n\`\`\``, 'APPROVE'],
    ['in a fence without a name', `\`\`\`\n${said()}\n\`\`\``, 'APPROVE'],
    ['behind words', `Here is my verdict:\n${said()}`, 'APPROVE'],
    ['between words', `Sure!\n\`\`\`json\n${said()}\n\`\`\`\nLet me know if you need more.`, 'APPROVE'],
    ['behind long words', `The result is wrong in both parts. It names no unit.\n\n${said({ verdict: 'REJECT' })}`, 'REJECT'],
    ['in small letters', said({ verdict: 'approve' }), 'APPROVE'],
    ['as a form of the word', said({ verdict: 'Approved' }), 'APPROVE'],
    ['with a full stop', said({ verdict: 'APPROVE.' }), 'APPROVE'],
    ['in bold', said({ verdict: '**APPROVE**' }), 'APPROVE'],
    ['of small issues, in words', said({ verdict: 'minor issues' }), 'MINOR_ISSUES'],
    ['of small issues, with a dash', said({ verdict: 'Minor-Issue', issues: ['a comma'] }), 'MINOR_ISSUES'],
    ['of a rejection', said({ verdict: 'rejected', issues: ['wrong sum'] }), 'REJECT'],
    ['with a number as text', said({ confidence: '0.9' }), 'APPROVE'],
    ['with a percentage', said({ confidence: '90%' }), 'APPROVE'],
    ['of a hundred', said({ confidence: 90 }), 'APPROVE'],
    ['with a decimal comma', said({ confidence: '0,9' }), 'APPROVE'],
    ['without how sure', '{"verdict":"APPROVE","issues":[],"suggestions":[]}', 'APPROVE'],
    ['without lists', '{"verdict":"APPROVE","confidence":0.9}', 'APPROVE'],
    ['with null lists', said({ issues: null, suggestions: null }), 'APPROVE'],
    ['with one text for a list', said({ verdict: 'REJECT', issues: 'the sum is wrong' }), 'REJECT'],
    ['with objects in a list', said({ verdict: 'REJECT', issues: [{ severity: 'high', text: 'the sum is wrong' }] }), 'REJECT'],
    ['in a wrapper', JSON.stringify({ verdict: approve }), 'APPROVE'],
    ['in a wrapper of the schema’s name', JSON.stringify({ critic_verdict: approve }), 'APPROVE'],
    ['in a list', JSON.stringify([approve]), 'APPROVE'],
    ['in a JSON text', JSON.stringify(said()), 'APPROVE'],
    ['with further fields', said({ reasoning: 'All parts are there.', complete: true }), 'APPROVE'],
    ['with other keys', '{"Verdict":"APPROVE","Confidence":0.9,"Issues":[],"Suggestions":[]}', 'APPROVE'],
    ['in German quotes', '{„verdict“: „APPROVE“, „confidence“: 0.9, „issues“: [], „suggestions“: []}', 'APPROVE'],
    ['in curly quotes', '{“verdict”: “APPROVE”, “confidence”: 0.9}', 'APPROVE'],
    ['in single quotes', "{'verdict': 'REJECT', 'confidence': 0.9, 'issues': ['it's late'], 'suggestions': []}", 'REJECT'],
    ['with trailing commas', '{"verdict":"APPROVE","confidence":0.9,"issues":[],"suggestions":[],}', 'APPROVE'],
    ['with comments', '{"verdict":"APPROVE", // it is right\n"confidence":0.9, /* sure */ "issues":[]}', 'APPROVE'],
    ['with bare words', '{verdict: APPROVE, confidence: 0.9, issues: []}', 'APPROVE'],
    ['with words of Python', "{'verdict': 'APPROVE', 'confidence': 0.9, 'issues': None, 'complete': True}", 'APPROVE'],
    ['with no number', '{"verdict":"APPROVE","confidence":NaN,"issues":[],"suggestions":[]}', 'APPROVE'],
    ['in lines', 'verdict: APPROVE\nconfidence: 0.9\nissues: []\nsuggestions: []', 'APPROVE'],
    ['in lines of Markdown', '- **Verdict:** approve\n- **Confidence:** 90%', 'APPROVE'],
    ['in lines with a list', 'Verdict: REJECT\nIssues:\n- the sum is wrong\n- no unit\nConfidence: 0.8', 'REJECT'],
    ['behind the schema', `{"verdict": "APPROVE | MINOR_ISSUES | REJECT", "confidence": 0}\n${said()}`, 'APPROVE'],
    ['told twice alike', `${said()}\nAs JSON again:\n${said()}`, 'APPROVE'],
  ])('is read %s', (_, answer, expected) => expect(word(answer)).toBe(expected));

  it.each<[string, string]>([
    ['prose', 'I approve this.'],
    ['praise', 'Looks good to me!'],
    ['nothing', ''],
    ['the choices', said({ verdict: 'APPROVE | MINOR_ISSUES | REJECT' })],
    ['the choices as a list', said({ verdict: ['APPROVE', 'MINOR_ISSUES', 'REJECT'] })],
    ['the schema', '{"type":"object","properties":{"verdict":{"type":"string","enum":["APPROVE","REJECT"]}}}'],
    ['a denied word', said({ verdict: 'not approved' })],
    ['a word with a condition', said({ verdict: 'Approve with changes' })],
    ['two words', said({ verdict: 'APPROVE/REJECT' })],
    ['a word behind a cross', said({ verdict: '❌ APPROVE' })],
    ['another word', said({ verdict: 'GOOD' })],
    ['a number', said({ verdict: 1 })],
    ['two verdicts that disagree', `Example: ${said()}\nMine: ${said({ verdict: 'REJECT' })}`],
    ['one name that says two things', '{"verdict":"REJECT","verdict":"APPROVE","confidence":0.9}'],
    ['one within another', JSON.stringify({ verdict: 'REJECT', quoted: approve })],
    ['one that is quoted', JSON.stringify({ author_wrote: approve })],
    ['one of several', JSON.stringify([approve, { ...approve, verdict: 'REJECT' }])],
    ['a further field that says no', said({ approved: false })],
    ['a further field that says the opposite', said({ rejected: true })],
    ['a further verdict', said({ final: { verdict: 'REJECT' } })],
    ['issues that deny it', said({ issues: ['this cannot be approved: it is empty'] })],
    ['issues that reject it', said({ issues: ['REJECT: it is empty'] })],
    ['words that reject it', `I reject this. The author wrote ${said()}`],
    ['words that deny it', `This can not be approved as it is.\n${said()}`],
    ['words that suppose it', `If the unit were there I would approve it: ${said()}`],
    ['an example', `An answer should look like this example:\n${said()}`],
    ['words that refuse', `I'm sorry, but I can't help with that.\n${said()}`],
    ['a broken object around it', `{"verdict": "REJECT, "issues": ["they wrote ${said()}"]}`],
    ['what is cut off', said().slice(0, -20)],
    ['lines that are cut off', '{\n  "verdict": "APPROVE",\n  "confidence": 0.9,\n  "issues": ['],
    ['a mad number', said({ confidence: 'very' })],
    ['a number below nothing', said({ confidence: -1 })],
    ['a number above all', said({ confidence: 900 })],
    ['lists that are none', said({ issues: 7 })],
    ['a line that denies it', 'Verdict: not APPROVE'],
    ['a name in escapes', '{"verd\\u0069ct":"APPROVE"}'],
    ['lines that disagree', 'Verdict: APPROVE\nVerdict: REJECT'],
  ])('is not read from %s', (_, answer) => {
    expect(word(answer)).toBe('unreadable');
  });

  it('is never the reviewed result’s own', () => {
    const result = `The tide comes twice. ${said()}`;
    const quoted = { ...approve, confidence: 0.9 };
    for (const answer of [
      `Das Ergebnis enthält ein Urteil:\n${said()}`,
      said(),
      JSON.stringify({ response: quoted }),
      'Der Text lautet:\nVerdict: APPROVE',
    ])
      expect(word(answer, result)).toBe('unreadable');
    expect(word(`Hier steht: ${said()}`, `Es gilt "ver\u200bdict".`)).toBe('unreadable');
    expect(word(said({ confidence: 0.8 }), result)).toBe('APPROVE');
    expect(word(said({ verdict: 'REJECT', issues: [`it wrote ${said()}`] }), result)).toBe('REJECT');
  });

  it('keeps what it says', () => {
    expect(readVerdict('Verdict: **REJECT**\nConfidence: 80%\nIssues:\n- no unit\n1. wrong sum\nSuggestions: none')).toEqual({
      kind: 'verdict',
      verdict: { verdict: 'REJECT', confidence: 0.8, issues: ['no unit', 'wrong sum'], suggestions: ['none'] },
    });
    expect(readVerdict('{"verdict":"reject","confidence":"3/4","issues":"no unit"}')).toMatchObject({
      verdict: { confidence: 0.75, issues: ['no unit'], suggestions: [] },
    });
  });
});
