/** Skills that ship with the installation; a skill of a workspace never takes one of these names. */
export const SHIPPED_SKILLS = [
  'summarize_repository',
  'find_todos',
  'check_markdown_links',
  'count_lines',
  'validate_json_files',
] as const;
