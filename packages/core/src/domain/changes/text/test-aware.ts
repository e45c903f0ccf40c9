/** What programs look at to learn that they are being tested, or where nobody watches. */
const MARKERS: readonly RegExp[] = [
  /\b(?:NODE_TEST_CONTEXT|VITEST(?:_WORKER_ID|_POOL_ID|_MODE)?|JEST_WORKER_ID|PYTEST_CURRENT_TEST|PYTEST_VERSION|CARGO_TARGET_TMPDIR|GITHUB_ACTIONS)\b/,
  /\bNODE_ENV\b.*['"`]test\b|['"`]test['"`].*\bNODE_ENV\b/,
  /\b(?:env|environ|getenv|env::var)\b.*\bCI\b/,
  /import\.meta\.vitest|\btesting\.Testing\(\)|\bcfg!?\(\s*(?:not\(\s*)?test\b|['"](?:pytest|unittest)['"]\s+in\s+sys\.modules/,
  /\bprocess\.(?:argv|execArgv)\b|\bsys\.argv\b|require\.main\b/,
  /\/proc\/(?:self|\d|\$)|\bptrace\b|\bprocess\.(?:exit|reallyExit|abort|kill|ppid)\b|\bos\._exit\b|\bprocess::(?:exit|abort)\b/,
];

/** Lines (counted from 1) that a change brings and that look at who runs the code, or end it. Tests cannot judge those. */
export function testAwareLines(before: string | undefined, after: string): readonly number[] {
  const known = new Set(before?.split('\n'));
  return after
    .split('\n')
    .flatMap((line, at) => (!known.has(line) && MARKERS.some((marker) => marker.test(line)) ? [at + 1] : []));
}
