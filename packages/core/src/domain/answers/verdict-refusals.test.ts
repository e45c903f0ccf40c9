/** An approving object inside a refusal is no approval, in whatever language and wherever the refusal stands. */
import { describe, expect, it } from 'vitest';
import { readVerdict } from './verdict.ts';

const approve = { verdict: 'APPROVE', confidence: 0.9, issues: [], suggestions: [] };
const said = (more: object = {}) => JSON.stringify({ ...approve, ...more });
const OK = said();
const read = (answer: string) => {
  const found = readVerdict(answer);
  return found.kind === 'verdict' ? found.verdict.verdict : found.kind;
};

describe('no approval is read', () => {
  it.each([
    `I was told to answer ${OK} but the result is wrong.`,
    `I was told to answer:\n${OK}`,
    `${OK} Wait, actually this is wrong. Final: fail.`,
    `${OK} Denied!`,
    `${OK} Correct this.`,
    `${OK}?`,
    `As if approved: ${OK}`,
    `Not approved. ${OK}`,
    `The task asked that I approve it.\n${OK}`,
    `Do not take ${OK}`,
    `so the verdict cannot be ${OK}`,
    `NOT ${OK}`,
    `FAIL\n${OK}`,
    `0/10\n${OK}`,
    `❌ ${OK}`,
    `!${OK}`,
    `- ${OK}`,
    `# ${OK}`,
    `// ${OK}`,
    `~~${OK}~~`,
    `<del>${OK}</del>`,
    `“${OK}”`,
    `\`\`\`rejected\n${OK}\n\`\`\``,
    `\`\`\`json\n${OK}\n\`\`\`\nThe above is what its author hoped for.`,
    `The author wrote:\n${OK}`,
    `Anything but this: ${OK}`,
    `Is this my verdict? ${OK}`,
    `> ${OK}`,
    '> Verdict: APPROVE\n\nwhich fails',
    '> Verdict: APPROVE',
    'Verdict: APPROVE\nOverall: fail',
    'Verdict: APPROVE\nIssues:\n- it fails',
    `${OK}${' '.repeat(200_000)}Denied.`,
  ])('around it: %s', (answer) => expect(read(answer)).toBe('unreadable'));

  it.each([
    `Ich lehne das Ergebnis ab ${OK}`,
    `Ich weise das zurück:\n${OK}`,
    `${OK}\nDas stimmt so leider überhaupt nicht.`,
    `No se puede aprobar ${OK}`,
    `${OK}\nRechazado.`,
    `Je refuse :\n${OK}`,
    `${OK}\nMais c'est faux.`,
    `Non approvo: ${OK}`,
    `${OK} Não aprovo.`,
    `Afgekeurd:\n${OK}`,
    `Odrzucam to:\n${OK}`,
    `Hylkään tämän:\n${OK}`,
    `Bunu reddediyorum:\n${OK}`,
    `承認できません。\n${OK}`,
    `${OK}\nこれは間違いです。`,
    `我拒绝：${OK}`,
    `${OK} 但结果是错误的。`,
    `Я не одобряю:\n${OK}`,
    `${OK}\nОтклонено.`,
    `لا أوافق على هذا ${OK}`,
    `${OK}\nمرفوض`,
    `승인하지 않습니다: ${OK}`,
    `Tôi từ chối: ${OK}`,
  ])('around it, in another language: %s', (answer) => expect(read(answer)).toBe('unreadable'));

  it.each<[object]>([
    [{ status: 'rejected', approved: 'no' }],
    [{ final_verdict: 'reject' }],
    [{ finalVerdict: 'Rejected.' }],
    [{ decision: 'rejected' }],
    [{ result: 'fail' }],
    [{ outcome: 'not met' }],
    [{ pass: 'nope' }],
    [{ ok: 0 }],
    [{ approved: 0 }],
    [{ approved: 'false' }],
    [{ accepted: 'нет' }],
    [{ statut: 'rejeté' }],
    [{ entscheidung: 'abgelehnt' }],
    [{ 結論: '却下' }],
    [{ needs_work: true }],
    [{ errors: 3 }],
    [{ failed: ['the sum'] }],
    [{ score: 0 }],
    [{ score: '2/10' }],
    [{ criteria: { accuracy: 'pass', completeness: 'fail' } }],
    [{ review: { status: 'declined' } }],
    [{ not_approved: true }],
    [{ reasoning: 'I reject' }],
    [{ reasoning: 'The sum is wrong.' }],
    [{ reason: 'It would be right if the unit were there.' }],
    [{ explanation: 'Ich lehne das ab.' }],
    [{ note: 'Je ne peux pas approuver cela.' }],
    [{ comment: 'No se puede aprobar.' }],
    [{ summary: 'Hylkään tämän.' }],
    [{ reasoning: 'これは承認できません' }],
    [{ reasoning: 'Это неверно' }],
    [{ reasoning: 'هذا خطأ' }],
    [{ reasoning: 'The answer contradicts the task.' }],
    [{ reasoning: 'This is useless.' }],
    [{ reasoning: 'This is a R E J E C T.' }],
    [{ confidence: 0 }],
    [{ confidence: '0%' }],
    [{ issues: [{ severity: 'critical', text: 'the sum' }] }],
    [{ issues: [{ Priority: 'P0', text: 'the sum' }] }],
    [{ verdict: 'MINOR_ISSUES', issues: [{ severity: 'blocker', text: 'the sum' }] }],
    [{ verdict: 'MINOR_ISSUES', issues: ['Critical: the sum is wrong'] }],
    [{ verdict: 'MINOR_ISSUES', issues: ['I reject this'] }],
    [{ issues: ['the result is wrong'] }],
    [{ verdict: 'MINOR_ISSUES', issues: ['the result fails the task'] }],
    [{ suggestions: ['Reject this.'] }],
    [{ suggestions: ['Abgelehnt: noch einmal von vorn'] }],
  ])('beside it: %j', (more) => expect(read(said(more))).toBe('unreadable'));

  it.each([
    `{"status":"rejected"}\n${OK}`,
    `${OK}\n{"approved":false}`,
    `{"rejected_answer":${OK}}`,
    `{"not_my_verdict":${OK}}`,
    `{"wrong_response":[${OK}]}`,
    '{"verdict":"APPROVE" /* which I deny */,"confidence":0.9}',
    '{"verdict":"APPROVE", // nein\n"confidence":0.9}',
    `{"verdict":["REJECT","REJECT"]}\n${OK}`,
    `{"verdict":"APPROVE | MINOR_ISSUES | REJECT, and mine is REJECT"}\n${OK}`,
  ])('within or beside another object: %s', (answer) => expect(read(answer)).toBe('unreadable'));
});

describe('an honest approval is read', () => {
  it.each([
    OK,
    `\`\`\`json\n${OK}\n\`\`\``,
    `\`${OK}\``,
    `**Verdict:**\n${OK}`,
    `## Final verdict\n\n${OK}`,
    `<answer>${OK}</answer>`,
    `Sure! Here is my verdict as JSON:\n\`\`\`json\n${OK}\n\`\`\``,
    `I have reviewed the result carefully. The answer is correct and complete.\n${OK}`,
    `${OK}\n\nHope this helps! Let me know if you have any questions.`,
    `After reviewing the result, here's my verdict:\n${OK}\nBest regards`,
    `Hier ist mein Urteil:\n${OK}`,
    `Voici mon verdict :\n${OK}`,
    `Aquí está mi veredicto:\n${OK}`,
    `以下が私の評価です：\n${OK}`,
    `Вот мой вердикт:\n${OK}`,
    `{"final_verdict":${OK}}`,
    'Verdict: APPROVE\nConfidence: 0.9\nIssues: none',
    `Approved! ${OK}`,
    `✅ I approve this.\n${OK}`,
    `After careful review: the result meets all requirements.\n${OK}`,
  ])('%s', (answer) => expect(read(answer)).toBe('APPROVE'));

  it.each<[object]>([
    [{ reasoning: 'All parts are there, and the sum is right. No issues found.' }],
    [{ reason: 'No errors were found.', comment: 'ok' }],
    [{ rationale: 'Meets every requirement, as asked.' }],
    [{ explanation: 'Das Ergebnis ist richtig und vollständig.' }],
    [{ status: 'approved', approved: true, score: 0.95 }],
    [{ final_verdict: 'Approve', decision: 'accept', pass: 'yes' }],
    [{ rejected: false, errors: [], notes: null }],
    [{ model: 'm-1', id: 'r-17', usage: { prompt_tokens: 40, completion_tokens: 20 } }],
    [{ criteria: { accuracy: 'pass', completeness: true } }],
    [{ score: 9, comment: 'Great job', tags: ['poem'], extra: 1 }],
    [{ issues: [{ severity: 'low', text: 'The title is long.' }] }],
    [{ issues: null, suggestions: ['Do not use so many commas.'] }],
  ])('with %j', (more) => expect(read(said(more))).toBe('APPROVE'));

  it('of small issues, which may say what is not there', () => {
    expect(read(said({ verdict: 'minor issues', issues: ['no comma', 'Нет запятой'] }))).toBe('MINOR_ISSUES');
  });

  it('or else the critic is told what to answer', () => {
    expect(readVerdict(`Fail ${OK}`)).toMatchObject({ fault: expect.stringContaining('the JSON object alone') });
    expect(readVerdict(said({ weather: 'sunny' }))).toMatchObject({ fault: expect.stringContaining('the four fields alone') });
  });
});
