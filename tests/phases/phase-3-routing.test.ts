import { type RoutableSkill, routeTask, toolContextBlock } from '@vivarium/core';
import { describe, expect, it } from 'vitest';

const skill = (name: string, description: string, keywords: string): RoutableSkill => ({
  name,
  version: '1.0.0',
  kind: 'prompt',
  status: 'active',
  origin: 'person',
  description,
  keywords: keywords.split(' '),
  when_to_use: [],
  when_not: [],
});
/** The six skills of the predecessor, with the purposes and keywords it gave them. */
const SKILLS = [
  skill('add_test_coverage', 'Produce focused pytest cases', 'pytest test coverage regression'),
  skill('read_json_safe', 'Read a JSON file', 'json read parse'),
  skill('write_json_safe', 'Write a JSON file', 'json write save'),
  skill('validate_python_syntax', 'Compile check of Python code', 'python syntax validate compile'),
  skill('run_command', 'Run a command without a shell', 'shell command execute'),
  skill('safe_dict_get', 'Nested lookup with a default', 'dict nested safe get'),
];

describe('phase 3: the predecessor’s routing vectors, restated', () => {
  it.each([
    ['Please run read_json_safe on config', 'exact', 'read_json_safe'],
    ['Please run READ_JSON_SAFE on config', 'exact', 'read_json_safe'],
    ['Read the JSON config `config.json` and parse it', 'semantic', 'read_json_safe'],
    ['Validate the Python syntax of `main.py`', 'semantic', 'validate_python_syntax'],
    ['Execute the shell command `ls docs`', 'semantic', 'run_command'],
  ] as const)('%s → %s %s', (text, route, tool_name) => {
    const found = routeTask(text, undefined, SKILLS);
    expect(found).toMatchObject({ route, tool_name });
    expect(found.tool_confidence).toBeGreaterThanOrEqual(route === 'exact' ? 1 : 0.55);
  });

  // There a part of a word was enough: "share" held "sha", "important" held "import".
  it.each([
    'share the results',
    'flatten the list',
    'important thing to do',
    'Explain why read_json_safe is called so',
    'get some rest',
  ])('%s → generate', (text) => {
    expect(routeTask(text, undefined, SKILLS)).toMatchObject({ route: 'generate', tool_confidence: 0 });
  });

  it('keeps the documented form of the block before a task', () => {
    const route = routeTask('Please run read_json_safe on config', undefined, SKILLS);
    const block = toolContextBlock(route, { description: 'Read a JSON file', body: 'return read(path);' }, 'Read it');
    expect(block.split('\n')[0]).toContain('RELEVANT TOOL CONTEXT');
    expect(block).toMatch(
      /TOOL_NAME: read_json_safe\n[\s\S]*TOOL_CONFIDENCE: 1\.00\n[\s\S]*return read\(path\);[\s\S]*\nTASK:\nRead it/,
    );
  });
});
