import { type Stage, settle } from './people.ts';
import { approve, aTaskNamed, block, claim, fail, holdForReview } from './tasks.ts';

/** A page of Markdown with everything that a viewer has to get right, and some things that it must not obey. */
const REPORT = `# Repository summary

The workspace holds **four packages** and \`312\` files. <script>alert('never runs')</script>

| Package | Files | Lines |
| --- | --- | --- |
| core | 118 | 9,410 |
| api | 61 | 4,822 |

1. The contract comes first
2. Each port has one suite
   - and any backend must pass it

> Nothing is approved on the author's word.

\`\`\`ts
export const answer = 42;
\`\`\`

See [the site](https://example.org/docs) or [a trap](javascript:alert(1)). ![pixel](https://example.org/pixel.png)
`;

/** A small world in the middle of its work: one task of every kind. */
export async function scriptWorld(stage: Stage): Promise<void> {
  await settle(stage);
  await stage.store.add(
    [
      aTaskNamed('map-runtime', { title: 'Map the runtime and its data flow' }),
      aTaskNamed('summarise-gaps', { prompt: 'Summarise architecture gaps', depends_on: ['map-runtime'] }),
      aTaskNamed('safety-tests', { prompt: 'Write safety gate tests' }),
      aTaskNamed('repo-maps', { prompt: 'Draft the skill for repo maps' }),
      aTaskNamed('flaky-lock', { prompt: 'Fix the flaky lock test' }),
      aTaskNamed('clean-up', { command: 'rm -rf /', mode: 'local' }),
      aTaskNamed('timeline', { prompt: 'Build the timeline view', depends_on: ['summarise-gaps'] }),
    ],
    'person:cli',
  );
  await approve(stage, 'map-runtime', 'wren', REPORT);
  await holdForReview(stage, 'repo-maps', 'A draft of the skill, three pages long.');
  await fail(stage, 'flaky-lock', 'wren', 'The provider refused the request: the prompt is longer than the model takes');
  await block(stage, 'clean-up', 'moss');
  await claim(stage, 'safety-tests', 'juniper');
}
