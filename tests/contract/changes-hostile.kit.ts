import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { git } from './changes-kit.ts';

const HOOKS = `applypatch-msg pre-applypatch post-applypatch pre-commit pre-merge-commit prepare-commit-msg commit-msg post-commit
  pre-rebase post-checkout post-merge pre-push pre-receive update proc-receive post-receive post-update reference-transaction
  push-to-checkout pre-auto-gc post-rewrite sendemail-validate fsmonitor-watchman post-index-change`;
const ALIASES =
  'fetch update-ref rev-parse update-index ls-files check-attr cat-file ls-tree hash-object read-tree write-tree merge-tree diff-tree commit-tree upload-pack index-pack unpack-objects pack-objects rev-list maintenance gc';

/** What of a repository's configuration runs a program, with `EVIL` for one that leaves a mark. */
const CONFIG = `
[core]
	fsmonitor = EVIL fsmonitor
	sshCommand = EVIL ssh
	gitProxy = EVIL proxy
	editor = EVIL editor
	pager = EVIL pager
	askPass = EVIL askpass
	alternateRefsCommand = EVIL alternates
	attributesFile = HERE/attributes
	autocrlf = true
	untrackedCache = true
	logAllRefUpdates = always
[filter "evil"]
	clean = EVIL clean
	smudge = EVIL smudge
	process = EVIL process
	required = true
[diff]
	external = EVIL diff
[diff "evil"]
	command = EVIL diff-driver
	textconv = EVIL textconv
[merge "evil"]
	driver = EVIL merge %O %A %B
[merge]
	renormalize = true
[gpg]
	program = EVIL gpg
[gpg "ssh"]
	program = EVIL gpg-ssh
	defaultKeyCommand = EVIL gpg-key
[commit]
	gpgSign = true
[tag]
	gpgSign = true
[credential]
	helper = !EVIL credential
[uploadpack]
	packObjectsHook = EVIL pack
[sequence]
	editor = EVIL sequence
[gc]
	auto = 1
	recentObjectsHook = EVIL recent
[maintenance]
	auto = true
[fetch]
	recurseSubmodules = true
	prune = true
	writeCommitGraph = true
	bundleURI = ext::EVIL bundle
[protocol]
	allow = always
[protocol "ext"]
	allow = always
[submodule "sub"]
	url = ext::EVIL submodule
	update = !EVIL update
	active = true
[trailer "sign"]
	command = EVIL trailer
	cmd = EVIL trailer
[pager]
	fetch = EVIL pager
	log = EVIL pager
[interactive]
	diffFilter = EVIL interactive
[tar "evil"]
	command = EVIL tar
[remote "origin"]
	url = ext::EVIL origin
	uploadpack = EVIL uploadpack
	vcs = evil
`;
const REMOTE = (address: string) => `
[remote "${address}"]
	uploadpack = EVIL uploadpack
	receivepack = EVIL receivepack
	fetch = +refs/*:refs/heads/stolen/*
	fetch = +refs/*:refs/tags/stolen/*
	prune = true
	tagOpt = --tags
	proxy = ext::EVIL proxy
`;

/** A repository in which everything that git could run leaves a mark. */
export interface Hostile {
  /** What has run since the last look. */
  marks(): string;
  /** Further words for `.git/config`. */
  configure(text: string): void;
}

/** `addresses`: under which git may meet this repository or ours as a remote. */
export function makeHostile(repository: string, place: string, addresses: readonly string[]): Hostile {
  mkdirSync(place, { recursive: true });
  const evil = join(place, 'evil');
  const marks = join(place, 'marks');
  writeFileSync(evil, `#!/bin/sh\necho "$0 $*" >> ${marks}\ncat 2>/dev/null\n`);
  chmodSync(evil, 0o755);
  const gitDir = join(repository, '.git');
  const hooks = join(gitDir, 'hooks');
  mkdirSync(hooks, { recursive: true });
  for (const name of HOOKS.split(/\s+/)) {
    writeFileSync(join(hooks, name), `#!/bin/sh\nexec ${evil} ${name} </dev/null\n`);
    chmodSync(join(hooks, name), 0o755);
  }
  const attributes = '* filter=evil diff=evil merge=evil ident text eol=crlf\n';
  for (const file of [join(place, 'attributes'), join(gitDir, 'info', 'attributes')]) {
    mkdirSync(join(gitDir, 'info'), { recursive: true });
    writeFileSync(file, attributes);
  }
  const lent = join(place, 'lent');
  mkdirSync(lent);
  git(lent, ['init', '-q', '--bare', '.']);
  mkdirSync(join(gitDir, 'objects', 'info'), { recursive: true });
  writeFileSync(join(gitDir, 'objects', 'info', 'alternates'), `${lent}/objects\n`);
  const configure = (text: string) =>
    appendFileSync(join(gitDir, 'config'), text.replaceAll('EVIL', evil).replaceAll('HERE', place));
  configure(
    CONFIG +
      addresses.map(REMOTE).join('') +
      ALIASES.split(' ')
        .map((name) => `[alias]\n\t${name} = !EVIL alias\n`)
        .join(''),
  );
  return {
    configure,
    marks() {
      const said = existsSync(marks) ? readFileSync(marks, 'utf8') : '';
      rmSync(marks, { force: true });
      return said;
    },
  };
}
