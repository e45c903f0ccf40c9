/** What git itself acts on, at any depth. */
const GIT = ['**/.git', '**/.gitattributes', '**/.gitmodules'];

/** What runs on the machines of a forge when it is pushed. */
const CI = [
  '**/.github/{workflows,actions}',
  '**/.github/{dependabot,renovate}.*',
  '**/codeowners',
  '**/.{gitea,forgejo}/workflows',
  '**/.gitlab-ci*.{yml,yaml}',
  '**/.gitlab',
  '**/.{circleci,buildkite,teamcity,semaphore,woodpecker,ci,builds}',
  '**/.{travis,drone,woodpecker,cirrus,appveyor,build}.{yml,yaml}',
  '**/{appveyor,bitbucket-pipelines,cloudbuild,buildspec}.{yml,yaml}',
  '**/azure-pipelines*.{yml,yaml}',
  '**/jenkinsfile*',
];

/** What runs by itself when the person commits, opens the folder, or changes into it. */
const HOOKS = [
  '**/.{husky,githooks,hooks,git-hooks,lefthook}',
  '**/{githooks,git-hooks}',
  '**/{.,}lefthook*.{yml,yaml,toml,json}',
  '**/.pre-commit-{config,hooks}.{yml,yaml}',
  '**/.overcommit.yml',
  '**/.vscode',
  '**/.devcontainer',
  '**/.devcontainer.json',
  '**/.idea',
];

/** What tells an agent how to behave. */
const INSTRUCTIONS = [
  '**/{agents,agent,claude,gemini,qwen,codex,copilot,warp}{,.local,.override}.md',
  '**/{skill,copilot-instructions}.md',
  '**/.{claude,agents,codex,gemini,qwen,cursor,windsurf,cline,roo,continue,opencode,pi,kiro,amazonq,junie,aider,goose,augment}',
  '**/.{cursor,windsurf,cline,roo,goose,augment}{rules,ignore,hints}*',
  '**/.aider*',
  '**/{.,}mcp.json',
  '**/opencode.json{,c}',
  '**/.github/{instructions,prompts,chatmodes,agents}',
];

/** Names that secrets have. */
export const SECRETS: readonly string[] = [
  '**/.env{,.*}',
  '**/*.env',
  '**/.envrc',
  '**/.{netrc,npmrc,yarnrc,pypirc,pgpass,htpasswd,dockercfg}',
  '**/_netrc',
  '**/.git-credentials',
  '**/*.{pem,key,p12,pfx,jks,keystore,kdbx,ppk,asc,gpg}',
  '**/id_{rsa,dsa,ecdsa,ed25519}*',
  '**/.{ssh,aws,gnupg,kube,azure,docker}',
  '**/{credentials,secrets,service-account*,serviceaccount*}.{json,yaml,yml,toml,ini,xml,properties}',
  '**/{credentials,secrets}',
  '**/internal_execution_token*',
  '**/groq_api_key*',
];
/** Shown to newcomers with no secret in it. */
export const NO_SECRETS: readonly string[] = ['**/.env.{example,sample,template,dist}'];

/** Never, wherever they lie; each list with what it is. All are compared with folded paths. */
export const NEVER: readonly (readonly [because: string, globs: readonly string[]])[] = [
  ['git acts on it', GIT],
  ['it runs at the forge', CI],
  ['it runs by itself on a machine of yours', HOOKS],
  ['it tells agents what to do', INSTRUCTIONS],
];

/** A person looks at these, since they say how everything else is built, fetched or tested. */
export const ASK: readonly (readonly [because: string, globs: readonly string[]])[] = [
  [
    'it belongs to the tests',
    [
      '**/{test,tests,__tests__,spec,specs,__snapshots__,__mocks__,fixtures,testdata,e2e,cypress}/**',
      '**/*.{test,tests,spec,e2e,cy}.*',
      '**/*.snap',
      '**/{test_*,*_test,*_spec,conftest}.*',
      '**/{pytest.ini,tox.ini,noxfile.py,.coveragerc,.mocharc*,.nycrc*,.taprc,.c8rc*}',
      '**/{jest,vitest,karma,playwright,cypress,ava,wdio}.*',
    ],
  ],
  [
    'it says what is installed',
    [
      '**/{package.json,package-lock.json,npm-shrinkwrap.json,yarn.lock,pnpm-lock.yaml,pnpm-workspace.yaml,bun.lock,bun.lockb,deno.json,deno.jsonc,deno.lock}',
      '**/{pyproject.toml,setup.py,setup.cfg,pipfile,pipfile.lock,poetry.lock,uv.lock,pdm.lock,environment.yml}',
      '**/requirements*.{txt,in}',
      '**/constraints*.txt',
      '**/{cargo.toml,cargo.lock,go.mod,go.sum,go.work,go.work.sum,gemfile,gemfile.lock,composer.json,composer.lock,mix.exs,mix.lock}',
      '**/*.lock',
      '**/{node_modules,vendor,third_party,.venv,venv,site-packages,target}/**',
      '**/.{pnpmfile.cjs,yarnrc.yml,nvmrc,node-version,python-version,tool-versions,ruby-version}',
      '**/rust-toolchain*',
    ],
  ],
  [
    'it says how things are built',
    [
      '**/{tsconfig,jsconfig}*.json',
      '**/*.config.{js,cjs,mjs,ts,cts,mts,json}',
      '**/.*rc',
      '**/.*rc.*',
      '**/.cargo/**',
      '**/.config/**',
      '**/{build.rs,build.zig,build.xml,build.sbt,build.gradle*,settings.gradle*,gradle.properties,gradlew*,pom.xml,mvnw*}',
      '**/{makefile,gnumakefile,rakefile,justfile,taskfile.*,dockerfile*,containerfile*,procfile,vagrantfile}',
      '**/{docker-compose,compose}*.{yml,yaml}',
      '**/{cmakelists.txt,meson.build,build,build.bazel,workspace,workspace.bazel,module.bazel}',
      '**/*.{mk,cmake,gradle,sln,csproj,fsproj,vcxproj,props,targets,bzl,nix,gemspec,podspec,cabal,gyp,gypi,pth}',
      '**/{gulpfile,gruntfile,webpack,rollup,esbuild,vite}*.{js,cjs,mjs,ts}',
      '**/{sitecustomize,usercustomize}.py',
    ],
  ],
  ['git and tools leave out what it names', ['**/.gitignore', '**/.*ignore', '**/.editorconfig']],
];

/** Documents by their ending; a program below `docs` is code. */
export const DOCUMENTS: readonly string[] = [
  '**/*.{md,markdown,mdown,txt,rst,adoc,asciidoc,org,textile}',
  '**/{readme,changelog,changes,authors,contributors,history,news,todo}',
];

/** Code that is read by reviewers. `mdx` runs. What is in no list is asked for. */
export const CODE: readonly string[] = [
  '**/*.{js,cjs,mjs,jsx,ts,cts,mts,tsx,vue,svelte,astro,mdx,html,htm,css,scss,sass,less,graphql,gql}',
  '**/*.{py,pyi,rb,php,pl,pm,lua,r,jl,ex,exs,erl,hrl,clj,cljs,cljc,edn,scm,lisp,el,hs,ml,mli,fs,fsi}',
  '**/*.{c,h,cc,cpp,cxx,hh,hpp,hxx,m,mm,rs,go,zig,nim,d,java,kt,kts,scala,groovy,swift,dart,cs,vb,sql,proto,tex}',
];

/** What residents never touch in Vivarium's own repository: the rules they live under, and what judges them. */
export const OWN_NEVER = [
  'config/**',
  'packages/api/src/{gate,local,http}/**',
  'packages/sandbox/**',
  'packages/changes/**',
  'packages/core/src/domain/{safety,review,gates,budget,changes,improve}/**',
  'packages/core/src/domain/social/**/{numbers,taint}.ts',
  'packages/core/src/{ports,stores}/{log,economy,budget,changes}/**',
  'packages/storage-files/src/{log,economy,budget,changes}/**',
  'scripts/**',
  'bench/**',
  'tests/**',
];
